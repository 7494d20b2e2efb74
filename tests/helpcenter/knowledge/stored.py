"""What is stored of help pages for readers and the search, to compare with what a rebuild would write."""

from typing import Any

from helpcenter.knowledge.models import Audience, HelpDocument, SearchDocument, Word
from helpcenter.knowledge.services import publishing


def snapshot() -> dict[str, list[dict[str, Any]]]:
    """Documents, index entries and vocabulary, without keys that a rebuild gives anew."""
    rules = dict(Audience.objects.values_list("pk", "rule"))
    words = Word.objects.values("word", "audience_id", "frequency", "title_frequency", "keys", "stem")
    return {
        "documents": [with_rule(row, rules) for row in HelpDocument.objects.order_by("pk").values()],
        "entries": [with_rule(row, rules) for row in SearchDocument.objects.order_by("pk").values()],
        "words": sorted((with_rule(row, rules) for row in words), key=lambda row: (row["word"], row["rule"])),
    }


def with_rule(row: dict[str, Any], rules: dict[int, str]) -> dict[str, Any]:
    """A row with the rule in place of the audience's key."""
    return {**row, "rule": rules[row.pop("audience_id")]}


def assert_nothing_to_mend() -> None:
    """What was written step by step is what a rebuild of everything writes."""
    before = snapshot()
    publishing.rebuild()
    after = snapshot()
    for name, rows in before.items():
        assert rows == after[name]
