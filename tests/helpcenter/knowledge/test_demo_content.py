"""The demo world's help texts: complete, well formed, and without a dead end."""

import csv
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml

from helpcenter import knowledge

DEMO = Path(knowledge.__file__).parent / "demo"
HELP = DEMO / "help"
KEYS = {
    "title", "type", "summary", "product", "audience", "keywords", "owner", "review_on",
    "related", "redirect_from", "minutes", "video", "order",
}  # fmt: skip
LEAST = {"article": 44, "tutorial": 7, "faq": 33, "troubleshooting": 4}
WORDS = {
    "article": (300, 900),
    "tutorial": (300, 900),
    "faq": (60, 180),
    "troubleshooting": (400, 900),
    "topic": (5, 80),
}
READERS = re.compile(r"public|customers|developers|resellers|staff|product:(erp|sacco|payroll)|company:[a-z-]+")
FENCE = re.compile(r"^\s*```.*?^\s*```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(?P<marks>#{1,6}) (?P<title>.+?)(?: \{#(?P<anchor>[\w-]+)\})?$", re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
IMAGE = re.compile(r'!\[(?P<alt>[^\]]*)\]\((?P<target>\S+) "(?P<caption>[^"]+)"\)')
ANSWER = re.compile(r"^- \[[^\]]+\]\((?P<target>[^)\s]+)\)$")


@dataclass(frozen=True)
class Text:
    """One file: its path from the folder of texts, its front matter and its body without code blocks."""

    path: str
    head: dict
    body: str

    @property
    def anchors(self) -> set[str]:
        return {heading["anchor"] or slug(heading["title"]) for heading in HEADING.finditer(self.body)}

    @property
    def audience(self) -> list[set[str]]:
        """Every rule that a reader must meet: those of the folders above, then its own."""
        folders = [f"{parent.as_posix()}/index.md" for parent in Path(self.path).parents if parent != Path()]
        rules = [texts()[name].head.get("audience", []) for name in (*reversed(folders), self.path)]
        return [set(rule) for number, rule in enumerate(rules) if rule and rule not in rules[:number]]


@cache
def texts() -> dict[str, Text]:
    """Every text by its path."""
    found = {}
    for file in sorted(HELP.rglob("*.md")):
        head, body = file.read_text(encoding="utf-8").removeprefix("---\n").split("\n---\n", 1)
        path = file.relative_to(HELP).as_posix()
        found[path] = Text(path, yaml.safe_load(head), FENCE.sub("", body))
    return found


def slug(title: str) -> str:
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", title.lower())).strip("-")


def target_of(text: Text, target: str) -> tuple[str, str]:
    """Path and anchor that a relative link means."""
    path, _, anchor = target.partition("#")
    place = (HELP / text.path).parent / path if path else HELP / text.path
    return place.resolve().relative_to(HELP.resolve()).as_posix(), anchor


def nodes_of(text: Text) -> dict[str, list[str]]:
    """Keys of a troubleshooter's nodes in order, each with the targets of its answers."""
    starts = [found for found in HEADING.finditer(text.body) if found["marks"] == "##"]
    ends = [*(found.start() for found in starts[1:]), len(text.body)]
    return {found["anchor"]: answers_of(text.body[found.end() : end]) for found, end in zip(starts, ends, strict=True)}


def answers_of(section: str) -> list[str]:
    last = section.strip().rsplit("\n\n", 1)[-1].splitlines()
    matches = [ANSWER.match(line) for line in last]
    return [match["target"] for match in matches if match] if all(matches) else []


def of_kind(kind: str) -> list[Text]:
    return [text for text in texts().values() if text.head["type"] == kind]


each = pytest.mark.parametrize("path", sorted(texts()))


def test_there_are_enough_texts_of_each_kind():
    counts = Counter(text.head["type"] for text in texts().values())
    assert {kind: counts[kind] >= least for kind, least in LEAST.items()} == dict.fromkeys(LEAST, True)


def test_texts_for_every_kind_of_reader_exist():
    named = {reader for text in texts().values() for reader in text.head.get("audience", [])}
    assert named == {
        "customers", "developers", "resellers", "staff", "product:erp", "product:sacco", "product:payroll",
    }  # fmt: skip


def test_every_folder_is_described_by_a_topic():
    folders = {parent.relative_to(HELP).as_posix() for file in HELP.rglob("*.md") for parent in [file.parent]}
    assert {Path(text.path).parent.as_posix() for text in of_kind("topic")} == folders
    assert {Path(text.path).name for text in of_kind("topic")} == {"index.md"}


def test_some_review_dates_have_passed_and_most_lie_ahead():
    late = [text for text in texts().values() if text.head["review_on"] < date(2026, 9, 1)]
    assert 3 <= len(late) <= 12


def test_no_two_texts_share_a_title_or_a_summary():
    for field in ("title", "summary"):
        counts = Counter(text.head[field] for text in texts().values())
        assert [value for value, count in counts.items() if count > 1] == []


@each
def test_front_matter_is_valid(path):
    head = texts()[path].head
    assert set(head) - KEYS == set()
    assert head["type"] in WORDS
    assert 20 <= len(head["summary"]) <= 160
    assert head["owner"] == "editor@portal.example"
    assert isinstance(head["review_on"], date)
    assert [reader for reader in head.get("audience", []) if not READERS.fullmatch(reader)] == []
    assert head.get("product", "") == ("" if path.startswith("portal/") else path.split("/")[0])


@each
def test_keywords_are_words_that_the_text_lacks(path):
    text = texts()[path]
    words = f"{text.head['title']} {text.head['summary']} {text.body}".lower()
    keywords = text.head.get("keywords", [])
    assert len(keywords) >= (0 if text.head["type"] == "topic" else 4)
    assert len(keywords) == len(set(keywords))
    assert sum(keyword.lower() not in words for keyword in keywords) >= len(keywords) / 2


@each
def test_length_suits_the_kind(path):
    text = texts()[path]
    least, most = WORDS[text.head["type"]]
    assert least <= len(re.findall(r"\w[\w.,'-]*", text.body)) <= most


@each
def test_links_lead_to_a_text_and_a_place_in_it_that_its_readers_may_see(path):
    text = texts()[path]
    for found in LINK.finditer(text.body):
        name, anchor = target_of(text, found["target"])
        assert name in texts(), found["target"]
        assert not anchor or anchor in texts()[name].anchors, found["target"]
        assert all(any(own <= rule for own in text.audience) for rule in texts()[name].audience), found["target"]


@each
def test_related_texts_exist(path):
    text = texts()[path]
    related = [target_of(text, target)[0] for target in text.head.get("related", [])]
    assert set(related) <= set(texts()) - {path}
    assert len(related) == len(set(related))


@each
def test_images_exist_with_words_and_caption(path):
    text = texts()[path]
    images = list(IMAGE.finditer(text.body))
    assert len(images) == text.body.count("![")
    for image in images:
        file = HELP / target_of(text, image["target"])[0]
        assert file.read_bytes().startswith(b"\x89PNG")
        assert file.stat().st_size <= 60_000
        assert image["alt"]


@each
def test_anchors_are_unique(path):
    text = texts()[path]
    assert len(text.anchors) == len(HEADING.findall(text.body))


def test_every_image_is_used():
    used = {target_of(text, found["target"])[0] for text in texts().values() for found in IMAGE.finditer(text.body)}
    assert {file.relative_to(HELP).as_posix() for file in HELP.rglob("*.png")} == used


@pytest.mark.parametrize("text", of_kind("tutorial"), ids=lambda text: text.path)
def test_tutorial_has_steps_and_a_duration(text):
    assert text.body.count("\n## ") >= 5
    assert 10 <= text.head["minutes"] <= 60


@pytest.mark.parametrize("text", of_kind("troubleshooting"), ids=lambda text: text.path)
def test_troubleshooter_leads_everywhere_and_to_an_end(text):
    nodes = nodes_of(text)
    assert len(nodes) >= 6
    assert None not in nodes
    keys = {target[1:] for answers in nodes.values() for target in answers if target.startswith("#")}
    assert keys == set(nodes) - {next(iter(nodes))}
    reached, waiting = set(), [next(iter(nodes))]
    while waiting:
        key = waiting.pop()
        reached.add(key)
        waiting += [target[1:] for target in nodes[key] if target.startswith("#") and target[1:] not in reached]
    assert reached == set(nodes)
    assert sum(len(answers) > 1 for answers in nodes.values()) >= 3
    assert [] in nodes.values()


def test_synonyms_and_promotions_can_be_read():
    with (DEMO / "synonyms.csv").open(encoding="utf-8", newline="") as file:
        synonyms = list(csv.DictReader(file))
    with (DEMO / "promotions.csv").open(encoding="utf-8", newline="") as file:
        promotions = list(csv.DictReader(file))
    assert [row["term"] for row in synonyms if not row["synonyms"]] == []
    assert len(synonyms) == len({row["term"] for row in synonyms}) == 28
    assert len(promotions) == len({row["query"] for row in promotions}) == 8
    assert {row["path"] for row in promotions} <= set(texts())
