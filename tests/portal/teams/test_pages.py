"""The team at a company's desk, at the developer's and at the agency's."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.approvals.models import Approval
from portal.teams.models import Agency, Assignment, Developer
from portal.teams.services import assignments, removals
from tests.cast import client_of
from tests.factories import AgencyFactory, AssignmentFactory, DeveloperFactory, UserFactory
from tests.portal.teams.conftest import AT
from tests.portal.teams.told import told

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def names(client: Client, query: str = "") -> list[str]:
    """Developers on the page of the team, in order."""
    return [row["cells"][0]["value"] for row in client.get(f"/customer/team/{query}").context["rows"]]


@pytest.fixture
def team(company: Company, other_company: Company) -> list[Assignment]:
    """Four of a company's assignments, and one of another's."""
    talent = AgencyFactory.create(name="Talent Works")

    def person(first: str, last: str, **fields: object) -> Developer:
        return DeveloperFactory.create(user=UserFactory.create(first_name=first, last_name=last), **fields)

    made = [
        AssignmentFactory.create(company=company, developer=person("Amina", "Hassan", skills=["Django"]), active=True),
        AssignmentFactory.create(company=company, developer=person("Bob", "Njoroge", agency=talent), notice=True),
        AssignmentFactory.create(company=company, developer=person("Cara", "Ali", skills=["Payroll"])),
        AssignmentFactory.create(company=company, developer=person("Dan", "Mutua"), ended=True),
        AssignmentFactory.create(company=other_company, developer=person("Eve", "Other"), active=True),
    ]
    for number, row in enumerate(made):
        Assignment.objects.filter(pk=row.pk).update(proposed_at=AT - timedelta(days=number))
    return made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Amina Hassan", "Bob Njoroge", "Cara Ali"]),
        ("?state=active", ["Amina Hassan"]),
        ("?state=notice", ["Bob Njoroge"]),
        ("?state=proposed", ["Cara Ali"]),
        ("?state=past", ["Dan Mutua"]),
        ("?state=nonsense&source=x&page=99&view=y", ["Amina Hassan", "Bob Njoroge", "Cara Ali"]),
        ("?source=agency", ["Bob Njoroge"]),
        ("?source=independent", ["Amina Hassan", "Cara Ali"]),
        ("?q=bob+njo", ["Bob Njoroge"]),
        ("?q=PAYROLL", ["Cara Ali"]),
        ("?q=eve", []),
        ("?q=%00", ["Amina Hassan", "Bob Njoroge", "Cara Ali"]),
        ("?view=cards&q=amina", ["Amina Hassan"]),
    ],
)
def test_team_is_narrowed_by_state_source_and_words(
    team: list[Assignment], viewer: User, query: str, found: list[str]
) -> None:
    assert names(client_of(viewer), query) == found


def test_stranger_sees_the_own_team_alone(team: list[Assignment], stranger: User, staff: User) -> None:
    client = client_of(stranger)
    assert names(client) == ["Eve Other"]
    theirs = team[0].developer.public_id
    assert client.get(f"/customer/team/{theirs}/").status_code == 404
    assert client.post(f"/customer/team/{theirs}/remove/", {"reason": "Go."}).status_code == 404
    assert client.get(f"/customer/team/{theirs}/cv/").status_code == 404
    assert not Approval.objects.exists()
    assert client_of(staff).get("/customer/team/").status_code == 404


def test_list_takes_as_many_queries_for_twenty_as_for_one(
    company: Company, owner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(owner)
    AssignmentFactory.create(company=company, active=True, developer__of_agency=True)
    client.get("/customer/team/")
    with django_assert_num_queries(10, exact=False) as one:
        client.get("/customer/team/")
    for _ in range(19):
        AssignmentFactory.create(company=company, active=True, developer__of_agency=True)
    for query in ("", "?view=cards", "?q=python&source=agency"):
        with django_assert_num_queries(len(one)):
            assert len(names(client, query)) == 20


def test_profile_shows_while_the_assignment_is_open_and_never_after(team: list[Assignment], viewer: User) -> None:
    client = client_of(viewer)
    open_page = client.get(f"/customer/team/{team[0].developer.public_id}/").content.decode()
    past_page = client.get(f"/customer/team/{team[3].developer.public_id}/").content.decode()
    assert "Django and PostgreSQL" in open_page
    assert "Django and PostgreSQL" not in past_page
    assert "Left your team" in past_page


def test_notice_counts_down(company: Company, viewer: User) -> None:
    ends = timezone.localdate() + timedelta(days=12)
    row = AssignmentFactory.create(company=company, notice=True, ends_on=ends)
    client = client_of(viewer)
    assert "12 days left" in client.get("/customer/team/").content.decode()
    page = client.get(f"/customer/team/{row.developer.public_id}/")
    assert page.context["notice"]["shown"] == "12 days left"
    assert page.context["notice"]["value"] == 60
    Assignment.objects.update(ends_on=timezone.localdate() + timedelta(days=1))
    assert "Last day today" in client.get("/customer/team/").content.decode()


def test_company_asks_for_a_removal_and_takes_it_back(active: Assignment, owner: User, support: User) -> None:
    client, url = client_of(owner), f"/customer/team/{active.developer.public_id}/"
    page = client.get(f"{url}remove/").content.decode()
    last = timezone.localdate() + timedelta(days=29)
    assert f"the last day is {last.day} {last:%B %Y}" in page
    assert client.post(f"{url}remove/", {"reason": ""}).status_code == 200
    assert removals.waiting_on(active) is None
    assert client.post(f"{url}remove/", {"reason": "Done."}).status_code == 302
    assert removals.waiting_on(active) is not None
    assert "Removal asked for" in client.get(url).content.decode()
    again = client.post(f"{url}remove/", {"reason": "Again."})
    assert "This has been asked already" in again.content.decode()
    assert client.post(f"{url}keep/").status_code == 302
    assert removals.waiting_on(active) is None
    assert client.post(f"{url}keep/").status_code == 404


@pytest.mark.parametrize("person", ["viewer", "billing_member"])
def test_members_without_the_flag_read_and_ask_for_nothing(
    person: str, active: Assignment, request: pytest.FixtureRequest
) -> None:
    client, url = client_of(request.getfixturevalue(person)), f"/customer/team/{active.developer.public_id}/"
    page = client.get(url).content.decode()
    assert "Ask for removal" not in page
    assert client.post(f"{url}remove/", {"reason": "Go."}).status_code == 403
    assert client.get(f"{url}cv/").status_code == 403
    assert removals.waiting_on(active) is None


def fields(**changes: object) -> dict[str, object]:
    """A profile as the form sends it."""
    filled = {"headline": "Django", "skills": "Python, django , DJANGO", "availability": "full_time"}
    return {**filled, "github_name": "amina-h", "links": "https://a.example\r\nhttps://a.example", **changes}


def test_somebody_becomes_a_developer_and_applies(viewer: User, staff: User) -> None:
    client = client_of(viewer)
    assert "Become a developer" in client.get("/developer/profile/").content.decode()
    assert client.post("/developer/profile/", fields()).status_code == 302
    saved = client.get("/developer/profile/").text
    assert ("You have not applied yet" in saved, ">Pending<" in saved) == (True, False)
    assert client.post("/developer/profile/", fields(apply="1")).status_code == 302
    made = Developer.objects.get()
    assert (made.user, made.status, made.skills, made.links) == (
        viewer,
        "pending",
        ["Python", "django"],
        ["https://a.example"],
    )
    assert told("community_application") == {"staff@portal.example"}
    applied = client.get("/developer/profile/").text
    assert ("Your application is with our staff" in applied, ">Pending<" in applied) == (True, True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"skills": ""}, "at least one skill"),
        ({"github_name": "-no-"}, "as it stands in your GitHub address"),
        ({"links": "javascript:alert(1)"}, "Line 1: Write a web address."),
        ({"skills": ",".join(f"s{n}" for n in range(21))}, "21 items"),
    ],
)
def test_profile_that_says_too_little_or_too_much_is_not_sent(
    viewer: User, changes: dict[str, object], words: str
) -> None:
    page = client_of(viewer).post("/developer/profile/", fields(apply="1", **changes))
    assert page.status_code == 200
    assert words in page.content.decode()
    assert not Approval.objects.exists()


def test_cv_is_private(proposed: Assignment, amina: Developer, owner: User, viewer: User, developer: User) -> None:
    mine = client_of(amina.user)
    upload = SimpleUploadedFile("cv.pdf", PDF, "application/pdf")
    assert mine.post("/developer/profile/", fields(cv=upload)).status_code == 302
    assert b"".join(mine.get("/developer/profile/cv/").streaming_content) == PDF
    url = f"/customer/team/{amina.public_id}/cv/"
    answer = client_of(owner).get(url)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="CV Amina Hassan.pdf"'
    event = ActivityEvent.objects.get(verb="file.downloaded", company=proposed.company)
    assert (event.actor, event.subject, event.company) == (owner, amina.user, proposed.company)
    assert client_of(viewer).get(url).status_code == 403
    assert client_of(developer).get(url).status_code == 404
    Assignment.objects.update(status="rejected")
    assert client_of(owner).get(url).status_code == 404
    assert mine.post("/developer/profile/", fields(remove_cv="on")).status_code == 302
    assert mine.get("/developer/profile/cv/").status_code == 404


def test_cv_that_is_no_pdf_is_refused(viewer: User) -> None:
    upload = SimpleUploadedFile("cv.pdf", b"<script>", "application/pdf")
    page = client_of(viewer).post("/developer/profile/", fields(cv=upload))
    assert "not a file of a kind that is taken" in page.content.decode()
    assert not Developer.objects.exists()


def test_access_ends_with_the_day_though_nothing_has_run(
    notice_of_amina: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, url = client_of(notice_of_amina.developer.user), f"/developer/companies/{notice_of_amina.public_id}/"
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 11, 20, 59, tzinfo=UTC))
    page = client.get(url)
    assert page.status_code == 200
    assert "Last day today" in page.content.decode()
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 11, 21, 0, tzinfo=UTC))
    assert client.get(url).status_code == 404
    notice_of_amina.refresh_from_db()
    assert notice_of_amina.status == "notice"


@pytest.fixture
def notice_of_amina(active: Assignment) -> Assignment:
    """Amina under notice until 12 March."""
    Assignment.objects.update(status="notice", ends_on=date(2026, 3, 12))
    active.refresh_from_db()
    return active


def test_company_of_another_developer_does_not_exist(active: Assignment, developer: User, owner: User) -> None:
    url = f"/developer/companies/{active.public_id}/"
    assert client_of(active.developer.user).get(url).status_code == 200
    assert client_of(developer).get(url).status_code == 404
    assert client_of(owner).get(url).status_code == 404
    Assignment.objects.update(status="proposed", starts_on=None)
    assert client_of(active.developer.user).get(url).status_code == 404


def test_agency_sees_its_own_developers_and_of_companies_the_name(
    active: Assignment, other_company: Company, amina: Developer, agency_admin: User, staff: User
) -> None:
    elsewhere = assignments.propose(company=other_company, developer=amina, by=staff, at=AT, note="Secret note")
    boss = User.objects.get(email="boss@talent.example")
    page = client_of(boss).get("/agency/team/")
    assert [[cell["value"] for cell in row["cells"]][:3] for row in page.context["rows"]] == [
        ["Amina Hassan", "Ridgeline SACCO", "Proposed"],
        ["Amina Hassan", "Savanna Foods", "Active"],
    ]
    assert "Secret note" not in page.content.decode()
    assert client_of(agency_admin).get("/agency/team/").context["rows"] == []
    assert client_of(boss).get(f"/developer/companies/{elsewhere.public_id}/").status_code == 404
    assert client_of(boss).get(f"/customer/team/{amina.public_id}/").status_code == 404


def test_agency_list_takes_as_many_queries_for_twenty_as_for_one(
    agency_admin: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    agency, client = Agency.objects.get(), client_of(agency_admin)
    AssignmentFactory.create(active=True, developer__agency=agency)
    client.get("/agency/team/")
    with django_assert_num_queries(10, exact=False) as one:
        client.get("/agency/team/")
    for _ in range(19):
        AssignmentFactory.create(active=True, developer__agency=agency)
    with django_assert_num_queries(len(one)):
        assert len(client.get("/agency/team/").context["rows"]) == 20


@pytest.mark.usefixtures("portal_site")
def test_dashboards_show_what_concerns_each(
    active: Assignment, amina: Developer, other_company: Company, staff: User, owner: User
) -> None:
    assignments.propose(company=other_company, developer=amina, by=staff, at=AT)
    mine = client_of(amina.user).get("/developer/dashboard/").content.decode()
    assert f'href="/developer/companies/{active.public_id}/"' in mine
    assert "Ridgeline SACCO decides whether you join" in mine
    agency = client_of(User.objects.get(email="boss@talent.example")).get("/agency/dashboard/").content.decode()
    assert "Savanna Foods" in agency
    assert "Ridgeline SACCO" in agency
    company = client_of(owner).get("/customer/dashboard/?all=1").content.decode()
    assert f'href="/customer/team/{amina.public_id}/"' in company
    assert "Ridgeline SACCO" not in company
