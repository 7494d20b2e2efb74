"""Marks in a text that say something of the node behind them."""

from dataclasses import dataclass, replace

from bs4.element import PageElement, Tag

from helpcenter.knowledge.markdown.nodes import Boundary, Heading, ListNode, Node, Nodes


@dataclass(frozen=True, slots=True)
class Anchor(Node):
    """A place that links point at; the heading behind it takes the name."""

    name: str


@dataclass(frozen=True, slots=True)
class StepsAhead(Node):
    """Says that the list behind it is one of steps."""


def anchors_in(elements: list[PageElement]) -> list[Node]:
    """Named places among running text."""
    tags = [element for element in elements if isinstance(element, Tag) and element.name == "a"]
    return [Anchor(str(tag.get("id") or tag.get("name"))) for tag in tags if tag.get("id") or tag.get("name")]


def comment_nodes(text: str) -> list[Node]:
    """An empty comment parts two blocks, `steps` announces steps, any other is nobody's concern."""
    known: dict[str, list[Node]] = {"": [Boundary()], "steps": [StepsAhead()]}
    return known.get(text.strip(), [])


def settle(nodes: list[Node]) -> Nodes:
    """Apply the marks to what follows them and take them away."""
    settled: list[Node] = []
    mark: Node | None = None
    for node in nodes:
        if isinstance(node, Anchor | StepsAhead):
            mark = node
            continue
        settled.append(_marked(node, mark))
        mark = None
    return tuple(settled)


def _marked(node: Node, mark: Node | None) -> Node:
    if isinstance(node, Heading) and isinstance(mark, Anchor) and not node.anchor:
        return replace(node, anchor=mark.name)
    if isinstance(node, ListNode) and isinstance(mark, StepsAhead):
        return replace(node, as_steps=True)
    return node
