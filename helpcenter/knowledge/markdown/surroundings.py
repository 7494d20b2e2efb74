"""A source file's place in its folder."""

from urllib.parse import urlsplit

from helpcenter.knowledge.markdown.decoding import decode
from helpcenter.knowledge.markdown.errors import UnreadableSource
from helpcenter.knowledge.markdown.folder import SourceFolder, is_article, is_image
from helpcenter.knowledge.markdown.frontmatter import split
from helpcenter.knowledge.markdown.pictures import is_large
from helpcenter.knowledge.markdown.reading import Surroundings

ELSEWHERE = ("http", "https", "mailto", "tel", "ftp")


class FolderSurroundings(Surroundings):
    """Resolves addresses to files of the folder; what is missing is told and nothing outside is ever read."""

    def __init__(self, folder: SourceFolder, origin: str) -> None:
        super().__init__()
        self.folder = folder
        self.origin = origin
        self._large: dict[str, bool] = {}

    def link(self, href: str) -> str:
        """A page, image or file of the folder; "" for what is missing; addresses elsewhere as they are."""
        parts = urlsplit(href)
        if parts.scheme in ELSEWHERE or href.startswith("#"):
            return href
        if parts.netloc:
            return f"https:{href}"
        found = self.folder.find(self.origin, href)
        if found is None:
            self.warn(f"The link to {href} leads to no file of the folder; its text is kept.")
            return ""
        if found.endswith("/") or is_article(found):
            return f"page:{found}" + (f"#{parts.fragment}" if parts.fragment else "")
        return f"image:{found}" if is_image(found) else f"file:{found}"

    def image(self, src: str) -> str:
        """An image of the folder; "" for what is missing or elsewhere."""
        if src.startswith("data:"):
            self.warn("An image within the text itself is left out; its description is kept.")
            return ""
        if urlsplit(src).netloc:
            self.warn(f"The image {src} is elsewhere; it is kept as a link.")
            return ""
        found = self.folder.find(self.origin, src)
        if found is None or not is_image(found):
            self.warn(f"The image {src} is no image of the folder; its description is kept.")
            return ""
        return f"image:{found}"

    def is_large(self, src: str) -> bool:
        """Whether the picture is more than a sign."""
        path = src.removeprefix("image:")
        if path not in self._large:
            self._large[path] = is_large(self.folder.files[path])
        return self._large[path]

    def piece(self, path: str) -> str | None:
        """The text of a piece beside the file, in an include folder above it, or from the root."""
        for place in ("include/", "includes/", "/include/", "/includes/", "", "/"):
            name = self.folder.find_file(self.origin, place + path)
            if name and is_article(name):
                try:
                    return split(decode(self.folder.read(name))[0])[1]
                except UnreadableSource as error:
                    self.warn(f"The piece {path}: {error.message}")
        return None
