"""GitHub on the loopback: replays what was recorded of it, page by page, with its ETags, and breaks when it is told to.

Bodies and headers are the recorded ones. What was never recorded is made of them: a list asked for with another length
of page is cut from the recorded items, and a search finds as many as the test says.
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from tests.billing.payments.gateways.servers import Answer, Asked, serving

DATA = Path(settings.BASE_DIR).parent / "shared" / "data" / "github"
REAL = "https://api.github.com"
RECORDED = "sigmavirus24/github3.py"


@dataclass(frozen=True)
class Reply:
    """An answer as it is sent; `raw` goes as it is, and when it is empty the connection ends without a word."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None


@dataclass(frozen=True)
class Listed:
    """A list that is handed out in pages; `total` may be more than the items that there are to show."""

    items: list[Any]
    total: int


@dataclass
class GitHub:
    """What the server knows, and what it was asked: `asked` are path and query, `tokens` what came in Authorization."""

    url: str = ""
    replies: dict[str, Reply] = field(default_factory=dict)
    lists: dict[str, Listed] = field(default_factory=dict)
    merged: dict[str, int] = field(default_factory=dict)
    faults: dict[str, Reply] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    unchanged: int = 0
    scopes: str | None = None
    known_tokens: set[str] | None = None

    def answer(self, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        """What GitHub would say."""
        if fault := self.faults.get(path) or self.faults.get("*"):
            return fault
        token = headers.get("authorization", "").removeprefix("Bearer ")
        if self.known_tokens is not None and token not in self.known_tokens:
            return Reply(401, {"message": "Bad credentials"})
        reply = self.found(path, query)
        etag = f'W/"{hashlib.md5(json.dumps(reply.body).encode(), usedforsecurity=False).hexdigest()}"'
        scopes = {} if self.scopes is None else {"X-OAuth-Scopes": self.scopes}
        if reply.status == 200 and headers.get("if-none-match") == etag:
            self.unchanged += 1
            return Reply(304, None, {"ETag": etag, **scopes})
        return Reply(reply.status, reply.body, {"ETag": etag, **scopes, **reply.headers}, reply.raw)

    def found(self, path: str, query: Mapping[str, str]) -> Reply:
        """The recorded answer, or one cut from recorded items."""
        if path in self.lists:
            return self.page(path, query)
        if path == "/search/issues":
            name = query["q"].split()[0].removeprefix("repo:")
            return Reply(200, {"total_count": self.merged.get(name, 0), "incomplete_results": False, "items": []})
        return self.replies.get(path, Reply(404, {"message": "Not Found"}))

    def page(self, path: str, query: Mapping[str, str]) -> Reply:
        """One page, with a Link header as GitHub writes it, where there are others."""
        listed, number, size = self.lists[path], int(query.get("page", 1)), int(query.get("per_page", 30))
        last = -(-listed.total // size)
        rest = "&".join(f"{name}={value}" for name, value in query.items() if name != "page")
        links = []
        if number < last:
            links = [
                f'<{self.url}{path}?{rest}&page={number + 1}>; rel="next"',
                f'<{self.url}{path}?{rest}&page={last}>; rel="last"',
            ]
        items = listed.items[(number - 1) * size : number * size]
        return Reply(200, items, {"Link": ", ".join(links)} if links else {})


def recorded(*cassettes: str) -> dict[str, Reply]:
    """The answers of recorded exchanges, by path and query; a later one takes the place of an earlier one."""
    found = {}
    for name in cassettes:
        for exchange in json.loads((DATA / "rest-cassettes" / f"{name}.json").read_text())["http_interactions"]:
            response, url = exchange["response"], urlsplit(exchange["request"]["uri"])
            packed = response["body"].get("base64_string")
            text = gzip.decompress(base64.b64decode(packed)) if packed else response["body"]["string"]
            headers = {
                key: value if isinstance(value, str) else value[0]
                for key, value in response["headers"].items()
                if key in ("Link", "Location", "X-OAuth-Scopes")
            }
            place = f"{url.path}?{url.query}" if url.query else url.path
            found[place] = Reply(response["status"]["code"], json.loads(text or "null"), headers)
    return found


def github3() -> GitHub:
    """A GitHub with what was recorded of github3.py, a repository of 300 contributors."""
    name = f"/repos/{RECORDED}"
    known = recorded(
        "Repository_contributors", "Repository_commits", "Repository_pull_requests", "Repository_weekly_commit_count"
    )
    commits = known[f"{name}/commits?per_page=25"]
    pages = int(commits.headers["Link"].split("page=25&page=")[-1].split(">")[0])
    pulls = known[f"{name}/pulls?sort=created&direction=desc&per_page=100"].body
    people = [
        *known[f"{name}/contributors?per_page=100"].body,
        *known["/repositories/3710711/contributors?per_page=100&page=2"].body,
    ]
    return GitHub(
        replies={name: known[name], f"{name}/stats/participation": known[f"{name}/stats/participation"]},
        lists={
            f"{name}/commits": Listed(commits.body, pages * 25),
            f"{name}/pulls": Listed(pulls, len(pulls)),
            f"{name}/contributors": Listed(people, len(people)),
        },
        merged={RECORDED: 478},
    )


@contextmanager
def running(github: GitHub) -> Iterator[GitHub]:
    """The server, for as long as it is needed."""

    def answer(asked: Asked) -> Answer:
        query = dict(asked.query)
        github.asked.append(f"{asked.path}?{urlencode(query)}" if query else asked.path)
        github.tokens.append(asked.headers.get("authorization", ""))
        reply = github.answer(asked.path, query, asked.headers)
        headers = {name: value.replace(REAL, github.url) for name, value in reply.headers.items()}
        if reply.raw is not None:
            return Answer(reply.raw or None, reply.status, headers)
        return Answer(b"" if reply.status in (204, 304) else json.dumps(reply.body).encode(), reply.status, headers)

    with serving(answer) as url:
        github.url = url
        yield github
