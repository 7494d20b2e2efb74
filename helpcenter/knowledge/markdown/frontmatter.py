"""The block of YAML at the head of a file."""

import re
from typing import Any

import yaml

from helpcenter.knowledge.markdown.errors import UnreadableSource

HEAD = re.compile(r"\A\s*---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
FIELD = re.compile(r"^[\w.@-]+[ \t]*:(?:\s|$)", re.MULTILINE)
UNCLOSED = re.compile(r"\A\s*---[ \t]*\n[\w.@-]+[ \t]*:\s")
LONGEST = 64_000
DEEPEST, MOST_ALIASES = 20, 20


def split(text: str) -> tuple[dict[str, Any], str]:
    """The fields, by names in small letters, and the text below them. Raises UnreadableSource."""
    head = HEAD.match(text)
    if head is None and UNCLOSED.match(text):
        raise UnreadableSource("The front matter is not closed: a line of three hyphens is missing below its fields.")
    if head is None or not (FIELD.search(head["yaml"]) or not head["yaml"].strip()):
        return {}, text
    fields = _load(head["yaml"])
    return {str(name).strip().lower(): value for name, value in fields.items()}, text[head.end() :]


def _load(source: str) -> dict[Any, Any]:
    if len(source) > LONGEST:
        raise UnreadableSource("The front matter is longer than 64,000 characters.")
    try:
        _refuse_excess(source)
        fields = yaml.load(source, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = f" in line {error.problem_mark.line + 2}" if error.problem_mark else ""
        raise UnreadableSource(
            f"The front matter is no valid YAML{line}: {error.problem or 'it cannot be read'}."
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        raise UnreadableSource(f"The front matter is no valid YAML: {error}.") from error
    if not isinstance(fields, dict | None):
        raise UnreadableSource("The front matter is a list or a text; it must be fields and values.")
    return fields or {}


def _refuse_excess(source: str) -> None:
    """Leave what would take the loader more memory or stack than there is: a few lines can stand for gigabytes."""
    depth = aliases = 0
    for event in yaml.parse(source, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        aliases += isinstance(event, yaml.AliasEvent)
        if depth > DEEPEST or aliases > MOST_ALIASES:
            raise UnreadableSource("The front matter is nested too deeply or repeats itself too often.")


def join(fields: dict[str, Any], text: str) -> str:
    """A file with the fields at its head, in the order given."""
    if not fields:
        return text
    head = yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=10_000)
    return f"---\n{head}---\n\n{text}"
