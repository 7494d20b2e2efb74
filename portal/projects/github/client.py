"""Asks GitHub's REST API (docs.github.com/en/rest): one question, one answer, or an error that says what to do."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin

import requests
from django.conf import settings

from portal.core import deadlines
from portal.projects.github.errors import Empty, GitHubError, Limited, Missing, NotAnswered, Refused, TooLong

TIMEOUT = (5, 20)  # seconds to connect, and between two pieces of an answer
LONGEST_LOOK = 120  # seconds for all questions about one repository
MOST_BYTES = 2 * 1024 * 1024
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 307, 308})
SHORTEST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
HEADERS = {
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
    "User-Agent": "portal-projects",
}
MISSING = (Missing, "GitHub has no such repository, or does not show it to this token.")
MEANINGS: dict[int, tuple[type[GitHubError], str]] = {
    403: (TooLong, "The history is too long for GitHub to count."),
    404: MISSING,
    409: (Empty, "The repository is empty."),
    410: MISSING,
    422: (TooLong, "GitHub does not count this."),
    451: (Missing, "GitHub has closed the repository for legal reasons."),
}
LAST_PAGE = re.compile(r'<[^<>]*[?&]page=(\d{1,9})[^<>]*>\s*;\s*rel="last"')
NEXT_PAGE = re.compile(r'<([^<>]+)>\s*;\s*rel="next"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What GitHub said: `is_same` when the answer that the ETag stands for still holds, and then without a body."""

    status: int
    headers: Mapping[str, str]
    body: Any = None

    @property
    def is_same(self) -> bool:
        """Whether nothing has changed."""
        return self.status == HTTPStatus.NOT_MODIFIED

    @property
    def is_pending(self) -> bool:
        """Whether GitHub still counts, and wants to be asked again."""
        return self.status == HTTPStatus.ACCEPTED

    @property
    def etag(self) -> str:
        """What GitHub calls this answer."""
        return self.headers.get("ETag", "")[:200]

    @property
    def next_url(self) -> str:
        """Where the list goes on; nothing on its last page."""
        found = NEXT_PAGE.search(self.headers.get("Link", ""))
        return found[1] if found else ""

    @property
    def count(self) -> int:
        """How long a list is of which one was asked for per page. Raises NotAnswered for what is no list."""
        if found := LAST_PAGE.search(self.headers.get("Link", "")):
            return int(found[1])
        return len(a_list(self.body))


@dataclass(slots=True)
class Client:
    """Asks with one token, or as nobody; counts its calls, and ends when its time is over."""

    token: str = field(default="", repr=False)
    calls: int = 0
    started: float = field(default_factory=time.monotonic)
    session: requests.Session = field(default_factory=lambda: deadlines.session(LONGEST_LOOK), repr=False)

    def __post_init__(self) -> None:
        """Say who asks."""
        # Not what a netrc file or a proxy of the machine says.
        self.session.trust_env = False
        self.session.headers.update(HEADERS)
        # One connection for all questions; it is shut down when their time is over.
        self.session.headers["Connection"] = "keep-alive"
        if self.token:
            self.session.headers["Authorization"] = f"Bearer {self.token}"

    def get(self, address: str, *, etag: str = "", **params: str | int) -> Answer:
        """Ask for an address below the API's own, following what was renamed. Raises a GitHubError."""
        url, asked = self._within(urljoin(f"{settings.GITHUB_API_URL}/", address.lstrip("/"))), params
        for _hop in range(MOST_REDIRECTS + 1):
            answer = self._ask(url, asked, {"If-None-Match": etag} if etag else {})
            if answer.status not in REDIRECTS:
                return answer
            # The address that GitHub names has the question in it already.
            url, asked = self._within(urljoin(url, answer.headers.get("Location", ""))), {}
        raise NotAnswered("GitHub leads from address to address.")

    def _within(self, url: str) -> str:
        """An address of GitHub's API: the token goes nowhere else. Raises NotAnswered for another."""
        if not url.startswith(f"{settings.GITHUB_API_URL}/"):
            raise NotAnswered("GitHub leads to another host.")
        return url

    def _ask(self, url: str, params: Mapping[str, str | int], headers: Mapping[str, str]) -> Answer:
        self.calls += 1
        try:
            with self.session.get(
                url, params=params, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True
            ) as response:
                return self._understood(response)
        except requests.RequestException as error:
            raise NotAnswered(f"GitHub did not answer ({type(error).__name__}).") from None

    def _understood(self, response: requests.Response) -> Answer:
        status, raw = response.status_code, self._read(response)
        if status == HTTPStatus.NOT_MODIFIED or status in REDIRECTS or status == HTTPStatus.NO_CONTENT:
            return Answer(status, response.headers)
        body = _parsed(raw)
        if status >= HTTPStatus.BAD_REQUEST:
            raise fault(status, response.headers, _message(body))
        if body is None:
            raise NotAnswered("GitHub answered with something else than JSON.")
        return Answer(status, response.headers, body)

    def _read(self, response: requests.Response) -> bytes:
        """The whole body, if it is not too long and does not take too long."""
        pieces, size = [], 0
        for piece in response.iter_content(32 * 1024):
            size += len(piece)
            if size > MOST_BYTES:
                raise NotAnswered(f"GitHub's answer is longer than {MOST_BYTES // 1024} kB.")
            pieces.append(piece)
        # What was cut off when the time was over looks like an end.
        if time.monotonic() - self.started >= LONGEST_LOOK:
            raise NotAnswered("GitHub answers too slowly.")
        return b"".join(pieces)


