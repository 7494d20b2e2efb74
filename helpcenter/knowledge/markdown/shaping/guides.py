"""Tutorials and troubleshooters: one text cut at its headings of level 2."""

import re
from itertools import pairwise
from typing import Any

from django.utils.text import slugify

from helpcenter.knowledge.markdown.nodes import Heading, ListNode, Nodes, Paragraph, Span, plain
from helpcenter.knowledge.markdown.shaping.blocks import Block, block, clip, items, shape
from helpcenter.knowledge.markdown.targets import Targets

KEY = re.compile(r"[a-z0-9-]{1,80}")
Section = tuple[Heading, Nodes]


def cut(nodes: Nodes) -> tuple[Nodes, list[Section]]:
    """What stands before the first heading of level 2, and each of those headings with what follows it."""
    starts = [number for number, node in enumerate(nodes) if isinstance(node, Heading) and node.level == 2]
    sections: list[Section] = []
    for start, end in pairwise([*starts, len(nodes)]):
        heading = nodes[start]
        if isinstance(heading, Heading):
            sections.append((heading, nodes[start + 1 : end]))
    return nodes[: starts[0]] if starts else nodes, sections


def shape_tutorial(nodes: Nodes, targets: Targets) -> tuple[list[Block], list[Block]]:
    """Introduction and steps."""
    intro, sections = cut(nodes)
    steps = [
        {"title": clip(plain(h.spans), 250), "body": shape(inside, targets, simple=True)} for h, inside in sections
    ]
    return shape(intro, targets), [block("step", step) for step in steps]


def shape_troubleshooting(nodes: Nodes, targets: Targets) -> tuple[list[Block], list[Block]]:
    """Introduction and questions; an answer that leads nowhere is left in the text of its question, with a warning."""
    intro, sections = cut(nodes)
    keys = node_keys(sections)
    shaped = [_node(key, section, set(keys), targets) for key, section in zip(keys, sections, strict=True)]
    return shape(intro, targets), [block("node", node) for node in shaped]


def node_keys(sections: list[Section]) -> list[str]:
    """A key for each question, each once: its anchor, or its title."""
    keys: list[str] = []
    for heading, _inside in sections:
        asked = (
            heading.anchor
            if KEY.fullmatch(heading.anchor)
            else slugify(heading.anchor or plain(heading.spans))[:70] or "node"
        )
        number = keys.count(asked)
        keys.append(asked if not number else f"{asked}-{number + 1}")
    return keys


def _node(key: str, section: Section, keys: set[str], targets: Targets) -> dict[str, Any]:
    heading, inside = section
    answers = find_answers(inside)
    lost = [answer.href for answer in answers if answer.href.startswith("#") and answer.href[1:] not in keys]
    if lost:
        targets.warnings.append(
            f"Answers of “{plain(heading.spans)}” lead to {', '.join(lost)}, which no question is called."
        )
        answers = []
    body = inside[:-1] if answers else inside
    return {
        "key": key,
        "title": clip(plain(heading.spans), 250),
        "body": shape(body, targets, simple=True),
        "answers": items([_answer(answer, targets) for answer in answers]),
    }


def find_answers(nodes: Nodes) -> list[Span]:
    """The links of a bullet list at the very end that is nothing but links to questions and pages."""
    last = nodes[-1] if nodes else None
    if not isinstance(last, ListNode) or last.ordered:
        return []
    answers: list[Span] = []
    for item in last.items:
        match item:
            case (Paragraph(spans=spans),) if spans and len({span.href for span in spans}) == 1:
                answers.append(Span(plain(spans), (), spans[0].href))
            case _:
                return []
    return answers if all(answer.href.startswith(("#", "page:")) for answer in answers) else []


def _answer(answer: Span, targets: Targets) -> dict[str, Any]:
    is_node = answer.href.startswith("#")
    page = None if is_node else targets.page(answer.href)
    return {"label": clip(answer.text, 250), "goto": answer.href[1:] if is_node else "", "page": page}
