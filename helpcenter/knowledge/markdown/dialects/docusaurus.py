"""Docusaurus and MDX: module lines, tabs and comments of JSX."""

import re

from helpcenter.knowledge.markdown.dialects.fences import rewrite_lines

MODULES = re.compile(r"\A(?:\s*import\s+(?:[\w*{][^\n]*\s+from\s+)?['\"][^'\"\n]+['\"];?[ \t]*(?:\n|\Z))+")
TAB = re.compile(r"^\s*<TabItem\b(?P<settings>[^>]*)>\s*$")
LABEL = re.compile(r"(label|value)=[{]?[\"']([^\"']+)[\"']")
END_OF_TAB = re.compile(r"^\s*</TabItem>\s*$")
TABS = re.compile(r"^\s*</?Tabs\b[^>]*>\s*$")
COMMENT = re.compile(r"^\s*\{/\*.*\*/\}\s*$")


def rewrite(text: str) -> str:
    """Turn tabs into folds, drop modules and comments."""
    if "<Tab" not in text and "import " not in text and "{/*" not in text:
        return text
    return rewrite_lines(MODULES.sub("", text), _rewrite_line)


def _rewrite_line(line: str) -> str:
    if TABS.match(line) or COMMENT.match(line):
        return ""
    if END_OF_TAB.match(line):
        return "\n</details>\n"
    if tab := TAB.match(line):
        named = dict(LABEL.findall(tab["settings"]))
        return f"\n<details>\n<summary>{named.get('label') or named.get('value') or 'Details'}</summary>\n"
    return line
