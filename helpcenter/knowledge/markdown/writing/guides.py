"""Tutorials and troubleshooters as nodes of one text."""

from collections.abc import Iterable
from typing import Any

from helpcenter.knowledge.markdown.nodes import Heading, ListNode, Nodes, Paragraph, Span
from helpcenter.knowledge.markdown.reading import Surroundings
from helpcenter.knowledge.markdown.unshaping import item_values, nodes_of_blocks


def tutorial_nodes(steps: Iterable[dict[str, Any]], around: Surroundings) -> Nodes:
    """A heading for each step and what it holds."""
    values = [block["value"] for block in steps]
    return tuple(
        node
        for value in values
        for node in (Heading(2, (Span(value["title"]),)), *nodes_of_blocks(value["body"], around))
    )


def troubleshooting_nodes(nodes: Iterable[dict[str, Any]], around: Surroundings) -> Nodes:
    """A heading with its key for each question, what it holds, and the list of its answers."""
    found: list[Any] = []
    for value in (block["value"] for block in nodes):
        answers = item_values(value["answers"])
        links = tuple((Paragraph((Span(answer["label"], (), _target(answer, around)),)),) for answer in answers)
        body = nodes_of_blocks(value["body"], around)
        found += [
            Heading(2, (Span(value["title"]),), value["key"]),
            *body,
            *([ListNode(False, links)] if links else []),
        ]
    return tuple(found)


def _target(answer: dict[str, Any], around: Surroundings) -> str:
    return f"#{answer['goto']}" if answer["goto"] else around.link(f"page:{answer['page']}")
