"""A company reads what happened, as far as each member may, and takes it along as CSV."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from portal.accounts.services import tokens
from portal.activity import services as activity
from portal.activity.models import ActivityEvent
from portal.core import sheets
from tests.cast import client_of
from tests.factories import CompanyFactory, MembershipFactory, UserFactory

PAGE = "/customer/settings/activity/"
SHEET = "/customer/settings/activity.csv"


@pytest.fixture
def events(owner, company_admin, viewer, stranger, staff, company, other_company) -> None:
    """Things that happened to two companies, a day apart."""
    now = timezone.now()

    def happened(verb, actor, days, *, at_company=company, **more) -> None:
        activity.record(verb=verb, actor=actor, company=at_company, at=now - timedelta(days=days), **more)

    happened("member.role", owner, 1, subject=viewer, data={"role": "viewer"})
    happened("invitation.sent", company_admin, 2, data={"role": "billing"})
    happened("company.changed", staff, 3, subject=company, data={"fields": "name"})
    happened("verification.expired", None, 4, subject=company)
    happened("company.changed", owner, 60, subject=company, data={"fields": "logo"})
    happened("company.changed", stranger, 1, at_company=other_company, data={"fields": "secret"})


def texts(user, query: str = "") -> list[str]:
    """What the page lists."""
    return [item["text"] for item in client_of(user).get(PAGE + query).context["items"]]


def rows(user, query: str = "") -> list[list[str]]:
    """What the sheet holds."""
    response = client_of(user).get(SHEET + query)
    assert response.streaming
    return list(csv.reader(StringIO(response.getvalue().decode())))


@pytest.mark.usefixtures("events")
class TestPage:
    def test_owner_reads_what_happened_in_the_last_days_newest_first(self, owner, company_admin, viewer, staff):
        assert texts(owner) == [
            f"{owner} gave {viewer} the role viewer",
            f"{company_admin} invited somebody as billing",
            f"{staff} changed the company: name",
            "The verification has expired",
        ]

    def test_viewer_does_not_read_what_the_role_may_not_see_nor_is_offered_its_kind(self, viewer, owner):
        assert not any("invited" in text for text in texts(viewer))
        assert len(texts(viewer)) == 3
        kinds = client_of(viewer).get(PAGE).context["selects"][1]["options"]
        assert "downloads-and-exports" not in [option["value"] for option in kinds]
        assert len(texts(viewer, "?kind=downloads-and-exports")) == 3

    def test_stranger_reads_their_own_company_alone(self, stranger):
        assert texts(stranger) == [f"{stranger} changed the company: secret"]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("kind=members-and-invitations", ["gave", "invited"]),
            ("kind=company-profile", ["name"]),
            ("kind=company-profile&range=90", ["name", "logo"]),
            ("who=portal", ["expired"]),
            ("who=others", ["name"]),
            ("range=7&who=portal&kind=signing-in", []),
            ("kind=none-such&who=00000000-0000-4000-8000-000000000000", ["gave", "invited", "name", "expired"]),
            ("from=2001-01-01&to=2001-02-01", []),
        ],
    )
    def test_filters(self, owner, query, expected):
        found = texts(owner, f"?{query}")
        assert len(found) == len(expected)
        assert all(word in text for word, text in zip(expected, found, strict=True))

    def test_filter_by_member(self, owner):
        assert texts(owner, f"?who={owner.public_id}&range=365") == [
            text for text in texts(owner, "?range=365") if text.startswith(str(owner))
        ]
        assert len(texts(owner, f"?who={owner.public_id}&range=365")) == 2

    def test_links_keep_the_filters(self, owner):
        page = client_of(owner).get(PAGE + "?kind=company-profile&range=90").content.decode()
        assert f'href="{SHEET}?kind=company-profile&amp;range=90"' in page
        assert '<input type="hidden" name="range" value="90">' in page
        assert '<input type="hidden" name="kind" value="company-profile">' in page

    def test_settings_lead_here(self, owner):
        assert f'href="{PAGE}"' in client_of(owner).get("/customer/settings/").content.decode()

    def test_days_without_events_say_so(self, owner):
        assert "Nothing happened in these days" in client_of(owner).get(PAGE + "?from=2001-01-01&to=2001-01-02").text
        assert "Nothing here with these filters" in client_of(owner).get(PAGE + "?kind=signing-in").text

    def test_days_end_at_midnight_of_the_portal(self, owner, company):
        at = datetime(2025, 5, 4, 20, 59, tzinfo=UTC)  # one minute to midnight in Nairobi
        activity.record(verb="company.changed", actor=owner, company=company, data={"fields": "late"}, at=at)
        assert len(texts(owner, "?from=2025-05-04&to=2025-05-04")) == 1
        assert texts(owner, "?from=2025-05-05&to=2025-05-05") == []


def test_pages_follow_one_another_with_as_many_queries_as_one_row_takes(
    owner, company, viewer, django_assert_num_queries
):
    def write(number: int) -> None:
        for _ in range(number):
            activity.record(verb="member.role", actor=owner, company=company, subject=viewer, data={"role": "viewer"})

    client = client_of(owner)
    write(1)
    client.get(PAGE)
    with django_assert_num_queries(7):
        client.get(PAGE)
    write(120)
    with django_assert_num_queries(7):
        assert len(client.get(PAGE).context["items"]) == 50
    assert len(client.get(PAGE + "?page=3").context["items"]) == 21


@pytest.mark.usefixtures("events")
class TestSheet:
    def test_sheet_has_what_the_filters_let_through_of_all_pages(self, owner, company):
        heading, *found = rows(owner, "?kind=company-profile&range=90")
        assert heading == ["When (UTC)", "Who", "What happened", "Kind", "Id"]
        assert [row[3] for row in found] == ["Company profile"] * 2
        events = ActivityEvent.objects.for_company(company).filter(verb="company.changed").newest()
        assert [row[4] for row in found] == [str(event.public_id) for event in events]
        assert found[1][0].endswith("+00:00")

    def test_taking_it_is_an_event_itself(self, owner, company):
        rows(owner)
        event = ActivityEvent.objects.get(verb="activity.exported")
        assert (event.actor, event.company, event.data) == (owner, company, {"format": "CSV"})
        assert texts(owner)[0] == f"{owner} exported the activity as CSV"

    def test_viewer_takes_along_what_the_page_shows_and_no_more(self, viewer):
        assert len(rows(viewer)) == 1 + 3
        assert not any("invited" in row[2] for row in rows(viewer))

    def test_formula_is_no_formula(self, owner, company):
        owner.first_name, owner.last_name = "=1+1", ""
        owner.save()
        (_, row, *_) = rows(owner, "?kind=members-and-invitations")
        assert (row[1], row[2][:5]) == ("'=1+1", "'=1+1")

    @pytest.mark.parametrize("name", ["\n=1+1", "\uff1d1+1", "\uff0b1"])
    def test_formula_in_disguise(self, name):
        assert list(sheets.lines([[name]])) == [f'"\'{name}"\r\n']

    def test_semicolon_begins_no_cell(self):
        assert list(sheets.lines([["Ann;=1+1", 2]])) == ['"Ann;=1+1","2"\r\n']

    def test_sheet_is_read_in_chunks(self, owner, company, monkeypatch):
        monkeypatch.setattr("portal.accounts.trail.CHUNK", 2)
        assert len(rows(owner, "?kind=members-and-invitations")) == 3


class TestRecorded:
    """What the issue asks to be in the trail."""

    def test_sign_in(self, owner, company):
        client = client_of(None)
        client.post("/accounts/login/", {"login": owner.email, "password": "a-long-password"})
        event = ActivityEvent.objects.get(verb="account.signed_in", actor=owner)
        assert event.company == company

    def test_sign_in_shows_at_each_company_of_the_person_and_nowhere_else(
        self, owner, viewer, company, other_company, stranger, developer
    ):
        third = CompanyFactory.create(name="Third", slug="third")
        for person, where in ((viewer, other_company), (developer, third)):
            MembershipFactory.create(user=person, company=where, role="viewer")
        for person in (viewer, owner, developer):
            credentials = {"login": person.email, "password": "a-long-password"}
            assert client_of(None).post("/accounts/login/", credentials).status_code == 302
        assert texts(owner, "?kind=signing-in") == [f"{owner} signed in", f"{viewer} signed in"]
        assert texts(stranger, "?kind=signing-in") == [f"{viewer} signed in"]
        assert not any("signed in" in text for text in texts(viewer))
        assert [row[2] for row in rows(stranger, "?kind=signing-in")[1:]] == [f"{viewer} signed in"]
        shown = client_of(stranger).get(f"{PAGE}?kind=signing-in").content.decode()
        assert (company.name in shown, company.slug in shown, "Third" in shown) == (False, False, False)

    def test_sign_in_before_joining_or_after_leaving_shows_nothing(self, owner, company, other_company, stranger):
        newcomer = UserFactory.create()
        credentials = {"login": newcomer.email, "password": "a-long-password"}
        client_of(None).post("/accounts/login/", credentials)
        membership = MembershipFactory.create(user=newcomer, company=company, role="viewer")
        assert texts(owner, "?kind=signing-in") == []
        client_of(None).post("/accounts/login/", credentials)
        membership.delete()
        client_of(None).post("/accounts/login/", credentials)
        assert len(texts(owner, "?kind=signing-in")) == 1
        signed_in = ActivityEvent.objects.filter(verb="account.signed_in", actor=newcomer).order_by("pk")
        assert [event.company for event in signed_in] == [None, company, None]

    def test_sign_in_of_a_program_shows_at_the_companies_too(self, owner, viewer, company):
        tokens.issue(user=viewer, company=company, is_proven=False, at=timezone.now())
        assert texts(owner, "?kind=signing-in") == [f"{viewer} signed in"]

    def test_change_of_role(self, owner, viewer, company):
        address = f"/customer/members/{viewer.public_id}/"
        client_of(owner).post(address, {"role": "billing"})
        event = ActivityEvent.objects.get(verb="member.role")
        assert (event.actor, event.company, event.object_id) == (owner, company, str(viewer.pk))

    def test_own_cv(self, developer):
        developer.developer.cv.save("cv.pdf", ContentFile(b"%PDF-1.4"))
        assert client_of(developer).get("/developer/profile/cv/").status_code == 200
        assert ActivityEvent.objects.get(verb="file.downloaded").object_id == str(developer.pk)
