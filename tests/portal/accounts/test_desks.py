"""For whom a person acts."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts import desks
from portal.accounts.models import Company, Invitation, User
from portal.teams.models import Agency, Developer
from resellers.models import Reseller
from tests.cast import client_of
from tests.factories import CompanyFactory, MembershipFactory, UserFactory


def keys(user: User) -> list[str]:
    return [desk.key for desk in desks.desks_of(user)]


def test_each_of_the_cast_has_the_desks_of_what_they_are(
    owner: User, developer: User, agency_admin: User, reseller: User, support: User, editor: User
) -> None:
    assert keys(owner) == ["company:savanna-foods"]
    assert keys(developer) == ["developer:own"]
    assert keys(agency_admin) == ["agency:talent"]
    assert keys(reseller) == ["reseller:own"]
    assert keys(support) == ["staff:vendor"]
    assert keys(editor) == []


def test_a_person_with_several_desks_gets_them_in_the_order_of_their_kinds(owner: User, other_company: Company) -> None:
    Reseller.objects.create(user=owner, business_name="Side business", status=Reseller.Status.APPROVED)
    MembershipFactory.create(company=other_company, user=owner)
    assert keys(owner) == ["company:ridgeline-sacco", "company:savanna-foods", "reseller:own"]


def test_all_desks_of_all_kinds_take_one_query(owner: User, developer: User, agency_admin: User, support: User) -> None:
    Developer.objects.update(user=support)
    for agency in Agency.objects.all():
        agency.admins.add(support)
    for name in ("ant", "Bee"):
        MembershipFactory.create(company=CompanyFactory.create(name=name, slug=f"{name.lower()}-company"), user=support)
    with CaptureQueriesContext(connection) as queries:
        assert keys(support) == [
            "company:ant-company",
            "company:bee-company",
            "developer:own",
            "agency:talent",
            "staff:vendor",
        ]
    assert len(queries) == 1


@pytest.mark.parametrize("status", ["pending", "rejected", "suspended"])
def test_a_reseller_who_is_not_approved_has_no_desk(reseller: User, status: str) -> None:
    Reseller.objects.update(status=status)
    assert keys(reseller) == []


def test_a_rejected_developer_has_no_desk_and_one_who_waits_has(developer: User) -> None:
    Developer.objects.update(status=Developer.Status.PENDING)
    assert keys(developer) == ["developer:own"]
    Developer.objects.update(status=Developer.Status.REJECTED)
    assert keys(developer) == []


def test_a_closed_company_is_no_desk(owner: User, company: Company) -> None:
    Company.objects.update(is_active=False)
    assert keys(owner) == []


def test_switching_leads_to_the_dashboard_of_the_desk_and_is_remembered(
    owner: User, other_company: Company, portal_site: None
) -> None:
    MembershipFactory.create(company=other_company, user=owner)
    client = client_of(owner)
    answer = client.post("/desks/switch/", {"desk": "company:savanna-foods"})
    assert (answer.status_code, answer["Location"]) == (302, "/customer/dashboard/")
    assert client.get("/customer/dashboard/").wsgi_request.company.slug == "savanna-foods"
    client.post("/desks/switch/", {"desk": "company:ridgeline-sacco"})
    assert client.get("/customer/dashboard/").wsgi_request.company.slug == "ridgeline-sacco"


@pytest.mark.parametrize(
    "key",
    ["company:ridgeline-sacco", "staff:vendor", "agency:talent", "company:", "nonsense", "", "x:\x00", "company:\x00"],
)
def test_nobody_switches_to_a_desk_that_is_not_theirs(
    owner: User, stranger: User, agency_admin: User, key: str
) -> None:
    client = client_of(owner)
    client.post("/desks/switch/", {"desk": "company:savanna-foods"})
    assert client.post("/desks/switch/", {"desk": key}).status_code == 404
    assert client.session["desk"] == "company:savanna-foods"


def test_a_membership_that_ended_ends_the_desk_at_once(owner: User, company: Company, portal_site: None) -> None:
    client = client_of(owner)
    assert client.get("/customer/dashboard/").status_code == 200
    company.memberships.filter(user=owner).delete()
    assert client.get("/customer/dashboard/").status_code == 404


def test_dashboard_leads_people_without_a_desk_to_their_work_or_to_the_ways_to_go_on(editor: User) -> None:
    assert client_of(editor).get("/dashboard/")["Location"] == "/admin/"
    assert client_of(UserFactory.create()).get("/dashboard/")["Location"] == "/customer/join/"
    assert Client().get("/dashboard/")["Location"] == "/accounts/login/?next=/dashboard/"


def current_of(page: str) -> list[str]:
    """The entries of the sidebar that say that they are the page."""
    sidebar = page.split('<nav class="sidebar"')[1].split("</nav>", maxsplit=1)[0]
    return re.findall(r'href="([^"]+)" aria-current="page"', sidebar)


def test_one_entry_of_the_sidebar_is_the_page(owner: User) -> None:
    client = client_of(owner)
    assert current_of(client.get("/customer/team/approvals/").text) == ["/customer/team/approvals/"]
    assert current_of(client.get("/customer/team/").text) == ["/customer/team/"]


def test_whoever_belongs_nowhere_finds_first_steps_in_the_sidebar(db: None) -> None:
    page = client_of(UserFactory.create()).get("/customer/join/").text
    assert current_of(page) == ["/customer/join/"]
    assert "topbar__divider" not in page


class TestAnotherTab:
    """A form that was opened at one company is never carried out at another."""

    INVITE = "/customer/members/invite/"

    def token(self, client: Client) -> str:
        page = client.get(self.INVITE).content.decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert found
        return found[1]

    def invite(self, client: Client, token: str) -> int:
        sent = {"email": "new@acacia.example", "role": "viewer", "csrfmiddlewaretoken": token}
        return client.post(self.INVITE, sent).status_code

    @pytest.fixture
    def client_of_both(self, owner: User, other_company: Company, portal_site: None) -> Client:
        MembershipFactory.create(company=other_company, user=owner, role="owner")
        client = Client(enforce_csrf_checks=True)
        client.force_login(owner)
        client.get(self.INVITE)
        return client

    def test_a_form_of_before_the_switch_is_refused(self, client_of_both: Client, company: Company) -> None:
        old = self.token(client_of_both)
        chosen = {"desk": f"company:{company.slug}", "csrfmiddlewaretoken": old}
        assert client_of_both.post("/desks/switch/", chosen).status_code == 302
        assert self.invite(client_of_both, old) == 403
        assert not Invitation.objects.exists()
        assert self.invite(client_of_both, self.token(client_of_both)) == 302
        assert Invitation.objects.get().company == company

    def test_the_refusal_says_what_happened_in_the_name_of_the_brand(self, client_of_both: Client) -> None:
        page = client_of_both.post(self.INVITE, {"email": "new@acacia.example"}).content.decode()
        assert "You have chosen another company since this form was opened" in page
        assert "<span>Tamarind</span>" in page

    def test_choosing_the_desk_in_use_leaves_forms_alone(self, client_of_both: Client, other_company: Company) -> None:
        old = self.token(client_of_both)
        chosen = {"desk": f"company:{other_company.slug}", "csrfmiddlewaretoken": old}
        assert client_of_both.post("/desks/switch/", chosen).status_code == 302
        assert self.invite(client_of_both, old) == 302
        assert Invitation.objects.get().company == other_company

    def test_a_form_of_a_company_that_one_was_removed_from_is_refused(
        self, client_of_both: Client, owner: User, other_company: Company
    ) -> None:
        old = self.token(client_of_both)
        owner.memberships.get(company=other_company).delete()
        for _again in range(2):
            assert self.invite(client_of_both, old) == 403
        assert not Invitation.objects.exists()
        assert self.invite(client_of_both, self.token(client_of_both)) == 302

    def test_who_was_removed_signs_out_all_the_same(
        self, client_of_both: Client, owner: User, other_company: Company
    ) -> None:
        old = self.token(client_of_both)
        owner.memberships.get(company=other_company).delete()
        assert client_of_both.post("/accounts/logout/", {"csrfmiddlewaretoken": old}).status_code == 302
        assert "_auth_user_id" not in client_of_both.session
