"""Small folders of sources for tests."""

from pathlib import Path

from helpcenter.knowledge.markdown.document import Document, read_document
from helpcenter.knowledge.markdown.folder import SourceFolder
from tests.helpcenter.knowledge.markdown.round_trip import Blocks, blocks_of

# A picture of one pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)


def write_files(root: Path, files: dict[str, str | bytes]) -> Path:
    """Write files by their paths below a folder."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def read_one(root: Path, text: str | bytes, **others: str | bytes) -> Document:
    """The document of a file "page.md" with this content; others by name, a dot written as two underscores."""
    named = {name.replace("__", "."): content for name, content in others.items()}
    write_files(root, {"page.md": text, **named})
    return read_document(SourceFolder.scan(root), "page.md")


def blocks_from(root: Path, text: str | bytes, **others: str | bytes) -> Blocks:
    """The blocks of such a file, with keys from 1 for what it refers to."""
    return blocks_of(read_one(root, text, **others).nodes)
