"""What is found in a PDF: seals and time stamps. Nothing here needs pyHanko, which takes long to import."""

import json
from base64 import b64encode
from dataclasses import asdict, dataclass, field

NOT_PDF, ENCRYPTED, BROKEN = "not_pdf", "encrypted", "broken"


@dataclass(frozen=True, slots=True)
class Trust:
    """Certificates in DER: those that seal for the vendor, and those of authorities whose time stamps count."""

    for_seals: tuple[bytes, ...] = ()
    for_stamps: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time stamp: of which authority, at which time in ISO 8601; sound: it is of exactly these bytes."""

    authority: str
    at: str
    is_sound: bool
    is_trusted: bool


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal: whose, at which time by its own word, and whether anything changed, in it or after it.

    `is_ours`: by a certificate of the vendor that was good at that time.
    """

    by: str
    at: str
    is_ours: bool
    is_intact: bool
    is_changed_after: bool

    @property
    def is_sound(self) -> bool:
        """Whether it is ours and the file is as it was sealed."""
        return self.is_ours and self.is_intact and not self.is_changed_after


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found; `problem` says why nothing could be."""

    problem: str = ""
    seals: list[Seal] = field(default_factory=list)
    stamps: list[Stamp] = field(default_factory=list)


def asked(content: bytes, trust: Trust) -> bytes:
    """What `inspecting` reads in a process of its own."""
    roots = {name: [b64encode(root).decode() for root in roots] for name, roots in asdict(trust).items()}
    return json.dumps(roots).encode() + b"\n" + content


def answered(output: bytes) -> Findings:
    """What it wrote. Raises ValueError where it did not come to its end."""
    said = json.loads(output)
    return Findings(
        said["problem"], [Seal(**seal) for seal in said["seals"]], [Stamp(**stamp) for stamp in said["stamps"]]
    )
