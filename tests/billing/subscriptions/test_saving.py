"""Suggestions as the page shows them: sums for every member, a button for who manages billing, and the quote's sum."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from billing.catalog.models import Plan, PlanFamily
from billing.subscriptions import suggestions
from billing.subscriptions.models import Quote
from billing.subscriptions.services import changes
from portal.accounts.models import Company, User
from tests.billing.subscriptions.test_suggestions import asked, had, today
from tests.billing.subscriptions.world import kes
from tests.cast import client_of
from tests.factories import CompanyFactory, MembershipFactory, PlanFactory, PlanPriceFactory

pytestmark = pytest.mark.django_db
PART = "/customer/usage/parts/suggestions/"
HTMX: dict[str, Any] = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def team(db: None) -> Plan:
    """ERP Team alone: 1,000 KES a seat and month, 2 to 40 seats."""
    plan = PlanFactory.create(level=30, name="Team", slug="team", seats_min=2, seats_max=40)
    PlanPriceFactory.create(plan=plan, amount=kes(1000), is_per_seat=True)
    return plan


def test_one_click_leads_to_the_change_filled_in(company: Company, owner: User, team: Plan) -> None:
    had(company, team, owner, seats=10)
    browser = client_of(owner)
    answer = browser.get(PART, **HTMX)
    (one,) = answer.context["suggestions"]
    assert "See the change" in answer.content.decode()
    form = browser.get(one.url).context["form"]
    assert (form["plan"].value(), form["interval"].value(), form["seats"].value()) == ("team", "month", "2")
    posted = browser.post(one.url, {"plan": "team", "interval": "month", "seats": "2"})
    assert Quote.objects.latest("pk").seats == 2
    assert posted.status_code == 302


def test_who_does_not_manage_billing_sees_the_sum_without_the_button(
    company: Company, owner: User, viewer: User, team: Plan
) -> None:
    had(company, team, owner, seats=10)
    body = client_of(viewer).get(PART, **HTMX).content.decode()
    assert "8,000.00" in body
    assert "See the change" not in body


def test_nonsense_for_seats_in_the_address_breaks_nothing(company: Company, owner: User, team: Plan) -> None:
    mine = had(company, team, owner, seats=10)
    address = f"/customer/subscriptions/{mine.public_id}/change/?seats=%3Cscript%3E"
    answer = Client()
    answer.force_login(owner)
    shown = answer.get(address)
    assert shown.status_code == 200
    assert "<script>" not in shown.content.decode().split("<main")[1].split("</main")[0]


amounts = st.integers(100, 10_000_000).map(lambda cents: kes(cents) / 100)


class Savings(TestCase):
    """Whatever plans cost, each suggestion saves exactly what its quote says."""

    @settings(max_examples=20, deadline=None)
    @given(
        prices=st.lists(st.tuples(amounts, amounts, st.booleans()), min_size=1, max_size=3),
        seats=st.integers(1, 12),
        yearly=st.booleans(),
    )
    def test_a_saving_is_the_difference_of_the_quote(self, prices: Any, seats: int, yearly: bool) -> None:
        company = CompanyFactory.create()
        owner = MembershipFactory.create(company=company, role="owner").user
        family = PlanFamily.objects.create(slug=f"f{company.pk}", name="Family")
        for level, (month, year, per_seat) in enumerate(prices):
            plan = PlanFactory.create(family=family, level=level)
            PlanPriceFactory.create(plan=plan, amount=month, is_per_seat=per_seat)
            PlanPriceFactory.create(plan=plan, amount=year, interval="year", is_per_seat=per_seat)
        interval = "year" if yearly else "month"
        mine = had(company, plan, owner, interval=interval, seats=seats)
        for one in suggestions.of(company, today()):
            quote = changes.quote(subscription=mine, by=owner, at=timezone.now(), **asked(one.url))
            times = 12 if one.per == "a year" and not yearly else 1
            assert one.saving == mine.amount * times - quote.per_period
            assert one.saving.amount > 0
