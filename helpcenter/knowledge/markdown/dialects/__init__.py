"""Markup of other systems, rewritten as plain Markdown before it is parsed.

Each module knows one system and touches only what is plainly its own; text in code fences is left alone.
"""

from helpcenter.knowledge.markdown.dialects import (
    addresses,
    admonitions,
    alerts,
    docusaurus,
    frappe,
    includes,
    microsoft,
    tables,
    zulip,
)
from helpcenter.knowledge.markdown.reading import Surroundings


def to_plain_markdown(text: str, around: Surroundings, *, has_fields: bool = False) -> str:
    """Rewrite what other systems add to Markdown; pieces to include come from the surroundings.

    Frappe's files are those without front matter.
    """
    text = includes.expand(text, around)
    for dialect in (microsoft, zulip, docusaurus, admonitions, alerts, tables, addresses):
        text = dialect.rewrite(text)
    return text if has_fields else frappe.rewrite(text)
