"""Alerts, `> [!NOTE]`, that touch the quotation above them: each is a callout of its own."""

import re

from helpcenter.knowledge.markdown.dialects.fences import code_lines

ALERT = re.compile(r"^([ \t]*>[ \t]*)!?(?=\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\])", re.IGNORECASE)
QUOTED = re.compile(r"^[ \t]*>")


def rewrite(text: str) -> str:
    """Put an empty line above every alert that goes on where a quotation has not ended."""
    if "[!" not in text:
        return text
    written: list[str] = []
    for is_code, line in code_lines(text.split("\n")):
        is_alert = not is_code and ALERT.match(line)
        if is_alert and written and QUOTED.match(written[-1]):
            written.append("")
        written.append(ALERT.sub(r"\1", line) if is_alert else line)
    return "\n".join(written)
