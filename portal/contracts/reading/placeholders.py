"""What stands for something in a text — {field}, {{field}}, [Field] — as merge fields of a template."""

import re
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup
from django.utils.text import slugify

from portal.contracts.merge_fields import NAMES

BRACES = re.compile(r"\{\{?\s*([A-Za-z][A-Za-z0-9_ .-]{0,59}?)\s*\}\}?")
BRACKETS = re.compile(r"(?<!\w)\[\s*([A-Za-z][^\[\]{}.;]{1,79}?)\s*\]")
LONGEST_NAME = 60
# Templates of others that are programs: what they decide, a person decides here.
STATEMENT = re.compile(r"(?:if|else|end|for|each)\b|end-", re.IGNORECASE)


@dataclass
class Fields:
    """The merge fields that were found, by name, each with its label and what stood there."""

    labels: dict[str, str] = field(default_factory=dict)
    samples: dict[str, str] = field(default_factory=dict)

    def written(self, text: str) -> str:
        """A text with merge fields instead of placeholders; braces that are none become brackets."""
        kept: list[str] = []

        def keep(name: str) -> str:
            kept.append(f"{{{name}}}")
            return f"\0{len(kept) - 1}\0"

        def braced(found: re.Match[str]) -> str:
            words = found[1].replace("_", " ")
            return found[0] if len(words) == 1 or STATEMENT.match(words) else keep(self._named(words, sample=""))

        text = BRACES.sub(braced, text.replace("\0", ""))
        text = BRACKETS.sub(lambda found: keep(self._bracketed(found[1])), text)
        text = text.replace("{", "[").replace("}", "]")
        return re.sub("\0([0-9]+)\0", lambda found: kept[int(found[1])], text)

    def _bracketed(self, words: str) -> str:
        return self._named(words, sample=words)

    def _named(self, words: str, *, sample: str) -> str:
        label = " ".join(words.split())
        base = slugify(label).replace("-", "_")[:LONGEST_NAME].strip("_") or "field"
        base = base if base[0].isalpha() else f"field_{base}"[:LONGEST_NAME]
        name, count = base, 1
        while name not in NAMES and self.labels.get(name, label).casefold() != label.casefold():
            count += 1
            name = f"{base[: LONGEST_NAME - 3]}_{count}"
        if name not in NAMES:
            self.labels.setdefault(name, label[:1].upper() + label[1:])
            self.samples.setdefault(name, sample)
        return name

    def as_blocks(self) -> list[dict[str, Any]]:
        """As a template keeps them."""
        return [
            {"type": "field", "value": {"name": name, "label": label, "sample": self.samples[name]}}
            for name, label in self.labels.items()
        ]


def merged(blocks: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], Fields]:
    """The blocks with merge fields in place of placeholders, and those fields."""
    fields = Fields()
    return [{**block, "value": _value(block["type"], block["value"], fields)} for block in blocks], fields


def _value(kind: str, value: Any, fields: Fields) -> Any:
    if kind == "heading":
        return {**value, "text": fields.written(value["text"])}
    if kind == "text":
        return _rich(value, fields)
    if kind == "table":
        columns = [{**column, "heading": fields.written(column["heading"])} for column in value["columns"]]
        rows = [{"values": [_rich(cell, fields) for cell in row["values"]]} for row in value["rows"]]
        return {**value, "columns": columns, "rows": rows}
    return value


def _rich(html: str, fields: Fields) -> str:
    tree = BeautifulSoup(html, "html.parser")
    tree.smooth()
    for text in list(tree.find_all(string=True)):
        written = fields.written(str(text))
        if written != text:
            text.replace_with(written)
    return tree.decode(formatter="minimal")
