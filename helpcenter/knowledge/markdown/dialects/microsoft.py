"""DocFX as Microsoft's documentation uses it: layout in `:::` marks.

Alerts, videos and tabs are read from the parsed text.
"""

import re
import textwrap

from helpcenter.knowledge.markdown.dialects.fences import rewrite_lines, substitute

IMAGE = re.compile(r":::image\s+(?P<settings>[^\n]*?):::(?:[ \t]*$)?", re.IGNORECASE)
SETTING = re.compile(r'([\w-]+)\s*=\s*"([^"]*)"')
LAYOUT = re.compile(
    r"^[ \t]*:::\s*(?:row|column|moniker|zone|image)(?:-end|\s[^\n]*?)?\s*:{0,3}[ \t]*$|^[ \t]*:::\s*image-end\s*:::",
    re.IGNORECASE,
)
COLUMN = re.compile(r"(?ims)^[ \t]*:::\s*column[^\n]*:::[ \t]*\n(?P<content>.*?)^[ \t]*:::\s*column-end\s*:::[ \t]*$")
STRAY = re.compile(r"^(\s*!\[[^\]]*\]\([^()]*\)):::[ \t]*$")
# By the standard this is a comment that ends at once; those who write it go on to the next end of one.
OPEN_COMMENT = re.compile(r"<!-->(?=.*?-->)", re.DOTALL)
CODE_FILE = re.compile(r"\[!CODE(?:-\w+)?\s*\[(?P<label>[^\]]*)\]\((?P<path>[^()]*)\)\]", re.IGNORECASE)


def rewrite(text: str) -> str:
    """Turn image marks into images, take layout marks and the indentation of columns away, keep comments hidden."""
    text = OPEN_COMMENT.sub("<!-- ", text)
    if ":::" not in text and "[!CODE" not in text.upper():
        return text
    text = COLUMN.sub(lambda column: "\n" + textwrap.dedent(column["content"]) + "\n", text)
    return rewrite_lines(text, _rewrite_line)


def _rewrite_line(line: str) -> str:
    line = substitute(IMAGE, _image, line)
    if LAYOUT.match(line):
        return ""
    line = substitute(CODE_FILE, lambda code: f"[{code['label'] or code['path']}]({code['path']})", line)
    return STRAY.sub(r"\1", line)


def _image(mark: re.Match[str]) -> str:
    settings = dict(SETTING.findall(mark["settings"]))
    if not settings.get("source"):
        return mark[0]
    alt = settings.get("alt-text", "").replace("[", "(").replace("]", ")")
    return f"![{alt}](<{settings['source']}>)"
