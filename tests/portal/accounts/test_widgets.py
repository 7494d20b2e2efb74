"""What a new company is reminded of on its dashboard."""

from datetime import date

import pytest
from allauth.account.models import EmailAddress
from django.test import RequestFactory

from portal.accounts.models import Company, User
from portal.accounts.widgets import setup_steps
from portal.core.widgets import Period, Scope
from tests.factories import MembershipFactory


def steps(company: Company, user: User) -> dict[str, str]:
    request = RequestFactory().get("/")
    request.company, request.membership = company, company.memberships.get(user=user)
    found = setup_steps(Scope(request, Period(date(2026, 1, 1), date(2026, 2, 1))))
    return {step["name"]: step["state"] for step in found}


def test_a_new_company_has_all_before_it(owner: User, company: Company) -> None:
    assert steps(company, owner) == dict.fromkeys(
        ["company-edit", "company-address", "member-invite", "verification"], "upcoming"
    )


def test_what_is_done_is_ticked_off_and_all_done_is_gone(owner: User, company: Company) -> None:
    MembershipFactory.create(company=company)
    company.legal_name = "Savanna Ltd"
    assert steps(company, owner) == {
        "company-edit": "done",
        "company-address": "upcoming",
        "member-invite": "done",
        "verification": "upcoming",
    }
    company.billing_street = "Mombasa Road"
    company.await_verification()
    assert steps(company, owner) == {}


@pytest.mark.parametrize("name", ["billing_member", "viewer"])
def test_who_may_do_nothing_of_it_sees_nothing(request: pytest.FixtureRequest, company: Company, name: str) -> None:
    assert steps(company, request.getfixturevalue(name)) == {}


def test_an_admin_is_not_sent_to_the_billing_address(company_admin: User, company: Company) -> None:
    assert list(steps(company, company_admin)) == ["company-edit", "member-invite", "verification"]


def test_an_address_that_is_not_confirmed_comes_first(owner: User, company: Company) -> None:
    EmailAddress.objects.update_or_create(user=owner, email=owner.email, defaults={"verified": False, "primary": True})
    assert next(iter(steps(company, owner))) == "account_email"
    EmailAddress.objects.filter(user=owner).update(verified=True)
    assert "account_email" not in steps(company, owner)
