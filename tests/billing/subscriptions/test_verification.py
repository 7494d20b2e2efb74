"""Plans for verified companies: asked for when somebody wants one, and of nobody else."""

import pytest

from billing.catalog.models import Plan
from billing.catalog.registry import Standing
from billing.subscriptions import standings
from billing.subscriptions.models import Quote, Subscription
from billing.subscriptions.services import changes, subscribing
from billing.subscriptions.services.subscribing import VerificationNeeded
from portal.accounts.models import Company, Membership, User
from tests.billing.subscriptions.world import START, changed, nets, subscribed
from tests.cast import client_of

pytestmark = pytest.mark.django_db
Verification = Company.Verification
NOT_VERIFIED = [Verification.UNVERIFIED, Verification.PENDING, Verification.REJECTED, Verification.EXPIRED]


@pytest.fixture
def business(business: Plan) -> Plan:
    """ERP Business, which is for verified companies."""
    business.needs_verification = True
    business.save(update_fields=["needs_verification"])
    return business


def become(company: Company, state: str) -> Company:
    """The company, as far verified as said."""
    at = START if state == Verification.VERIFIED else None
    Company.objects.filter(pk=company.pk).update(verification=state, verified_at=at)
    return Company.objects.get(pk=company.pk)


@pytest.mark.parametrize("state", NOT_VERIFIED)
def test_such_a_plan_is_refused_until_staff_have_verified_the_company(
    company: Company, owner: User, starter: Plan, business: Plan, state: str
) -> None:
    company = become(company, state)
    with pytest.raises(VerificationNeeded, match="ERP Business is for companies that we have verified"):
        subscribing.quote(company=company, plan=business, interval="month", by=owner, at=START)
    mine = subscribed(company, starter, owner)
    with pytest.raises(VerificationNeeded):
        changes.quote(subscription=mine, plan=business, by=owner, at=START)
    assert (Quote.objects.count(), Subscription.objects.count(), nets(company)) == (1, 1, ["3100.00"])
    become(company, Verification.VERIFIED)
    mine.refresh_from_db()
    assert changed(mine, owner, at=START, plan=business).plan == business


def test_whoever_has_such_a_plan_keeps_it_when_papers_expire(company: Company, owner: User, business: Plan) -> None:
    mine = subscribed(become(company, Verification.VERIFIED), business, owner)
    become(company, Verification.EXPIRED)
    assert changed(mine, owner, at=START, interval="year").interval == "year"


@pytest.mark.parametrize(
    ("who", "state", "note"),
    [
        ("owner", Verification.UNVERIFIED, "We need to know your company first; that takes a few papers."),
        ("owner", Verification.EXPIRED, "We need to know your company first; that takes a few papers."),
        (
            "owner",
            Verification.PENDING,
            "We are looking at your papers. You can choose it as soon as you are verified.",
        ),
        (
            "billing_member",
            Verification.REJECTED,
            "Your company is not verified yet. Its owners and admins can hand in the papers.",
        ),
    ],
)
def test_page_of_plans_leads_to_the_papers(
    company: Company,
    owner: User,
    billing_member: User,
    other_company: Company,
    starter: Plan,
    business: Plan,
    who: str,
    state: str,
    note: str,
) -> None:
    user = {"owner": owner, "billing_member": billing_member}[who]
    found = standings.of_plans(become(company, state), Membership.objects.get(user=user), [starter, business], "month")
    leads = {"url": "/customer/settings/verification/", "label": "Verify your company"} if "few papers" in note else {}
    assert (found[business.pk], found[starter.pk].label) == (Standing(note=note, **leads), "Choose it")
    page = client_of(user).get("/customer/plans/").text
    assert (note in page, page.count("For companies that we have verified")) == (True, 1)
    verified = become(other_company, Verification.VERIFIED)
    theirs = standings.of_plans(verified, Membership.objects.get(user=user), [business], "month")
    assert theirs[business.pk].label == "Choose it"


def test_whoever_comes_by_the_address_is_told_in_words(company: Company, owner: User, business: Plan) -> None:
    answer = client_of(owner).post("/customer/subscriptions/new/business/", {"interval": "month", "seats": "1"})
    assert answer.status_code == 200
    assert (
        "is for companies that we have verified. Hand in the papers under Company › Verification first." in answer.text
    )
    assert Quote.objects.count() == 0
