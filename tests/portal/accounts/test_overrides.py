"""Staff look at companies in the Wagtail admin, and act in their place with a reason that the company reads."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from portal.accounts.models import Company, Membership, User
from portal.accounts.roles import NotAllowed
from portal.accounts.services import companies, members
from portal.activity.models import ActivityEvent
from portal.approvals.services import ReasonMissing
from portal.notifications.models import Notification
from tests.cast import client_of
from tests.factories import AssignmentFactory, CompanyFactory, MembershipFactory

REASON = {"override": "The owner asked by phone."}
LIST = "/admin/snippets/accounts/company/"


def address(name: str, *args: int) -> str:
    return reverse(f"wagtailsnippets_accounts_company:{name}", args=args)


def state(company: Company) -> tuple[Any, ...]:
    """All that an action may change, and what tells of it."""
    company.refresh_from_db()
    roles = company.memberships.order_by("pk").values_list("user__email", "role", "can_sign_contracts")
    events = ActivityEvent.objects.for_company(company).count()
    return (company.is_active, company.is_labs_customer, list(roles), events, Notification.objects.count())


def membership(company: Company, user: User) -> Membership:
    return Membership.objects.get(company=company, user=user)


def refused(client: Client, url: str, data: dict[str, Any]) -> str:
    """The sentence that the form shows."""
    answer = client.post(url, data)
    assert answer.status_code == 200
    (message,) = [error for errors in answer.context["form"].errors.values() for error in errors]
    assert message.replace("'", "&#x27;") in answer.text
    return str(message)


class TestRegister:
    def test_list_is_narrowed_and_searched(self, company: Company, owner: User, other_company: Company, staff: User):
        Company.objects.filter(pk=company.pk).update(country="KE", size="11-50", is_labs_customer=True)
        Company.objects.filter(pk=other_company.pk).update(country="UG", is_active=False, legal_name="Ridge Ltd")
        client = client_of(staff)
        for query, found in {
            "": ["Ridgeline SACCO", "Savanna Foods"],
            "?ordering=-name": ["Savanna Foods", "Ridgeline SACCO"],
            "?country=UG": ["Ridgeline SACCO"],
            "?size=11-50": ["Savanna Foods"],
            "?is_labs_customer=yes": ["Savanna Foods"],
            "?is_active=no": ["Ridgeline SACCO"],
            "?verification=verified": [],
            "?q=ridge ltd": ["Ridgeline SACCO"],
            "?q=owner@savanna.example": ["Savanna Foods"],
            "?q=owner@savanna": [],
        }.items():
            rows = client.get(LIST + query).context["object_list"]
            assert [row.name for row in rows] == found, query

    def test_page_tells_all_and_leads_to_what_may_be_done(self, company: Company, owner: User, staff: User) -> None:
        members.change_role(company=company, user=owner, role="owner", by=owner, flags={})
        AssignmentFactory.create(company=company, active=True, developer__user__first_name="Amina")
        page = client_of(staff).get(address("inspect", company.pk)).text
        for words in (owner.email, "Savanna Foods", "Amina", "gave", address("deactivate", company.pk)):
            assert words in page, words
        for name in ("change_role", "remove_member"):
            assert address(name, membership(company, owner).pk) in page

    def test_queries_are_few_and_the_same_for_many(
        self, company: Company, owner: User, support: User, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client, page = client_of(support), address("inspect", company.pk)
        counts = {}
        for url in (LIST, page):
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts[url] = len(queries)
        CompanyFactory.create_batch(30)
        MembershipFactory.create_batch(20, company=company)
        AssignmentFactory.create_batch(5, company=company, active=True)
        for url, count in counts.items():
            with django_assert_num_queries(count):
                client.get(url)
        assert counts[LIST] < 12, counts

    @pytest.mark.parametrize("person", ["editor", "owner", "developer", "anonymous"])
    def test_others_see_and_do_nothing(self, person: str, company: Company, owner: User, request) -> None:
        before, client = state(company), client_of(request.getfixturevalue(person))
        before = state(company)
        for url in (LIST, address("inspect", company.pk), address("deactivate", company.pk)):
            assert client.get(url).status_code == 302
        assert client.post(address("deactivate", company.pk), REASON).status_code == 302
        assert client.get("/admin/snippets/choose/accounts/company/").status_code in {302, 404}
        assert state(company) == before

    @pytest.mark.parametrize("person", ["support", "finance"])
    def test_others_of_the_staff_look_and_do_nothing(self, person: str, company: Company, owner: User, request) -> None:
        client = client_of(request.getfixturevalue(person))
        before = state(company)
        assert client.get(LIST).status_code == 200
        page = client.get(address("inspect", company.pk))
        assert (page.status_code, address("deactivate", company.pk) in page.text) == (200, False)
        for name in ("mark_labs", "deactivate"):
            assert client.post(address(name, company.pk), REASON).status_code == 302
        for name in ("change_role", "remove_member"):
            data = {**REASON, "role": "viewer"}
            assert client.post(address(name, membership(company, owner).pk), data).status_code == 302
        assert state(company) == before

    def test_nobody_adds_edits_or_deletes(self, company: Company, staff: User) -> None:
        client = client_of(staff)
        for verb in ("add", f"edit/{company.pk}", f"delete/{company.pk}", f"copy/{company.pk}"):
            assert client.post(f"{LIST}{verb}/").status_code == 404
        client.post(f"/admin/bulk/accounts/company/delete/?id={company.pk}")
        assert Company.objects.filter(pk=company.pk).exists()


class TestActing:
    @pytest.fixture
    def client(self, staff: User) -> Client:
        return client_of(staff)

    def told(self, company: Company, verb: str) -> str:
        """What the company's trail says."""
        event = ActivityEvent.objects.for_company(company).get(verb=verb)
        return event.sentence("Somebody")

    def test_role_and_rights_are_changed(self, client: Client, company: Company, owner: User, viewer: User) -> None:
        data = {**REASON, "role": "admin", "can_sign_contracts": "on"}
        row = membership(company, viewer)
        assert client.post(address("change_role", row.pk), data).status_code == 302
        row.refresh_from_db()
        assert (row.role, row.can_sign_contracts, row.can_approve_developers) == ("admin", True, False)
        assert self.told(company, "member.role").endswith("our staff in the company's place: The owner asked by phone.")
        assert "The owner asked by phone." in client_of(owner).get("/customer/settings/activity/").text
        assert Notification.objects.get(kind="role_changed").recipient == viewer

    def test_member_is_removed_but_never_the_last_owner(
        self, client: Client, company: Company, owner: User, viewer: User
    ) -> None:
        assert client.post(address("remove_member", membership(company, viewer).pk), REASON).status_code == 302
        assert not company.memberships.filter(user=viewer).exists()
        assert "The owner asked by phone." in self.told(company, "member.removed")
        before = state(company)
        url = address("remove_member", membership(company, owner).pk)
        assert refused(client, url, REASON) == (
            "A company keeps at least one owner. Make somebody else an owner first."
        )
        assert state(company) == before

    def test_ownership_is_handed_over(self, client: Client, company: Company, owner: User, viewer: User) -> None:
        url = address("transfer", membership(company, viewer).pk)
        assert client.post(url, {**REASON, "of": owner.pk}).status_code == 302
        roles = dict(company.memberships.values_list("user__email", "role"))
        assert roles == {owner.email: "admin", viewer.email: "owner"}
        assert "The owner asked by phone." in self.told(company, "member.ownership")
        assert Notification.objects.filter(kind="role_changed").count() == 2

    def test_only_an_owner_of_the_company_hands_over(
        self, client: Client, company: Company, owner: User, viewer: User, stranger: User
    ) -> None:
        before = state(company)
        url = address("transfer", membership(company, viewer).pk)
        for other in (viewer, stranger):
            refused(client, url, {**REASON, "of": other.pk})
        with pytest.raises(members.NotAnOwner):
            members.transfer_ownership(
                company=company, to=owner, of=viewer, by=User.objects.get(is_superuser=True), override="x"
            )
        with pytest.raises(members.NotAnOwner):
            members.transfer_ownership(company=company, to=owner, by=User.objects.get(is_superuser=True), override="x")
        assert state(company) == before

    def test_labs_customer_is_marked_and_unmarked_once(self, client: Client, company: Company, owner: User) -> None:
        for name, wanted, verb in (("mark_labs", True, "company.labs_on"), ("unmark_labs", False, "company.labs_off")):
            assert client.post(address(name, company.pk), REASON).status_code == 302
            before = state(company)
            assert before[1] is wanted
            assert "The owner asked by phone." in self.told(company, verb)
            refused(client, address(name, company.pk), REASON)
            assert state(company) == before

    def test_access_is_closed_at_once_and_opened_again(self, client: Client, company: Company, owner: User) -> None:
        theirs = client_of(owner)
        assert theirs.get("/customer/dashboard/").status_code == 200
        assert client.post(address("deactivate", company.pk), REASON).status_code == 302
        assert theirs.get("/customer/settings/").status_code == 404
        refused(client, address("deactivate", company.pk), REASON)
        assert Notification.objects.get(kind="company_deactivated").recipient == owner
        assert "The owner asked by phone." in Notification.objects.get(kind="company_deactivated").body
        assert client.post(address("reactivate", company.pk), REASON).status_code == 302
        assert theirs.get("/customer/settings/").status_code == 200
        refused(client, address("reactivate", company.pk), REASON)
        verbs = ActivityEvent.objects.for_company(company).filter(verb__endswith="activated").order_by("pk")
        assert [event.verb for event in verbs] == ["company.deactivated", "company.reactivated"]

    def test_erased_company_stays_closed(self, client: Client, company: Company, owner: User) -> None:
        Company.objects.filter(pk=company.pk).update(is_active=False, erased_at=timezone.now())
        before = state(company)
        assert "erased" in refused(client, address("reactivate", company.pk), REASON)
        assert state(company) == before

    def test_nothing_happens_without_a_reason(
        self, client: Client, company: Company, owner: User, viewer: User
    ) -> None:
        before, row = state(company), membership(company, viewer)
        for name, key, data in (
            ("change_role", row.pk, {"role": "admin"}),
            ("remove_member", row.pk, {}),
            ("transfer", row.pk, {"of": owner.pk}),
            ("mark_labs", company.pk, {}),
            ("deactivate", company.pk, {}),
        ):
            refused(client, address(name, key), {**data, "override": "  "})
        assert state(company) == before

    def test_services_ask_for_right_and_reason(
        self, company: Company, owner: User, viewer: User, support: User, staff: User
    ) -> None:
        before = state(company)
        for by, reason, error in (
            (support, "Because.", NotAllowed),
            (owner, "Because.", NotAllowed),
            (staff, " ", ReasonMissing),
        ):
            acting: dict[str, Any] = {"company": company, "by": by, "override": reason}
            with pytest.raises(error):
                members.remove(user=viewer, at=timezone.now(), **acting)
            with pytest.raises(error):
                members.change_role(user=viewer, role="admin", **acting)
            with pytest.raises(error):
                members.transfer_ownership(to=viewer, of=owner, **acting)
            with pytest.raises(error):
                companies.set_labs_customer(wanted=True, at=timezone.now(), **acting)
            with pytest.raises(error):
                companies.deactivate(at=timezone.now(), **acting)
        with pytest.raises(NotAllowed):
            members.remove(company=company, user=viewer, by=staff, at=timezone.now())
        assert state(company) == before
