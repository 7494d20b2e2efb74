"""A folder of sources: what lies in it, what an address in one of its files means, and nothing outside of it."""

import os
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from posixpath import normpath
from urllib.parse import unquote

from helpcenter.knowledge.markdown.decoding import printable
from helpcenter.knowledge.markdown.errors import UnreadableSource

ARTICLES = (".md", ".markdown", ".mdx")
IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")
INDEXES = ("index", "readme", "_index")
PIECES = {"include", "includes", "_include", "_includes", "partials", "_partials", "snippets", "_snippets"}
IGNORED = {"node_modules", "__pycache__"}
LARGEST_TEXT = 5_000_000


@dataclass
class SourceFolder:
    """Files below a folder by their paths from it, with slashes. Links that lead out of it are listed as refused."""

    root: Path
    files: dict[str, Path] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    @classmethod
    def scan(cls, root: Path) -> "SourceFolder":
        """List a folder. Raises UnreadableSource when it is none."""
        if not root.is_dir():
            raise UnreadableSource(f"{root} is not a folder.")
        folder = cls(root.resolve())
        for place, names, files in os.walk(folder.root):
            names[:] = sorted(name for name in names if not name.startswith(".") and name not in IGNORED)
            for name in [*files, *(name for name in names if Path(place, name).is_symlink())]:
                folder._add(Path(place, name))
        folder.files = dict(sorted(folder.files.items()))
        return folder

    def _add(self, path: Path) -> None:
        name = path.relative_to(self.root).as_posix()
        if printable(name) != name:
            self.refused[printable(name)] = (
                "Its name holds characters that are none of Unicode's, or control characters."
            )
        elif path.is_symlink() and not path.resolve().is_relative_to(self.root):
            self.refused[name] = "It is a link to a place outside of the folder."
        elif path.is_file() and (not path.name.startswith(".") or path.name.lower() in ARTICLES):
            self.files[name] = path

    @cached_property
    def articles(self) -> list[str]:
        """Files that are articles or describe a folder, in the order of their names."""
        return [path for path in self.files if is_article(path) and not is_piece(path)]

    @cached_property
    def pieces(self) -> list[str]:
        """Files that others include and that are no articles themselves."""
        return [path for path in self.files if is_piece(path)]

    @cached_property
    def topics(self) -> list[str]:
        """Folders that hold articles, those above before those below; each ends with a slash."""
        found = {f"{parent}/" for path in self.articles for parent in PurePosixPath(path).parents if str(parent) != "."}
        return sorted(found)

    @cached_property
    def indexes(self) -> dict[str, str]:
        """The file that describes a folder, by folder; that of the root has the key ""."""
        found: dict[str, str] = {}
        for path in sorted(self.articles, key=_index_rank):
            if _index_rank(path) <= len(INDEXES):
                found.setdefault(folder_of(path), path)
        return found

    @cached_property
    def _by_name(self) -> dict[str, str]:
        names = {path.lower(): path for path in reversed(self.files)}
        return {**{topic.rstrip("/").lower(): topic for topic in self.topics}, **names}

    def read(self, path: str, limit: int = LARGEST_TEXT) -> bytes:
        """Bytes of a file. Raises UnreadableSource when it is too large or cannot be read."""
        try:
            size = self.files[path].stat().st_size
            if size > limit:
                raise UnreadableSource(f"It has {size / 1_000_000:.1f} MB; {limit / 1_000_000:.0f} MB are the most.")
            return self.files[path].read_bytes()
        except OSError as error:
            raise UnreadableSource(f"It cannot be read: {error.strerror}.") from error

    def find(self, origin: str, address: str) -> str | None:
        """The file, or the folder with a slash behind it, that an address in the file `origin` means.

        Taken as a browser takes it, from the file's place or from the root; an address that would lead out of the
        folder is looked for within it, and so is one from the root of the site that the folder came from. Case does
        not matter.
        """
        return next((self.topic_of(path) for path in self._matches(origin, address) if not is_piece(path)), None)

    def find_file(self, origin: str, address: str) -> str | None:
        """The file that an address means, be it only a piece."""
        return next(iter(self._matches(origin, address)), None)

    def _matches(self, origin: str, address: str) -> list[str]:
        path = unquote(re.split(r"[?#]", address, maxsplit=1)[0]).replace("\\", "/")
        if not path or "\0" in path:
            return []
        place = "" if path.startswith("/") else folder_of(origin)
        within = normpath(f"/{place}{path}".replace("//", "/")).lstrip("/").lower()
        outside = normpath(f"{place}{path.lstrip('/')}").startswith("..")
        names = [within]
        if path.startswith("/") or outside:
            names += _without_beginning(normpath("/" + re.sub(r"^(?:\.*/)+", "", path)).lstrip("/").lower())
        return [found for name in names for found in self._named(name)]

    def _named(self, name: str) -> list[str]:
        stem = re.sub(r"\.html?$", "", name)
        wanted = [name, *(stem + ending for ending in ARTICLES), stem]
        return [self._by_name[option] for option in wanted if option in self._by_name]

    def topic_of(self, path: str) -> str:
        """The folder that a file describes, else the file itself."""
        place = folder_of(path)
        return place if place and self.indexes.get(place) == path else path


def _index_rank(path: str) -> int:
    """How well a file describes its folder: by its name, or, last, by having the folder's own."""
    pure = PurePosixPath(path)
    if pure.stem.lower() in INDEXES:
        return INDEXES.index(pure.stem.lower())
    return len(INDEXES) + (pure.stem.lower() != pure.parent.name.lower())


def _without_beginning(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[cut:]) for cut in range(len(parts)) if cut < 2 or len(parts) - cut >= 2]


def is_article(path: str) -> bool:
    """Whether the name is that of a Markdown file."""
    return path.lower().endswith(ARTICLES)


def stem_of(path: str) -> str:
    """The name of a file without its ending, or that of a folder; "" for a file that is called nothing but ".md"."""
    name = path.rstrip("/").rsplit("/", 1)[-1]
    if path.endswith("/"):
        return name
    return "" if name.lower() in ARTICLES else PurePosixPath(name).stem


def is_image(path: str) -> bool:
    """Whether the name is that of an image."""
    return path.lower().endswith(IMAGES)


def is_piece(path: str) -> bool:
    """Whether a Markdown file is only there to be included, by the customs of Zulip, DocFX, Jekyll and Docusaurus."""
    pure = PurePosixPath(path)
    if not is_article(path):
        return False
    named = pure.name.startswith("_") and pure.stem.lower() not in INDEXES
    return named or any(part.lower() in PIECES for part in pure.parts[:-1])


def folder_of(path: str) -> str:
    """The folder of a file, with a slash behind it; "" for the root."""
    place, slash, _name = path.rpartition("/")
    return place + slash
