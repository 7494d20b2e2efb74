"""Ending a subscription, now or with the period, and taking that back."""

import pytest

from billing.catalog.models import Plan
from billing.invoicing.models import CreditNote, Invoice
from billing.invoicing.services import ledger
from billing.subscriptions.models import ProductAccess, Quote, Subscription
from billing.subscriptions.services import cancelling, changes, quotes
from billing.subscriptions.services.cancelling import NotCancellable, NotResumable, ReasonMissing
from billing.subscriptions.services.changes import NotChangeable
from billing.subscriptions.services.quoting import QuoteOutdated
from portal.accounts.models import Company, User
from portal.accounts.roles import NotAllowed
from portal.activity.models import ActivityEvent
from portal.notifications.models import Notification
from tests.billing.invoicing.books import difference
from tests.billing.subscriptions.world import changed, kes, lines, nets, on, periods, run, subscribed

pytestmark = pytest.mark.django_db
HALF = on(2026, 3, 16, 21)


def test_cancelling_with_the_period_charges_nothing_and_can_be_taken_back(
    subscription: Subscription, owner: User, company: Company
) -> None:
    quote = cancelling.quote(subscription=subscription, reason="switched", comment=" To Odoo ", by=owner, at=HALF)
    assert (lines(quote), quote.total, quote.effective_at) == ([], kes(0), on(2026, 4, 1))
    after = quotes.confirm(quote=quote, by=owner, at=HALF)
    assert (after.status, after.cancels_at_period_end, after.cancel_comment) == ("active", True, "To Odoo")
    assert str(ActivityEvent.objects.get(verb="subscription.cancelling")).endswith("for 1 April 2026")
    assert Notification.objects.get(kind="subscription_cancelling").subject == "ERP Starter ends on 1 April 2026"
    resuming = cancelling.quote_resuming(subscription=after, by=owner, at=on(2026, 3, 31))
    assert (resuming.total, resuming.per_period) == (kes(0), kes(3100))
    back = quotes.confirm(quote=resuming, by=owner, at=on(2026, 3, 31))
    assert (back.cancels_at_period_end, back.cancel_reason, back.cancel_comment) == (False, "", "")
    assert run(on(2026, 4, 1))["renewed"] == 1
    assert nets(company) == ["3100.00"]


def test_cancelling_at_once_closes_and_gives_nothing_back(
    subscription: Subscription, owner: User, company: Company
) -> None:
    quote = cancelling.quote(subscription=subscription, reason="closing", at_once=True, by=owner, at=HALF)
    assert (lines(quote), quote.total) == ([], kes(0))
    after = quotes.confirm(quote=quote, by=owner, at=HALF)
    assert (after.status, after.ended_at, after.due_at) == ("cancelled", HALF, None)
    assert periods(after) == [("2026-03-01", "2026-03-16", "3100.00")]
    assert ProductAccess.objects.get(company=company).is_open is False
    assert (CreditNote.objects.count(), run(on(2026, 6, 1))) == (0, {})


def test_staff_give_the_unused_part_back_as_credit_notes(
    subscription: Subscription, owner: User, staff: User, company: Company, business: Plan
) -> None:
    changed(subscription, owner, at=HALF, plan=business)
    with pytest.raises(NotAllowed, match="staff alone"):
        cancelling.quote(
            subscription=subscription, reason="other", at_once=True, credits_unused=True, by=owner, at=HALF
        )
    # A quarter of March is left: 6,200 / 4 and tax.
    at = on(2026, 3, 24, 15)
    quote = cancelling.quote(
        subscription=subscription,
        reason="service",
        at_once=True,
        credits_unused=True,
        by=staff,
        at=at,
        override="Promised by the boss.",
    )
    assert (lines(quote), quote.total) == ([("Unused part: ERP Business, monthly", "-1550.00")], kes(-1798))
    quotes.confirm(quote=quote, by=staff, at=at)
    note = CreditNote.objects.get()
    assert (note.total, note.invoice) == (kes(1798), Invoice.objects.order_by("-pk")[0])
    assert (ledger.balance_of(company, "KES"), difference()) == (kes(0), "")


