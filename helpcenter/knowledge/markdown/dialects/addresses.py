"""Addresses of files with spaces in their names, which by the standard would be no addresses."""

import re

from helpcenter.knowledge.markdown.dialects.fences import rewrite_lines, substitute

SPACED = re.compile(r"(!?\[[^\]\n]*\])\([ \t]*(?P<path>[^()<>\"'\s][^()<>\"'\n]*[ ][^()<>\"'\n]*\.\w{2,5})[ \t]*\)")


def rewrite(text: str) -> str:
    """Put such addresses into angle brackets."""
    if "](" not in text:
        return text
    return rewrite_lines(text, lambda line: substitute(SPACED, _bracketed, line))


def _bracketed(found: re.Match[str]) -> str:
    return f"{found[1]}(<{found['path']}>)"
