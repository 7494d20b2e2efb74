"""Kinds to tell, and what stands for the outside."""

from datetime import UTC, datetime

import pytest
from celery import current_app

from portal.notifications import registry, tasks
from portal.notifications.registry import Kind

AT = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
KINDS = {
    "team_approval": Kind(
        label="A developer waits for your decision",
        group="Team",
        subject="{developer} wants to join {company}",
        body="{developer} was proposed for your team.\n\nDecide when you can.",
        fields={"developer": "Amina Hassan", "company": "Savanna Foods"},
        action="Decide",
        icon="users",
    ),
    "team_news": Kind("News of your team", "Team", "News of {company}", "Something changed.", {"company": "Savanna"}),
    "payment_failed": Kind(
        "A payment failed", "Billing", "A payment failed", "Pay again.", urgent=True, sms=True, icon="wallet"
    ),
    "gossip": Kind("Gossip", "Gossip", "You will not believe this", "Really.", email=False),
}


@pytest.fixture(autouse=True)
def told_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kinds for these tests, beside the portal's own of this app."""
    own = {code: registry.kinds.get(code) for code in ("address_blocked", "phone_taken")}
    monkeypatch.setattr(registry.kinds, "_entries", own | KINDS)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that does each task as soon as it is sent."""
    monkeypatch.setitem(current_app.conf, "task_always_eager", True)


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Names and arguments of tasks that were put on the queue, which no worker reads."""
    sent: list[tuple[str, int]] = []
    for name in ("send_delivery", "send_digest", "send_phone_code", "process_mail_event"):
        task = getattr(tasks, name)
        monkeypatch.setattr(task, "apply_async", lambda args, kwargs, name=name, **_: sent.append((name, args[0])))
    return sent
