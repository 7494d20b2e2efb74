"""One look at a repository: all its figures, or why there are none. Without a database: several run side by side."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError

from portal.projects.github.client import Answer, Client, a_count, a_list, an_object
from portal.projects.github.errors import Empty, GitHubError, Missing, NotAnswered, Refused, TooLong
from portal.projects.models.repositories import FULL_NAME

WEEKS = 52
PAGE = 100
# GitHub names the authors behind the first 500 addresses alone.
MOST_PAGES = 5
EXPIRES = "GitHub-Authentication-Token-Expiration"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a look needs to know: `people` are names on GitHub in small letters, `figures` those of the look before."""

    full_name: str
    github_id: int | None = None
    token: str = field(default="", repr=False)
    etags: Mapping[str, str] = field(default_factory=dict)
    people: frozenset[str] = frozenset()
    open_items: int = 0
    open_pull_requests: int = 0


@dataclass(slots=True)
class Seen:
    """What a look has shown. `figures` and `contributions` have what was read anew; the rest is as it was."""

    full_name: str = ""
    github_id: int | None = None
    is_private: bool | None = None
    figures: dict[str, Any] = field(default_factory=dict)
    contributions: dict[str, int] | None = None
    etags: dict[str, str] = field(default_factory=dict)
    scopes: list[str] | None = None
    token_expires_at: datetime | None = None
    calls: int = 0
    fault: GitHubError | None = None


def look(wanted: Wanted) -> Seen:
    """Ask for everything that is counted; a fault is part of what was seen, and then nothing else of it counts."""
    client, seen = Client(wanted.token), Seen(full_name=wanted.full_name, github_id=wanted.github_id)
    with client.session:
        try:
            _Look(client, wanted, seen).all()
        except GitHubError as fault:
            seen.fault = fault
    seen.calls = client.calls
    return seen


