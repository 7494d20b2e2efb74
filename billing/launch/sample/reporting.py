"""What goes on in the product is told to the portal from a queue, so that no page waits for it."""

import contextlib
import queue
import threading
import time
import uuid
from datetime import UTC, datetime
from typing import Any

from authlib.integrations.base_client import OAuthError

from billing.launch.sample.portal import Portal
from billing.launch.sample.products import Books, Section, Work
from billing.launch.sample.sessions import Sessions, SignedIn

Message = tuple[str, str, Any]
TRIES = 5
ACTIVITY, EVENTS = "/api/product/v1/activity/", "/api/usage/v1/events/"
STATISTICS, SYNCHRONISATION = "/api/product/v1/statistics/", "/api/product/v1/synchronisation/"


class Reporter:
    """Tells the portal in the background, each thing in its turn; what got no answer is sent again, with its ids."""

    def __init__(self, portal: Portal, books: Books) -> None:
        self.portal, self.books = portal, books
        self.waiting: queue.Queue[Message] = queue.Queue()

    def start(self, sessions: Sessions, *, heartbeat: float) -> None:
        """Begin: one thread tells, one gives a sign of life every so many seconds."""
        threading.Thread(target=self._tell, daemon=True).start()
        threading.Thread(target=self._beat, args=(sessions, heartbeat), daemon=True).start()

    def worked(self, member: SignedIn, work: Work) -> None:
        """A member did something."""
        company, at = member.claims["company"]["id"], now()
        one = {"id": str(uuid.uuid4()), "company": company, "occurred_at": at, "member": member.sub}
        self.waiting.put(("POST", ACTIVITY, [one | {"text": work.says}]))
        self._count(company, work.uses, member=member.sub)
        if work.is_backup:
            state = {"company": company, "state": "ok", "synced_at": at, "detail": work.says}
            self.waiting.put(("PUT", SYNCHRONISATION, state))
        self.stand(company)

    def visited(self, member: SignedIn, section: Section) -> None:
        """A member looked at a page that is a feature of its own."""
        if section.use:
            self._count(member.claims["company"]["id"], {section.use: 1}, member=member.sub)

    def stand(self, company: str) -> None:
        """Tell the figures of a company, as they are."""
        figures = self.books.of(company)
        labels = self.books.product.figures
        told = [{"key": key, "label": labels[key][0], "value": value} for key, value in figures.items()]
        self.waiting.put(("PUT", STATISTICS, {"company": company, "reported_at": now(), "figures": told}))
        # Payroll runs are a figure alone: the portal has no metric of them.
        self._count(company, {key: value for key, value in figures.items() if key in self.books.product.levels})

    def _count(self, company: str, uses: Any, **member: str) -> None:
        at = now()
        events = [
            {"id": str(uuid.uuid4()), "company": company, "metric": metric, "value": value, "occurred_at": at} | member
            for metric, value in uses.items()
        ]
        if events:
            self.waiting.put(("POST", EVENTS, events))

    def _tell(self) -> None:
        while True:
            message = self.waiting.get()
            for pause in range(1, TRIES + 1):
                try:
                    self.portal.tell(*message)
                    break
                except (OSError, OAuthError):
                    # Each time longer: whoever does not answer is not helped by more questions.
                    time.sleep(pause)

    def _beat(self, sessions: Sessions, seconds: float) -> None:
        while True:
            time.sleep(seconds)
            for company in {member.claims["company"]["id"] for member in sessions.members()}:
                with contextlib.suppress(KeyError):
                    self.stand(company)


def now() -> str:
    """The instant, by RFC 3339."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
