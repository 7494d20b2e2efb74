"""Telling somebody something, for tests."""

from datetime import datetime

from portal.accounts.models import Company, User
from portal.notifications.models import Delivery, Notification
from portal.notifications.services import notices
from tests.portal.notifications.conftest import AT

FIELDS = {"developer": "Amina Hassan", "company": "Savanna Foods"}


def tell(
    *people: User,
    kind: str = "team_approval",
    key: str = "approval 1",
    at: datetime = AT,
    company: Company | None = None,
    url: str = "/customer/team/",
) -> list[Notification]:
    """Tell these people."""
    return notices.notify(kind=kind, people=people, key=key, at=at, fields=FIELDS, url=url, company=company)


def facts(delivery: Delivery) -> tuple[str, str, int]:
    """State, outcome and attempts as they are in the database."""
    delivery.refresh_from_db()
    return delivery.state, delivery.outcome, delivery.attempts
