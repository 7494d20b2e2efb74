"""Several at one subscription at the same instant. Real threads, each with a connection of its own."""

from collections import Counter

import pytest

from billing.catalog.models import Plan
from billing.invoicing.models import Charge, Invoice
from billing.subscriptions.models import Subscription, SubscriptionPeriod
from billing.subscriptions.services import cancelling, changes, processing, quotes, subscribing
from billing.subscriptions.services.quoting import QuoteOutdated, QuoteUsed
from billing.subscriptions.services.subscribing import AlreadySubscribed
from portal.accounts.models import Company, User
from tests.billing.invoicing.books import difference
from tests.billing.subscriptions.world import START, nets, on, subscribed
from tests.factories import CompanyFactory, MembershipFactory
from tests.portal.core.threads import race

pytestmark = pytest.mark.django_db(transaction=True)
HALF = on(2026, 3, 16, 21)


def test_quote_that_two_confirm_at_once_is_charged_once(company: Company, owner: User, starter: Plan) -> None:
    quote = subscribing.quote(company=company, plan=starter, interval="month", by=owner, at=START)
    results = race(lambda number: quotes.confirm(quote=quote, by=owner, at=START), threads=4)
    assert Counter(type(result) for result in results) == {Subscription: 1, QuoteUsed: 3}
    assert nets(company) == ["3100.00"]


def test_of_two_quotes_for_one_family_one_is_had(company: Company, owner: User, starter: Plan, business: Plan) -> None:
    offered = [
        subscribing.quote(company=company, plan=plan, interval="month", by=owner, at=START)
        for plan in (starter, business)
    ]
    results = race(lambda number: quotes.confirm(quote=offered[number], by=owner, at=START), threads=2)
    assert {type(result) for result in results} == {Subscription, AlreadySubscribed}
    assert (Subscription.objects.count(), Invoice.objects.count(), difference()) == (1, 1, "")


def test_of_two_changes_shown_for_one_state_one_happens(
    subscription: Subscription, owner: User, business: Plan, company: Company
) -> None:
    offered = [
        changes.quote(subscription=subscription, plan=business, by=owner, at=HALF),
        changes.quote(subscription=subscription, interval="year", by=owner, at=HALF),
    ]
    results = race(lambda number: quotes.confirm(quote=offered[number], by=owner, at=HALF), threads=2)
    assert {type(result) for result in results} == {Subscription, QuoteOutdated}
    assert len(nets(company)) == 2


def test_cancelling_that_meets_the_renewal_comes_before_it_or_is_refused(starter: Plan) -> None:
    for _ in range(3):
        company = CompanyFactory.create()
        owner = MembershipFactory.create(company=company, role="owner").user
        subscription = subscribed(company, starter, owner)
        shortly = on(2026, 3, 31, 23)
        quote = cancelling.quote(subscription=subscription, reason="other", by=owner, at=shortly)

        def act(number: int, quote: object = quote, owner: User = owner) -> object:
            if number:
                return processing.process(until=on(2026, 4, 2))
            return quotes.confirm(quote=quote, by=owner, at=on(2026, 3, 31, 23, 5))

        cancelled = race(act, threads=2)[0]
        processing.process(until=on(2026, 4, 2))
        subscription.refresh_from_db()
        renewed = Charge.objects.filter(company=company).count()
        if isinstance(cancelled, QuoteOutdated):
            assert (subscription.status, renewed) == ("active", 1)
        else:
            assert (subscription.status, renewed) == ("cancelled", 0)


def test_several_processors_renew_each_period_once(starter: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(12):
        company = CompanyFactory.create()
        subscribed(company, starter, MembershipFactory.create(company=company, role="owner").user)
    monkeypatch.setattr(processing, "BATCH", 2)
    results = race(lambda number: processing.process(until=on(2026, 6, 2)), threads=4)
    assert sum(result["renewed"] for result in results) == 36
    assert (Charge.objects.count(), SubscriptionPeriod.objects.count()) == (36, 48)


def test_killed_batch_leaves_nothing_half_done(subscription: Subscription, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever ends the process before the commit: the rows are locked and written in one transaction."""

    def fail(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("billing.subscriptions.services.telling.tell", fail)
        with pytest.raises(KeyboardInterrupt):
            processing.process(until=on(2026, 5, 2))
    assert (Charge.objects.count(), SubscriptionPeriod.objects.count()) == (0, 1)
    assert processing.process(until=on(2026, 5, 2))["renewed"] == 2
