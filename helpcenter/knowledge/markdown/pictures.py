"""What can be told of an image file before it is taken."""

from io import BytesIO
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from helpcenter.knowledge.markdown.errors import UnreadableSource

# Signs within a sentence are as high as a button at most.
HIGHEST_SIGN = 64
PNG = b"\x89PNG\r\n\x1a\n"
# Notes of drawing programs, which some write in a way that readers of PNG refuse: https://www.w3.org/TR/png-3/#11textinfo
NOTES = {b"tEXt", b"zTXt", b"iTXt"}


def is_large(path: Path) -> bool:
    """Whether a picture is to be looked at, not read as a sign within a sentence; only the head of the file is read."""
    try:
        with Image.open(path) as image:
            return image.height > HIGHEST_SIGN
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        # What is wrong with a damaged one is told when it is taken; drawings are signs in most texts.
        return path.suffix.lower() != ".svg"


def repaired(content: bytes) -> tuple[bytes, str]:
    """An image that can be read, and its format in small letters; notes that spoil a PNG are left out.

    Raises UnreadableSource.
    """
    for attempt in (content, without_notes(content)):
        try:
            with Image.open(BytesIO(attempt)) as image:
                return attempt, str(image.format).lower()
        except (OSError, ValueError, Image.DecompressionBombError):
            continue
    raise UnreadableSource("It is no image, or a damaged one.")


def without_notes(content: bytes) -> bytes:
    """A PNG without its text chunks; other content as it is."""
    if not content.startswith(PNG):
        return content
    kept, start = [PNG], len(PNG)
    while start + 12 <= len(content):
        end = start + 12 + int.from_bytes(content[start : start + 4], "big")
        if content[start + 4 : start + 8] not in NOTES:
            kept.append(content[start:end])
        start = end
    return b"".join(kept)
