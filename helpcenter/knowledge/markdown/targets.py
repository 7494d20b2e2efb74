"""Where references lead once pages, images and files have keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from helpcenter.knowledge.markdown.inline import tidy
from helpcenter.knowledge.markdown.nodes import Span, Spans


@dataclass
class Targets:
    """Primary keys by path in the folder. What has none is told once, and its text is kept."""

    pages: Mapping[str, int] = field(default_factory=dict)
    images: Mapping[str, int] = field(default_factory=dict)
    files: Mapping[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def image(self, reference: str) -> int | None:
        """Key of an image."""
        return self._find(self.images, reference, "image")

    def file(self, reference: str) -> int | None:
        """Key of a file; an image that is linked to is one too."""
        return self._find(self.files, reference, "file")

    def page(self, reference: str) -> int | None:
        """Key of a page."""
        return self._find(self.pages, reference.partition("#")[0], "page")

    def _find(self, keys: Mapping[str, int], reference: str, what: str) -> int | None:
        path = reference.partition(":")[2]
        key = keys.get(path)
        message = f"The {what} {path} was not imported; what refers to it stays as text."
        if key is None and message not in self.warnings:
            self.warnings.append(message)
        return key

    def address(self, href: str) -> str:
        """A link with keys in place of paths; "" when there is no such page or file."""
        scheme, _, path = href.partition(":")
        if scheme == "page":
            key, (_, mark, fragment) = self.page(href), path.partition("#")
            return f"page:{key}{mark}{fragment}" if key else ""
        if scheme in ("file", "image"):
            key = self.file(href)
            return f"file:{key}" if key else ""
        return href

    def bind(self, spans: Spans) -> Spans:
        """Running text with its links bound."""
        if not any(span.href for span in spans):
            return spans
        return tidy(replace(span, href=self.address(span.href)) if span.href else span for span in spans)

    def label(self, text: str, href: str) -> Spans:
        """A text that links to a reference, as far as it leads somewhere."""
        return tidy([Span(text, (), self.address(href))])
