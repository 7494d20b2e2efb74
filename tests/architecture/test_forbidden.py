"""What may not be written, but for a short list with reasons in exceptions.py."""

import re
from pathlib import Path

import pytest

from tests.architecture import sources
from tests.architecture.exceptions import ALLOWED, MOST_SUPPRESSIONS

IN_CODE = {
    "mark_safe": r"\bmark_safe\b",
    "SafeString": r"\bSafeString\b|\bSafeText\b",
    "csrf_exempt": r"\bcsrf_exempt\b",
    "raw SQL": r"\.cursor\(\)|\.raw\(|\bRawSQL\b|\.extra\(|\bexecute_wrapper\b",
    "signal of a save": r"\b(?:post|pre)_(?:save|delete)\b|\bm2m_changed\b",
    "bare except": r"except:|except BaseException",
    "print": r"(?<![\w.\"'`])print\(",
    "shell": r"shell=True|os\.system\(",
}
IN_TEMPLATES = {
    "|safe": r"\|\s*safe(?:seq)?\b",
    "autoescape off": r"autoescape\s+off",
    "inline script": r"<script(?![^>]*\b(?:src|type=\"application/(?:ld\+)?json\"))[^>]*>",
    "inline style": r"<style\b|\sstyle=",
    "inline handler": r"\son[a-z]+=\"",
    "include without only": r"{%\s*include\s+\"components/(?:(?!only\s*%}).)*%}",
}
SUPPRESSION = re.compile(r"#\s*(?:noqa|type:\s*ignore)\b.*")
WITH_REASON = re.compile(
    r"#\s*(?:noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*|type: ignore\[[\w-]+(?:, ?[\w-]+)*\]\s*#?)\s*(?:-|#)?\s*\w.{8,}"
)
TALKS_TO_THE_TERMINAL = "portal/runner/"


def _found(paths: tuple[Path, ...], patterns: dict[str, str]) -> set[tuple[str, str]]:
    return {
        (sources.name(path), label)
        for path in paths
        for label, pattern in patterns.items()
        if re.search(pattern, sources.text(path), re.DOTALL)
        and not (label == "print" and sources.name(path).startswith(TALKS_TO_THE_TERMINAL))
    }


def test_nothing_forbidden_is_written_and_no_exception_is_idle() -> None:
    found = _found(sources.code(), IN_CODE) | _found(sources.templates(), IN_TEMPLATES)
    assert found - ALLOWED.keys() == set(), "forbidden"
    assert ALLOWED.keys() - found == set(), "no longer needed in exceptions.py"
    assert all(len(reason.split()) >= 4 for reason in ALLOWED.values())


@pytest.mark.parametrize(
    ("label", "line"),
    [
        ("mark_safe", "return mark_safe(body)"),
        ("raw SQL", "with connection.cursor() as cursor:"),
        ("signal of a save", "@receiver(post_save)"),
        ("print", "print(total)"),
    ],
)
def test_forbidden_line_of_code_is_seen(label: str, line: str) -> None:
    assert re.search(IN_CODE[label], line)


@pytest.mark.parametrize(
    ("label", "line"),
    [
        ("|safe", "{{ page.body | safe }}"),
        ("inline script", "<script>go()</script>"),
        ("inline style", '<p style="color: red">'),
        ("inline handler", '<a onclick="go()">'),
        ("include without only", '{% include "components/card.html" with title=title %}'),
    ],
)
def test_forbidden_line_of_a_template_is_seen(label: str, line: str) -> None:
    assert re.search(IN_TEMPLATES[label], line)


def test_suppressions_are_few_and_each_names_its_code_and_reason() -> None:
    own = {Path(__file__), Path(__file__).with_name("exceptions.py")}
    found = [
        f"{sources.name(path)}: {match[0]}"
        for path in (*sources.code(), *sources.tests())
        if path not in own
        for match in SUPPRESSION.finditer(sources.text(path))
    ]
    assert [place for place in found if not WITH_REASON.search(place)] == []
    assert len(found) <= MOST_SUPPRESSIONS, found


def test_no_file_has_a_name_that_says_nothing() -> None:
    said_nothing = {
        "utils",
        "util",
        "helpers",
        "helper",
        "common",
        "manager",
        "managers",
        "handler",
        "handlers",
        "misc",
    }
    assert [sources.name(path) for path in sources.code() if path.stem in said_nothing] == []