def fault(status: int, headers: Mapping[str, str], message: str) -> GitHubError:
    """What an answer that is no success means."""
    if wait := waiting_time(status, headers, message):
        minutes = -(-wait // timedelta(minutes=1))
        return Limited(f"GitHub wants us to wait {minutes} minutes.", wait=wait)
    if status == HTTPStatus.UNAUTHORIZED:
        return Refused("GitHub does not know the token, or it has expired.", is_unknown=True)
    if status == HTTPStatus.FORBIDDEN and "too large" not in message.lower():
        return Refused("The token may not read all that is counted.", needs=needed(headers))
    kind, words = MEANINGS.get(status, (NotAnswered, f"GitHub answered with the error {status}."))
    return kind(words)


def waiting_time(status: int, headers: Mapping[str, str], message: str) -> timedelta | None:
    """How long to ask nothing more: by primary limit, secondary limit or request; None where nobody asks for patience.

    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
    """
    if status not in (HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        return None
    if (after := _number(headers.get("Retry-After", ""))) is not None:
        return _bounded(timedelta(seconds=after))
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return None
    if headers.get("X-RateLimit-Remaining", "").strip() == "0":
        reset = _number(headers.get("X-RateLimit-Reset", "")) or 0
        return _bounded(timedelta(seconds=min(reset - time.time(), 86_400)))
    is_limit = status == HTTPStatus.TOO_MANY_REQUESTS or "rate limit" in message.lower()
    return SHORTEST_WAIT if is_limit else None


def needed(headers: Mapping[str, str]) -> str:
    """What rights GitHub says that the question takes ("contents=read"), in words: "contents"."""
    said = headers.get("X-Accepted-GitHub-Permissions", "")[:200]
    names = re.findall(r"([a-z_]+)=read", said)
    return ", ".join(dict.fromkeys(name.replace("_", " ") for name in names))


def a_list(body: Any) -> list[Any]:
    """A list. Raises NotAnswered for anything else."""
    if not isinstance(body, list):
        raise NotAnswered("GitHub's answer is no list.")
    return body


def an_object(body: Any) -> dict[str, Any]:
    """An object. Raises NotAnswered for anything else."""
    if not isinstance(body, dict):
        raise NotAnswered("GitHub's answer is no object.")
    return body


def a_count(value: Any) -> int:
    """A count that a column can hold. Raises NotAnswered for anything else."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise NotAnswered("GitHub's answer has no count where one belongs.")
    return value


def _bounded(wait: timedelta) -> timedelta:
    return min(max(wait, SHORTEST_WAIT), LONGEST_WAIT)


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,15}", text.strip()) else None


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _message(body: Any) -> str:
    return str(body.get("message", ""))[:300] if isinstance(body, dict) else ""
