"""Two companies, their people, and verbs to tell of them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from portal.accounts.models import Company, Membership, User
from portal.activity import registry
from portal.activity.registry import Verb
from portal.core.registry import Registry

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def verbs(monkeypatch) -> Iterator[Registry[Verb]]:
    """A registry that holds the verbs of these tests alone."""
    known: Registry[Verb] = Registry("activity verbs")
    known.register("page.published", Verb("{actor} published {subject}", icon="book", tone="success"))
    known.register(
        "member.joined", Verb("{subject} joined as {role}", link=lambda event: f"/members/{event.object_id}/")
    )
    known.register(
        "invoice.paid", Verb("{actor} paid {subject}", shown_to=lambda membership: membership.role != "viewer")
    )
    known.register("plan.expired", Verb("{actor} ended {subject}"))
    monkeypatch.setattr(registry.verbs, "_entries", known._entries)
    return registry.verbs


@pytest.fixture
def savanna(db) -> Company:
    """A company."""
    return Company.objects.create(name="Savanna Foods", slug="savanna-test")


@pytest.fixture
def northwind(db) -> Company:
    """Another company."""
    return Company.objects.create(name="Northwind Labs", slug="northwind-test")


@pytest.fixture
def amina(db) -> User:
    """A person."""
    return User.objects.create_user("amina@activity.example", first_name="Amina", last_name="Otieno")


@pytest.fixture
def boss(db) -> User:
    """Somebody of the vendor's staff."""
    return User.objects.create_user("boss@activity.example", is_staff=True)


@pytest.fixture
def viewer_at_savanna(amina, savanna) -> Membership:
    """A membership that may not see bills."""
    rights = {"can_approve_developers": False, "can_sign_contracts": False, "can_manage_billing": False}
    return Membership.objects.create(user=amina, company=savanna, role="viewer", **rights)
