"""Which products a company may open, which members, and what they are told when one closes."""

import pytest
from django.test import Client

from billing.catalog.models import Plan, Product
from billing.subscriptions.models import ProductAccess, ProductGrant, Subscription
from billing.subscriptions.services import access, standing
from billing.subscriptions.services.access import Products, SeatsTaken
from portal.accounts import grants
from portal.accounts.models import Company, Membership, User
from portal.accounts.services import invitations, members
from portal.activity.models import ActivityEvent
from portal.notifications.models import Notification
from tests.billing.subscriptions.world import START, changed, on, subscribed
from tests.cast import client_of
from tests.factories import (
    MembershipFactory,
    PlanFactory,
    PlanFamilyFactory,
    ProductAccessFactory,
    ProductFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LATER = on(2026, 3, 20)


@pytest.fixture
def bundle(starter: Plan) -> Plan:
    """ERP and Payroll in a family of their own; below it Payroll alone."""
    family = PlanFamilyFactory.create(slug="office")
    PlanFactory.create(family=family, level=10, slug="payroll", month=500, products=["payroll"])
    return PlanFactory.create(family=family, level=20, slug="bundle", month=900, products=["erp", "payroll"])


def opened(company: Company) -> dict[str, str]:
    """Why each product is closed, or "open"."""
    rows = ProductAccess.objects.for_company(company).select_related("product")
    return {row.product.slug: "open" if row.is_open else row.closed_reason for row in rows}


def test_product_stays_open_while_any_subscription_gives_it(
    company: Company, owner: User, subscription: Subscription, bundle: Plan
) -> None:
    other = subscribed(company, bundle, owner)
    for row in (other, subscription):
        standing.mark_past_due(subscription=row, at=LATER)
    standing.suspend(subscription=subscription, at=LATER)
    assert opened(company) == {"erp": "open", "payroll": "open"}
    standing.suspend(subscription=other, at=LATER)
    assert opened(company) == {"erp": "suspended", "payroll": "suspended"}
    standing.cancel_unpaid(subscription=subscription, at=LATER)
    assert opened(company)["erp"] == "suspended"
    standing.reactivate(subscription=other, at=LATER)
    assert opened(company) == {"erp": "open", "payroll": "open"}


def test_product_that_the_plan_lost_is_closed(company: Company, owner: User, bundle: Plan) -> None:
    payroll = Plan.objects.get(slug="payroll")
    subscription = subscribed(company, payroll, owner)
    changed(subscription, owner, at=START, plan=bundle)
    assert opened(company) == {"erp": "open", "payroll": "open"}
    changed(subscription, owner, at=START, plan=payroll)
    assert opened(company) == {"erp": "not_in_plan", "payroll": "open"}


def test_what_staff_gave_without_a_subscription_stays(
    company: Company, subscription: Subscription, other_company: Company
) -> None:
    ProductAccessFactory.create(company=company, product=ProductFactory.create(slug="payroll"))
    standing.cancel_unpaid(subscription=subscription, at=LATER)
    assert (opened(company), opened(other_company)) == ({"erp": "cancelled", "payroll": "open"}, {"sacco": "open"})


def test_following_again_changes_nothing(company: Company, subscription: Subscription) -> None:
    standing.cancel_unpaid(subscription=subscription, at=LATER)
    before = list(ProductAccess.objects.values())
    access.follow([company.pk], at=on(2026, 5, 1))
    assert list(ProductAccess.objects.values()) == before
    assert Notification.objects.filter(kind="access_closed").count() == 1


def test_only_who_was_granted_is_told_that_it_closed(
    company: Company, subscription: Subscription, viewer: User, billing_member: User
) -> None:
    access.give(membership=Membership.objects.get(user=viewer), products=Product.objects.filter(slug="erp"), by=None)
    standing.cancel_unpaid(subscription=subscription, at=LATER)
    told = Notification.objects.filter(kind="access_closed")
    assert set(told.values_list("recipient__email", flat=True)) == {"owner@savanna.example", viewer.email}
    assert "The subscription was cancelled." in told[0].body


def test_members_are_given_exactly_what_is_chosen_of_what_is_open(
    company: Company, owner: User, viewer: User, subscription: Subscription
) -> None:
    membership = Membership.objects.get(user=viewer)
    closed = ProductAccessFactory.create(company=company, product=ProductFactory.create(slug="payroll"), is_open=False)
    access.give(membership=membership, products=[closed.product], by=owner)
    source = grants.sources.get("products")
    assert [option.key for option in source.options(company)] == ["erp"]
    members.change(company=company, user=viewer, role="viewer", by=owner, chosen={"products": ["erp", "sacco"]})
    assert sorted(source.held(membership)) == ["erp", "payroll"]
    members.change(company=company, user=viewer, role="viewer", by=owner, chosen={"products": []})
    assert source.held(membership) == ["payroll"]
    verbs = ["product.granted", "product.taken"]
    assert [ActivityEvent.objects.filter(verb=verb, company=company).count() for verb in verbs] == [1, 1]


def test_invitation_gives_its_products_when_it_is_accepted(
    company: Company, owner: User, subscription: Subscription
) -> None:
    invitation = invitations.invite(
        company=company, email="new@savanna.example", role="viewer", by=owner, at=LATER, grants={"products": ["erp"]}
    )
    joining = UserFactory.create(email="new@savanna.example")
    membership = invitations.accept(invitation=invitation, user=joining, at=LATER)
    assert Products().held(membership) == ["erp"]
    assert ProductGrant.objects.usable().filter(membership=membership).count() == 1
    members.remove(company=company, user=joining, by=owner, at=LATER)
    assert not ProductGrant.objects.filter(membership__user=joining).exists()


def test_pages_of_members_offer_products(
    company: Company, owner: User, viewer: User, subscription: Subscription, portal_site: None
) -> None:
    client: Client = client_of(owner)
    for address in ("/customer/members/invite/", f"/customer/members/{viewer.public_id}/"):
        page = client.get(address)
        assert page.status_code == 200, address
        assert "Products" in page.text
        assert 'value="erp"' in page.text
    answer = client.post(f"/customer/members/{viewer.public_id}/", {"role": "viewer", "grant_products": ["erp"]})
    assert answer.status_code == 302
    assert Products().held(Membership.objects.get(user=viewer)) == ["erp"]


def may_open(company: Company) -> set[str]:
    return set(
        ProductGrant.objects.filter(membership__company=company).values_list("membership__user__email", flat=True)
    )


def test_no_more_members_are_given_products_than_there_are_seats(
    company: Company, owner: User, viewer: User, billing_member: User, team: Plan
) -> None:
    mine = subscribed(company, team, owner, seats=2)
    members.change(company=company, user=viewer, role="viewer", by=owner, chosen={"products": ["erp"]})
    with pytest.raises(SeatsTaken) as refusal:
        members.change(company=company, user=billing_member, role="viewer", by=owner, chosen={"products": ["erp"]})
    assert refusal.value.message == (
        "ERP Team has 2 seats, and all are taken. Add seats under Subscriptions, or take its products from another "
        "member first."
    )
    billing_member.memberships.get(company=company, role="billing")
    assert may_open(company) == {owner.email, viewer.email}
    # Who has a seat keeps it, whatever else of them is changed; one that is given up is free, and so is one more.
    members.change(company=company, user=viewer, role="admin", by=owner, chosen={"products": ["erp"]})
    members.change(company=company, user=viewer, role="viewer", by=owner, chosen={"products": []})
    members.change(company=company, user=billing_member, role="viewer", by=owner, chosen={"products": ["erp"]})
    changed(mine, owner, at=LATER, seats=3)
    members.change(company=company, user=viewer, role="viewer", by=owner, chosen={"products": ["erp"]})
    assert may_open(company) == {owner.email, viewer.email, billing_member.email}


def test_plan_with_a_price_in_all_has_as_many_members_as_it_allows(
    company: Company, owner: User, viewer: User, subscription: Subscription
) -> None:
    erp = Product.objects.filter(slug="erp")
    for _ in range(4):
        access.give(membership=MembershipFactory.create(company=company), products=erp, by=None)
    with pytest.raises(SeatsTaken, match=r"ERP Starter is for 5 members, and so many have it\."):
        members.change(company=company, user=viewer, role="viewer", by=owner, chosen={"products": ["erp"]})


def test_one_seat_is_enough_for_all_products_of_a_plan(company: Company, owner: User, team: Plan) -> None:
    team.products.add(ProductFactory.create(slug="payroll"))
    team.save()
    subscribed(company, team, owner, seats=2)
    newcomer = MembershipFactory.create(company=company)
    Products().give(newcomer, ["erp"], by=owner)
    Products().give(newcomer, ["erp", "payroll"], by=owner)
    assert sorted(Products().held(newcomer)) == ["erp", "payroll"]


def test_whoever_joins_when_seats_have_run_out_joins_without(company: Company, owner: User, team: Plan) -> None:
    subscribed(company, team, owner, seats=2)
    invitation = invitations.invite(
        company=company, email="new@savanna.example", role="viewer", by=owner, at=LATER, grants={"products": ["erp"]}
    )
    Products().give(MembershipFactory.create(company=company), ["erp"], by=owner)
    joining = UserFactory.create(email="new@savanna.example")
    membership = invitations.accept(invitation=invitation, user=joining, at=LATER)
    assert Products().held(membership) == []


def test_page_of_a_member_says_that_seats_are_taken(
    company: Company, owner: User, viewer: User, billing_member: User, team: Plan, portal_site: None
) -> None:
    subscribed(company, team, owner, seats=2)
    Products().give(Membership.objects.get(user=viewer), ["erp"], by=owner)
    address = f"/customer/members/{billing_member.public_id}/"
    answer = client_of(owner).post(address, {"role": "billing", "grant_products": ["erp"]})
    assert "ERP Team has 2 seats, and all are taken." in answer.text
    assert may_open(company) == {owner.email, viewer.email}
