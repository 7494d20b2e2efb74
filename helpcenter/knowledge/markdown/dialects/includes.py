"""Text that several articles share: `{!piece.md!}` (Python-Markdown) and `[!INCLUDE [name](piece.md)]` (DocFX)."""

import re

from helpcenter.knowledge.markdown.dialects.fences import rewrite_lines, substitute
from helpcenter.knowledge.markdown.reading import Surroundings

WHOLE_LINE = re.compile(r"^(?P<indent>[ \t]*)\{!\s*(?P<path>[^{}!]+?)\s*!\}[ \t]*$")
WITHIN_LINE = re.compile(r"(?<!\\)\{!\s*(?P<path>[^{}!]+?)\s*!\}")
DOCFX = re.compile(r"\[!INCLUDE\s*\[(?P<label>[^\]]*)\]\s*\((?P<path>[^()]*)\)\s*\]", re.IGNORECASE)
DEEPEST = 8


def expand(text: str, around: Surroundings, depth: int = 0) -> str:
    """Put the pieces in; a piece that is missing, or holds itself, leaves its name and a warning."""
    if "{!" not in text and "[!INCLUDE" not in text.upper():
        return text

    def piece_of(path: str, label: str) -> str:
        piece = around.piece(path) if depth < DEEPEST else None
        if piece is None:
            around.warn(f"The included piece {path} is missing; its name stands in its place.")
            return label if label and " " in label else name_of(path)
        return expand(piece.strip("\n"), around, depth + 1)

    def line(source: str) -> str:
        whole = WHOLE_LINE.match(source)
        if whole:
            lines = piece_of(whole["path"], "").split("\n")
            return "\n".join(whole["indent"] + line if line else line for line in lines)
        source = substitute(WITHIN_LINE, lambda found: piece_of(found["path"], ""), source)
        return substitute(DOCFX, lambda found: piece_of(found["path"], found["label"]), source)

    return rewrite_lines(text, line)


def name_of(path: str) -> str:
    """The words in the name of a file."""
    stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return re.sub(r"[-_\s]+", " ", stem).strip()
