"""What archives hold, what an erasure ends, and how long quotes and subscriptions stay."""

from datetime import timedelta

import pytest

from billing.catalog.models import Plan
from billing.catalog.registry import Standing
from billing.subscriptions import company_part, erasers, exports, standings
from billing.subscriptions.models import Quote, Subscription
from billing.subscriptions.retention import KEPT_DAYS
from billing.subscriptions.services import cancelling, quotes
from portal.accounts.models import Company, Membership, User
from portal.accounts.services import cleaning
from portal.core.privacy import Erasing
from tests.billing.subscriptions.world import START, changed, on, subscribed

pytestmark = pytest.mark.django_db


def test_archive_has_subscriptions_with_periods_of_this_company_alone(
    subscription: Subscription, company: Company, other_company: Company, owner: User
) -> None:
    (row,) = exports.subscriptions(company)
    assert (row["plan"], row["status"], row["periods"][0]["charged"]["amount"]) == ("starter", "active", "3100.00")
    assert list(exports.subscriptions(other_company)) == []
    assert [row["product_name"] for row in exports.granted(owner)] == ["erp"]


def test_erased_company_has_no_live_subscription(
    subscription: Subscription, company: Company, owner: User, other_company: Company, stranger: User, starter: Plan
) -> None:
    kept = subscribed(other_company, starter, stranger)
    quote = cancelling.quote(subscription=subscription, reason="other", comment="Ask Zuwena", by=owner, at=START)
    quotes.confirm(quote=quote, by=owner, at=START)
    erasers.erase_company(Erasing(company, company.name, frozenset(), on(2026, 3, 9)))
    subscription.refresh_from_db()
    assert (subscription.status, subscription.cancel_comment) == ("cancelled", "")
    assert not company.product_accesses.filter(is_open=True).exists()
    assert not Quote.objects.exclude(cancel_comment="").exists()
    kept.refresh_from_db()
    assert kept.status == "active"
    erasers.erase_person(Erasing(owner, str(owner), frozenset(), on(2026, 3, 9)))
    assert not Subscription.objects.filter(subscribed_by=owner).exists()


def test_unused_quotes_go_and_ended_subscriptions_stay_for_seven_years(subscription: Subscription, owner: User) -> None:
    cancelling.quote(subscription=subscription, reason="other", by=owner, at=START)
    cleaning.clean_up(at=START + timedelta(days=31))
    assert list(Quote.objects.values_list("action", flat=True)) == ["subscribe"]
    quote = cancelling.quote(subscription=subscription, reason="other", at_once=True, by=owner, at=START)
    quotes.confirm(quote=quote, by=owner, at=START)
    cleaning.clean_up(at=START + timedelta(days=KEPT_DAYS - 1))
    assert Subscription.objects.count() == 1
    cleaning.clean_up(at=START + timedelta(days=KEPT_DAYS + 1))
    assert (Subscription.objects.count(), Quote.objects.count()) == (0, 0)


def test_page_of_plans_says_what_the_company_has(
    company: Company, owner: User, other_company: Company, starter: Plan, business: Plan
) -> None:
    membership = Membership.objects.get(user=owner)
    both = [starter, business]
    new = {
        starter.pk: Standing(url="/customer/subscriptions/new/starter/?interval=month", label="Choose it"),
        business.pk: Standing(url="/customer/subscriptions/new/business/?interval=month", label="Choose it"),
    }
    assert standings.of_plans(company, membership, both, "month") == new
    subscription = subscribed(company, starter, owner)
    found = standings.of_plans(company, membership, both, "month")
    assert found == {
        starter.pk: Standing(is_current=True, note="Renews on 1 April 2026."),
        business.pk: Standing(
            url=f"/customer/subscriptions/{subscription.public_id}/change/?plan=business&interval=month",
            label="Change to it",
            note="You have Starter, monthly.",
        ),
    }
    assert standings.of_plans(other_company, membership, both, "month") == new
    changed(subscription, owner, at=START, plan=business)
    assert list(company_part.lines(company)) == ["ERP Business, monthly: Active, renews on 1 April 2026"]
