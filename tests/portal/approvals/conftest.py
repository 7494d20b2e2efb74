"""Sample kinds of approval, about letters: real kinds come from apps above."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import models

from portal.accounts import roles
from portal.accounts.models import Membership, User
from portal.approvals import registry, services
from portal.approvals.models import Approval
from portal.approvals.registry import Fact, Kind
from portal.approvals.telling import in_turn, tell_asker, tell_concerned, tell_deciders
from portal.core.registry import Registry
from tests.portal.core.sample.models import Letter

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 9, tzinfo=UTC)
Ask = Callable[..., Approval]


def may_approve_developers(membership: Membership) -> bool:
    """Members with the right do."""
    return roles.allows(membership, roles.Permission.APPROVE_DEVELOPERS)


def send(approval: Approval, at: datetime) -> None:
    """Send the letter; refuses with InvalidTransition when it has been sent."""
    letter = Letter.objects.select_for_update().get(pk=approval.object_id)
    letter.send(at=at)
    letter.save()


def letter_facts(approval: Approval) -> list[Fact]:
    """What a decider reads of a letter."""
    return [Fact("Stamped", "Yes"), Fact("Written at", "Nairobi", url="/help/")]


SENDING = Kind(
    label="Sending",
    permission="accounts.change_company",
    on_approve=in_turn(send, tell_asker()),
    on_reject=tell_asker(),
    facts=letter_facts,
)
KINDS = {
    "sending": SENDING,
    "payout": replace(SENDING, label="Payout", permission="accounts.delete_company", four_eyes=True),
    "joining": Kind(
        label="Team assignment",
        permission="accounts.change_company",
        member_may=may_approve_developers,
        on_ask=tell_deciders(),
        on_approve=in_turn(tell_asker(), tell_concerned()),
        on_reject=in_turn(tell_asker(), tell_concerned()),
    ),
}


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> Registry[Kind]:
    """A registry that holds the kinds of these tests alone."""
    monkeypatch.setattr(registry.kinds, "_entries", dict(KINDS))
    return registry.kinds


@pytest.fixture
def letter(db: None) -> Letter:
    """Something to decide about."""
    return Letter.objects.create()


@pytest.fixture
def ask(db: None) -> Ask:
    """Ask for a decision about a new letter, or about `subject`."""

    def asked(kind: str = "sending", subject: models.Model | None = None, **fields: object) -> Approval:
        about = subject or Letter.objects.create()
        return services.ask(kind=kind, subject=about, **{"by": None, "at": AT, "label": f"Letter {about.pk}", **fields})

    return asked


@pytest.fixture
def finance_may(finance: User) -> User:
    """A member of staff who may decide sendings and joinings, and no payouts."""
    finance.user_permissions.add(Permission.objects.get(codename="change_company"))
    return User.objects.get(pk=finance.pk)
