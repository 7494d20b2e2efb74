"""What a text knows of the place it is read from."""

from dataclasses import dataclass, field


@dataclass
class Surroundings:
    """Resolves what a text refers to, and collects what to tell its author. This one leaves every address as it is."""

    warnings: list[str] = field(default_factory=list)

    def link(self, href: str) -> str:
        """The reference for an address; empty when it leads nowhere."""
        return href

    def image(self, src: str) -> str:
        """The reference for the address of an image; empty when there is none."""
        return src

    def is_large(self, src: str) -> bool:
        """Whether the image of a reference is too large to be a sign within a sentence."""
        return False

    def piece(self, path: str) -> str | None:
        """The text of a piece that is to be included; None when there is none."""
        return None

    def warn(self, message: str) -> None:
        """Remember a message, once."""
        if message not in self.warnings:
            self.warnings.append(message)
