"""Asks the API of Labs (`LABS_API_URL`/api/v1), with a person's own token."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import requests
import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from portal.projects.labs import answers, web
from portal.projects.labs.answers import Identity, Product
from portal.projects.labs.errors import NotOffered, Refused, Unreachable
from portal.projects.models import LabsAccount

SECONDS = 20
PAGE = 100
MOST_PAGES = 20
Header = LabsAccount.Header
# An API token may be asked for in any of these ways, by what other clients of Labs send; the first that works is kept.
HEADERS: dict[str, tuple[str, str]] = {
    Header.API_TOKEN: ("X-API-Token", "{}"),
    Header.BEARER: ("Authorization", "Bearer {}"),
    Header.API_KEY: ("X-API-Key", "{}"),
}
logger = structlog.get_logger(__name__)


class Labs:
    """Labs, as one person sees it; made by `asking`."""

    def __init__(self, session: requests.Session) -> None:
        self._session = session

    def me(self) -> Identity:
        """Who the token belongs to. Raises Refused, Unreachable."""
        return answers.identity(self._get("me"))

    def products(self) -> list[Product]:
        """Projects that the person can reach, each once. Raises Refused, Unreachable."""
        found: dict[str, Product] = {}
        for number in range(MOST_PAGES):
            page = answers.rows(self._get("products", limit=PAGE, offset=number * PAGE))
            before = len(found)
            for row in page:
                if read := answers.product(row):
                    found.setdefault(read.key, read)
            # A server that knows no offset gives the first page for ever.
            if len(page) < PAGE or len(found) == before:
                break
        return list(found.values())

    def milestones(self, product: Product) -> list[dict[str, str]]:
        """Milestones of a project. Raises Refused, Unreachable, NotOffered."""
        answer = self._get("milestones", product_id=product.number or product.key)
        return answers.dated(answers.rows(answer), "due_date", "due_on", "target_date", "end_date", "date")

    def releases(self, product: Product) -> list[dict[str, str]]:
        """Releases of a project. Raises Refused, Unreachable, NotOffered."""
        answer = self._get("releases", product_id=product.number or product.key)
        return answers.dated(answers.rows(answer), "release_date", "released_at", "date", "due_date", "end_date")

    def usage(self, product: Product) -> dict[str, int | float]:
        """Figures that Labs has of a project. Raises Refused, Unreachable, NotOffered."""
        return answers.figures(self._get("insights", product_id=product.number or product.key))

    def _get(self, name: str, **asked: str | int) -> Any:
        url = f"{settings.LABS_API_URL}/api/v1/{name}"
        try:
            with self._session.get(url, params=asked, timeout=web.TIMEOUT, allow_redirects=False) as response:
                return self._understood(response, name)
        except requests.RequestException as error:
            logger.warning("labs_not_reached", question=name, error=type(error).__name__)
            raise Unreachable(_("Labs did not answer. Try again later.")) from None

    def _understood(self, response: requests.Response, name: str) -> Any:
        status = response.status_code
        if status == HTTPStatus.UNAUTHORIZED or (status == HTTPStatus.FORBIDDEN and name == "me"):
            raise Refused(_("Labs does not accept this token."))
        if status in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
            raise NotOffered(_("Labs does not show this to you."))
        if status != HTTPStatus.OK:
            logger.warning("labs_not_understood", question=name, status=status)
            raise Unreachable(_("Labs did not answer. Try again later."))
        try:
            return response.json()
        except (ValueError, RecursionError):
            logger.warning("labs_not_understood", question=name, status=status)
            raise Unreachable(_("Labs answered with something that we do not understand.")) from None


@contextmanager
def asking(*, token: str, header: str, seconds: float = SECONDS) -> Iterator[Labs]:
    """Labs for one token, for so many seconds in all."""
    name, form = HEADERS[header]
    with requests.Session() as session:
        web.guard(session, seconds=seconds)
        session.headers[name] = form.format(token)
        yield Labs(session)


def recognise(token: str) -> tuple[Identity, str]:
    """Whose API token this is, and in which header Labs takes it. Raises Refused, Unreachable."""
    refusal: Exception = Refused(_("Labs does not accept this token."))
    for header in HEADERS:
        try:
            with asking(token=token, header=header) as labs:
                return labs.me(), header
        except (Refused, NotOffered) as said:
            refusal = Refused(said.message)
    raise refusal
