"""Past due, suspended, cancelled unpaid, and all right again."""

from datetime import timedelta

import pytest

from billing.invoicing.models import Invoice
from billing.invoicing.services import drafts, invoices, settlement
from billing.invoicing.services.drafts import Item
from billing.subscriptions.models import ProductAccess, Subscription
from billing.subscriptions.services import cancelling, quotes, standing
from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.core.errors import InvalidTransition
from portal.notifications.models import Notification
from tests.billing.subscriptions.world import START, charges, kes, on, periods, run
from tests.portal.core.state_matrix import assert_state_matrix

pytestmark = pytest.mark.django_db
LIVE = ("trialing", "active", "past_due", "suspended")


def test_states() -> None:
    assert_state_matrix(
        lambda state: Subscription(status=state or "active"),
        {
            "convert": {"trialing": "active"},
            "mark_past_due": {"active": "past_due"},
            "suspend": {"past_due": "suspended"},
            "reactivate": {"past_due": "active", "suspended": "active"},
            "cancel": dict.fromkeys(LIVE, "cancelled"),
            "expire": dict.fromkeys(LIVE, "expired"),
        },
        arguments={name: {"at": START} for name in ("mark_past_due", "suspend", "cancel", "expire")},
    )


def pay(company: Company, amount: str, day: int, reference: str = "FT1") -> None:
    settlement.receive(company=company, amount=kes(amount), gateway="manual", reference=reference, at=on(2026, 4, day))


def suspended(subscription: Subscription, month: int = 3, day: int = 29) -> Subscription:
    standing.mark_past_due(subscription=subscription, at=on(2026, 3, 16))
    return standing.suspend(subscription=subscription, at=on(2026, month, day))


def test_past_due_goes_on_and_suspended_closes_until_it_is_paid(
    subscription: Subscription, company: Company, owner: User, other_company: Company
) -> None:
    for _ in range(2):
        late = standing.mark_past_due(subscription=subscription, at=on(2026, 3, 16))
    assert (late.status, late.is_open, late.past_due_at) == ("past_due", True, on(2026, 3, 16))
    assert ProductAccess.objects.get(company=company).is_open is True
    for _ in range(2):
        shut = standing.suspend(subscription=subscription, at=on(2026, 3, 29))
    access = ProductAccess.objects.get(company=company)
    assert (shut.status, access.closed_reason, access.closed_at) == ("suspended", "suspended", on(2026, 3, 29))
    assert access.remedy.startswith("Pay it, and everything opens again at once.")
    assert ProductAccess.objects.get(company=other_company).is_open is True
    pay(company, "3596", 1)
    shut.refresh_from_db()
    assert (shut.status, shut.past_due_at, shut.suspended_at) == ("active", None, None)
    assert ProductAccess.objects.get(company=company).is_open is True
    verbs = ["past_due", "suspended", "reactivated"]
    assert [ActivityEvent.objects.filter(verb=f"subscription.{verb}").count() for verb in verbs] == [1, 1, 1]
    assert {f"subscription_{verb}" for verb in verbs} <= set(Notification.objects.values_list("kind", flat=True))


def test_what_pays_a_part_reactivates_nothing(subscription: Subscription, company: Company) -> None:
    shut = suspended(subscription)
    pay(company, "3595.99", 1)
    shut.refresh_from_db()
    assert shut.status == "suspended"
    pay(company, "0.01", 1, "FT2")
    shut.refresh_from_db()
    assert shut.status == "active"


def test_another_overdue_invoice_keeps_it_closed(subscription: Subscription, company: Company) -> None:
    source = f"subscription {subscription.public_id} use 1 2"
    early = on(2026, 3, 2)
    draft = drafts.create(company=company, items=[Item("Payslips", kes(100), source=source)], at=early)
    invoices.issue(invoice=draft, today=early.date(), at=early, by=None)
    foreign = drafts.create(company=company, items=[Item("Training", kes(999))], at=early)
    invoices.issue(invoice=foreign, today=early.date(), at=early, by=None)
    shut = suspended(subscription)
    pay(company, "3596", 1)
    shut.refresh_from_db()
    assert shut.status == "suspended"
    pay(company, "116", 2, "FT2")
    shut.refresh_from_db()
    assert (shut.status, Invoice.objects.filter(status="open").count()) == ("active", 1)


def test_voided_invoice_reactivates_too(subscription: Subscription, staff: User) -> None:
    late = standing.mark_past_due(subscription=subscription, at=on(2026, 3, 16))
    invoices.void(invoice=Invoice.objects.get(), reason="Never used.", at=on(2026, 3, 20), by=staff)
    late.refresh_from_db()
    assert late.status == "active"


def test_past_due_renews_and_suspended_does_not(subscription: Subscription, company: Company) -> None:
    standing.mark_past_due(subscription=subscription, at=on(2026, 3, 16))
    assert run(on(2026, 4, 1)) == {"renewed": 1}
    standing.suspend(subscription=subscription, at=on(2026, 4, 10))
    assert run(on(2026, 6, 2)) == {}
    assert [day for day, _words, _amount in charges(company)] == ["2026-04-01"]


def test_paid_after_its_period_the_rest_of_the_one_under_way_is_charged(
    subscription: Subscription, company: Company
) -> None:
    shut = suspended(subscription)
    # 15 of April's 30 days are left on the 16th at nine.
    pay(company, "3596", 16)
    shut.refresh_from_db()
    assert (shut.period_starts_at, shut.period_ends_at, shut.anchor_at) == (on(2026, 4, 16), on(2026, 5, 1), START)
    assert charges(company) == [("2026-04-16", "Rest of the period: ERP Starter, monthly", "1550.00")]
    assert periods(shut)[-1] == ("2026-04-16", "2026-05-01", "1550.00")
    assert run(on(2026, 5, 1)) == {"renewed": 1}


def test_cancelled_unpaid_stays_owed(subscription: Subscription, company: Company) -> None:
    shut = suspended(subscription)
    for _ in range(2):
        gone = standing.cancel_unpaid(subscription=shut, at=on(2026, 4, 14))
    assert (gone.status, gone.cancel_reason, gone.ended_at) == ("cancelled", "unpaid", on(2026, 4, 14))
    assert (Invoice.objects.get().status, ProductAccess.objects.get(company=company).closed_reason) == (
        "open",
        "cancelled",
    )
    pay(company, "3596", 15)
    gone.refresh_from_db()
    assert (gone.status, charges(company)) == ("cancelled", [])


def test_suspended_ends_with_its_period_where_that_was_wanted(
    subscription: Subscription, company: Company, owner: User
) -> None:
    quote = cancelling.quote(subscription=subscription, reason="other", by=owner, at=on(2026, 3, 10))
    quotes.confirm(quote=quote, by=owner, at=on(2026, 3, 10))
    suspended(subscription)
    assert run(on(2026, 4, 1)) == {"cancelled": 1}


def test_trial_is_not_past_due(subscription: Subscription) -> None:
    Subscription.objects.update(status="trialing", trial_ends_at=subscription.period_ends_at)
    with pytest.raises(InvalidTransition):
        standing.mark_past_due(subscription=subscription, at=START + timedelta(days=1))
    subscription.refresh_from_db()
    assert (subscription.status, subscription.past_due_at) == ("trialing", None)
