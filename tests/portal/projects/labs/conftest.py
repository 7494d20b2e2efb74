"""A Labs to ask, and people who are linked to it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from portal.accounts.models import User
from portal.projects.models import LabsAccount
from tests.portal.projects.labs.server import CLIENT, JOHN, SECRET, Labs, running

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def labs(settings: Any) -> Iterator[Labs]:
    """Labs, at which the portal is known."""
    with running(Labs()) as server:
        settings.LABS_API_URL = server.url
        settings.LABS_AUTHORIZE_URL, settings.LABS_TOKEN_URL = (
            f"{server.url}/oauth/authorize",
            f"{server.url}/oauth/token",
        )
        settings.LABS_CLIENT_ID, settings.LABS_CLIENT_SECRET = CLIENT, SECRET
        yield server


@pytest.fixture
def linked(labs: Labs) -> Callable[..., LabsAccount]:
    """Links a person with tokens that Labs has given."""

    def make(user: User, subject: str = JOHN, *, over: bool = False, **fields: Any) -> LabsAccount:
        given = labs.give(subject)
        now = timezone.now()
        values = {
            "subject": subject,
            "name": "John Doe",
            "email": "user@example.com",
            "kind": "oauth",
            "access_token": given["access_token"],
            "refresh_token": given["refresh_token"],
            "expires_at": now - timedelta(hours=1) if over else now + timedelta(hours=1),
            "linked_at": now - timedelta(days=1),
            "refreshed_at": now - timedelta(days=1),
            **fields,
        }
        return LabsAccount.objects.create(user=user, **values)

    return make