def test_nothing_is_given_back_of_what_is_not_invoiced(
    subscription: Subscription, staff: User, company: Company
) -> None:
    run(on(2026, 4, 1))
    quote = cancelling.quote(
        subscription=subscription,
        reason="other",
        at_once=True,
        credits_unused=True,
        by=staff,
        at=on(2026, 4, 2),
        override="Promised.",
    )
    with pytest.raises(QuoteOutdated, match="not invoiced yet"):
        quotes.confirm(quote=quote, by=staff, at=on(2026, 4, 2))
    subscription.refresh_from_db()
    assert (subscription.status, CreditNote.objects.count()) == ("active", 0)


def test_reason_is_asked_for(subscription: Subscription, owner: User) -> None:
    for reason in ("", "because"):
        with pytest.raises(ReasonMissing):
            cancelling.quote(subscription=subscription, reason=reason, by=owner, at=HALF)
    assert Quote.objects.filter(action="cancel").count() == 0


@pytest.mark.parametrize("name", ["viewer", "company_admin", "stranger"])
def test_only_who_manages_billing_cancels(
    name: str, subscription: Subscription, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(name)
    with pytest.raises(NotAllowed):
        cancelling.quote(subscription=subscription, reason="other", by=user, at=HALF)
    with pytest.raises(NotAllowed):
        cancelling.stop_renewing(subscription=subscription, by=user, at=HALF)


def test_another_member_may_confirm_but_no_stranger(
    subscription: Subscription, owner: User, billing_member: User, stranger: User
) -> None:
    quote = cancelling.quote(subscription=subscription, reason="other", by=owner, at=HALF)
    with pytest.raises(NotAllowed):
        quotes.confirm(quote=quote, by=stranger, at=HALF)
    assert quotes.confirm(quote=quote, by=billing_member, at=HALF).cancels_at_period_end is True


def test_what_ends_already_is_not_cancelled_again_nor_changed(subscription: Subscription, owner: User) -> None:
    quotes.confirm(
        quote=cancelling.quote(subscription=subscription, reason="other", by=owner, at=HALF), by=owner, at=HALF
    )
    with pytest.raises(NotCancellable, match="ends on 1 April 2026 already"):
        cancelling.quote(subscription=subscription, reason="other", by=owner, at=HALF)
    with pytest.raises(NotChangeable, match="Resume it first"):
        changes.quote(subscription=subscription, interval="year", by=owner, at=HALF)
    with pytest.raises(NotCancellable):
        cancelling.stop_renewing(subscription=subscription, by=owner, at=HALF)
    run(on(2026, 4, 1))
    ended = on(2026, 4, 2)
    with pytest.raises(NotCancellable, match="has ended"):
        cancelling.quote(subscription=subscription, reason="other", at_once=True, by=owner, at=ended)
    with pytest.raises(NotResumable, match="has ended"):
        cancelling.quote_resuming(subscription=subscription, by=owner, at=ended)


def test_what_goes_on_has_nothing_to_resume(subscription: Subscription, owner: User) -> None:
    with pytest.raises(NotResumable, match="nothing to resume"):
        cancelling.quote_resuming(subscription=subscription, by=owner, at=HALF)


def test_what_shall_not_renew_is_resumed_too(subscription: Subscription, owner: User) -> None:
    for _ in range(2):
        stopped = cancelling.stop_renewing(subscription=subscription, by=owner, at=HALF)
    assert (stopped.ends_by_itself, ActivityEvent.objects.filter(verb="subscription.stopped").count()) == (True, 1)
    resuming = cancelling.quote_resuming(subscription=subscription, by=owner, at=HALF)
    assert quotes.confirm(quote=resuming, by=owner, at=HALF).ends_by_itself is False


def test_cancelled_family_can_be_subscribed_to_again(
    subscription: Subscription, owner: User, company: Company, starter: Plan
) -> None:
    quote = cancelling.quote(subscription=subscription, reason="other", at_once=True, by=owner, at=HALF)
    quotes.confirm(quote=quote, by=owner, at=HALF)
    again = subscribed(company, starter, owner, at=on(2026, 5, 1))
    access = ProductAccess.objects.get(company=company)
    assert (access.is_open, access.subscription, nets(company)) == (True, again, ["3100.00", "3100.00"])