@dataclass(slots=True)
class _Look:
    """The questions, one after the other: GitHub asks not to be asked several at once with one token."""

    client: Client
    wanted: Wanted
    seen: Seen

    def all(self) -> None:
        self.repository()
        self.commits()
        self.pull_requests()
        self.contributors()
        self.weeks()
        figures = self.seen.figures
        items = figures.get("open_items", self.wanted.open_items)
        pulls = figures.get("open_pull_requests", self.wanted.open_pull_requests)
        # GitHub counts pull requests among the issues.
        figures["open_issues"] = max(0, items - pulls)

    def ask(self, part: str, path: str = "", **params: str | int) -> Answer:
        """Ask for a part of the repository, with what GitHub called it last time."""
        etag = self.wanted.etags.get(part, "")
        answer = self.client.get(f"/repos/{self.seen.full_name}{path}", etag=etag, **params)
        self.note(part, etag if answer.is_same else answer.etag)
        return answer

    def note(self, part: str, etag: str) -> None:
        if etag:
            self.seen.etags[part] = etag

    def repository(self) -> None:
        """Who it is now: it may have been renamed, or be another one of the same name."""
        answer = self.ask("repository")
        about_token(self.seen, answer)
        if answer.is_same:
            return
        body = an_object(answer.body)
        number, name, items = a_number(body.get("id")), a_name(body.get("full_name")), body.get("open_issues_count")
        if self.wanted.github_id not in (None, number):
            raise Missing("Another repository has this name now.")
        self.seen.github_id, self.seen.full_name = number, name
        self.seen.is_private = bool(body.get("private"))
        self.seen.figures["open_items"] = a_count(items)

    def commits(self) -> None:
        """Those of the default branch. The last one's ETag stands for all: what is below it does not change."""
        with suppress(Empty):
            answer = self.ask("commits", "/commits", per_page=1)
            if not answer.is_same:
                self.seen.figures["commits"] = answer.count
            return
        self.seen.figures["commits"] = 0

    def pull_requests(self) -> None:
        """Counted again only when the one that changed last is another, or has changed."""
        changed = self.ask("pulls", "/pulls", state="all", sort="updated", direction="desc", per_page=1)
        if changed.is_same:
            return
        if not a_list(changed.body):
            self.seen.figures |= {"open_pull_requests": 0, "merged_pull_requests": 0}
            return
        still_open = self.client.get(f"/repos/{self.seen.full_name}/pulls", state="open", per_page=1)
        self.seen.figures["open_pull_requests"] = still_open.count
        merged = self.merged()
        if merged.get("incomplete_results"):
            # GitHub has not looked at all of them: the figure from before is nearer, and it is asked again.
            del self.seen.etags["pulls"]
        else:
            self.seen.figures["merged_pull_requests"] = a_count(merged.get("total_count"))

    def merged(self) -> dict[str, Any]:
        """What the search finds; REST has no other count of them."""
        asked = f"repo:{self.seen.full_name} is:pr is:merged"
        try:
            return an_object(self.client.get("/search/issues", q=asked, per_page=1).body)
        except TooLong:
            # So the search says that it shows the repository to nobody with this token.
            raise Refused("The token may not read all that is counted.", needs="pull requests") from None

    def contributors(self) -> None:
        """How many there are, and what the project's own developers did; of others nothing is kept."""
        part = f"contributors {fingerprint(self.wanted.people)}"
        with suppress(TooLong):
            answer = self.ask(part, "/contributors", per_page=PAGE)
            if answer.is_same:
                return
            if answer.next_url:
                # The first page may stay as it is while a later one changes.
                self.seen.etags.pop(part, None)
            self.count(answer)

    def count(self, answer: Answer) -> None:
        number, found = 0, dict[str, int]()
        for _page in range(MOST_PAGES):
            rows = [] if answer.status == HTTPStatus.NO_CONTENT else a_list(answer.body)
            number += len(rows)
            for row in map(an_object, rows):
                login = str(row.get("login", "")).lower()
                if login in self.wanted.people:
                    found[login] = a_count(row.get("contributions"))
            if not answer.next_url:
                break
            answer = self.client.get(answer.next_url)
        self.seen.figures["contributors"], self.seen.contributions = number, found

    def weeks(self) -> None:
        """Commits of the last 52 weeks; GitHub may still be counting, and then those from before stay."""
        self.seen.figures["weeks_pending"] = False
        with suppress(TooLong):
            self.count_weeks(self.ask("weeks", "/stats/participation"))

    def count_weeks(self, answer: Answer) -> None:
        self.seen.figures["weeks_pending"] = answer.is_pending
        if answer.is_pending:
            self.seen.etags.pop("weeks", None)
        if answer.is_same or answer.is_pending:
            return
        empty = answer.status == HTTPStatus.NO_CONTENT
        row = [0] * WEEKS if empty else a_list(an_object(answer.body).get("all"))
        weeks = [a_count(value) for value in row][-WEEKS:]
        weeks = [0] * (WEEKS - len(weeks)) + weeks
        self.seen.figures |= {"weeks": weeks, "commits_this_week": weeks[-1]}


def about_token(seen: Seen, answer: Answer) -> None:
    """What the answer's headers tell of the token: classic ones have scopes, those with an end say when it is."""
    if "X-OAuth-Scopes" in answer.headers:
        said = answer.headers["X-OAuth-Scopes"][:1000]
        seen.scopes = [scope.strip() for scope in said.split(",") if scope.strip()]
    seen.token_expires_at = expiry(answer.headers.get(EXPIRES, ""))


def expiry(said: str) -> datetime | None:
    """When a token ends: "2026-12-31 10:00:00 UTC", or with an offset; None where nothing readable was said."""
    with suppress(ValueError):
        return datetime.strptime(said.strip().replace("UTC", "+0000"), "%Y-%m-%d %H:%M:%S %z").astimezone(UTC)
    return None


def fingerprint(people: frozenset[str]) -> str:
    """Stands for these names: with others the list of contributors is read anew."""
    return hashlib.sha256(" ".join(sorted(people)).encode()).hexdigest()[:12]


def a_name(value: Any) -> str:
    """Owner and name. Raises NotAnswered for anything else."""
    try:
        FULL_NAME(value if isinstance(value, str) else "")
    except ValidationError:
        raise NotAnswered("GitHub's answer names no repository.") from None
    return str(value)


def a_number(value: Any) -> int:
    """GitHub's number of a repository. Raises NotAnswered for anything else."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63:
        raise NotAnswered("GitHub's answer has no number of the repository.")
    return value
