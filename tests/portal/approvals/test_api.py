"""The queue for other programs."""

from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.approvals import services
from portal.approvals.models import Approval
from tests.cast import client_of
from tests.portal.approvals.conftest import AT, LATER, Ask

pytestmark = pytest.mark.django_db
STAFF, MEMBERS = "/api/admin/approvals/", "/api/customer/approvals/"


def subjects(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return [row["subject"] for row in answer.json()["results"]]


def decide(client: Client, address: str, asked: Approval, decision: str, **body: Any) -> Any:
    return client.post(f"{address}{asked.public_id}/{decision}/", body, content_type="application/json")


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem; nothing was decided."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    problem: dict[str, Any] = answer.json()
    assert problem["type"] == f"urn:portal:problem:{code}"
    return problem


class TestStaff:
    def test_record_tells_all_that_staff_may_know(self, ask: Ask, company: Company, staff: User, owner: User) -> None:
        asked = ask(by=owner, company=company, label="Letter")
        services.reject(approval=asked, by=staff, at=LATER, comment="No.")
        row = client_of(staff).get(STAFF).json()["results"][0]
        assert row == {
            "id": str(asked.public_id),
            "kind": "sending",
            "label": "Sending",
            "subject": "Letter",
            "status": "rejected",
            "asked_by": {"id": str(owner.public_id), "name": str(owner)},
            "asked_at": "2026-03-01T09:00:00Z",
            "decided_by": {"id": str(staff.public_id), "name": str(staff)},
            "decided_at": "2026-03-02T09:00:00Z",
            "comment": "No.",
            "company": "savanna-foods",
            "concerns": None,
        }
        one = client_of(staff).get(f"{STAFF}{asked.public_id}/").json()
        assert one["facts"][0] == {"label": "Stamped", "value": "Yes", "url": ""}
        assert one["may_decide"] is False

    def test_list_is_narrowed_ordered_and_paged(
        self, ask: Ask, company: Company, other_company: Company, staff: User
    ) -> None:
        ask(label="Amina", company=company)
        ask("payout", label="Peter", company=other_company, at=LATER)
        services.reject(approval=ask(label="Ruth", at=AT), by=staff, at=LATER, comment="No.")
        client = client_of(staff)
        for query, found in {
            "": ["Peter", "Ruth", "Amina"],
            "?kind=payout": ["Peter"],
            "?company=savanna-foods": ["Amina"],
            "?company=nobody": [],
            "?status=rejected": ["Ruth"],
            "?q=am": ["Amina"],
            "?asked_after=2026-03-02T00:00:00Z": ["Peter"],
            "?asked_before=2026-03-02T00:00:00Z&ordering=asked_at": ["Amina", "Ruth"],
            "?ordering=-asked_at&page_size=1&page=3": ["Amina"],
        }.items():
            assert subjects(client, STAFF + query) == found, query
        first = client.get(f"{STAFF}?page_size=2").json()
        assert (first["count"], first["previous"]) == (3, None)
        assert first["next"].endswith(f"{STAFF}?page=2&page_size=2")
        assert client.get(f"{STAFF}?page=9").status_code == 404
        assert client.get(f"{STAFF}?status=lost").status_code == 400

    def test_staff_decide(self, ask: Ask, finance_may: User) -> None:
        asked, other = ask(), ask()
        answer = decide(client_of(finance_may), STAFF, asked, "approve")
        assert (answer.status_code, answer.json()["status"]) == (200, "approved")
        assert decide(client_of(finance_may), STAFF, other, "reject", comment="No.").json()["comment"] == "No."

    def test_refusals_have_their_status_and_change_nothing(
        self, ask: Ask, company: Company, staff: User, finance_may: User
    ) -> None:
        own, foreign, joining, done = ask("payout", by=staff), ask("payout"), ask("joining", company=company), ask()
        services.approve(approval=done, by=staff, at=LATER)
        events = ActivityEvent.objects.count()
        client = client_of(finance_may)
        refused(decide(client_of(staff), STAFF, own, "approve"), HTTPStatus.FORBIDDEN, "may_not_decide")
        refused(decide(client, STAFF, foreign, "approve"), HTTPStatus.NOT_FOUND, "not_found")
        refused(decide(client, STAFF, done, "approve"), HTTPStatus.CONFLICT, "already_decided")
        missing = decide(client, STAFF, joining, "approve", comment=" ")
        problem = refused(missing, HTTPStatus.UNPROCESSABLE_ENTITY, "reason_missing")
        assert list(problem["errors"]) == ["comment"]
        refused(decide(client, STAFF, joining, "approve", comment="x" * 2001), HTTPStatus.BAD_REQUEST, "invalid")
        assert Approval.objects.pending().count() == 3
        assert ActivityEvent.objects.count() == events

    def test_members_are_no_staff(self, ask: Ask, company: Company, owner: User) -> None:
        asked = ask("joining", company=company)
        assert client_of(owner).get(STAFF).status_code == 403
        assert decide(client_of(owner), STAFF, asked, "approve").status_code == 403
        assert Approval.objects.get().status == "pending"


class TestMembers:
    def test_members_see_their_companys_without_what_is_the_staffs(
        self, ask: Ask, company: Company, other_company: Company, viewer: User, staff: User
    ) -> None:
        asked = ask("joining", company=company, label="Amina", by=staff)
        ask("joining", company=other_company), ask(company=company)
        rows = client_of(viewer).get(MEMBERS).json()["results"]
        assert [row["subject"] for row in rows] == ["Amina"]
        assert rows[0]["asked_by"] == str(staff)
        assert set(rows[0]) & {"company", "concerns"} == set()
        assert client_of(viewer).get(f"{MEMBERS}{asked.public_id}/").json()["may_decide"] is False

    def test_member_with_the_right_decides_once(self, ask: Ask, company: Company, owner: User, viewer: User) -> None:
        asked = ask("joining", company=company)
        refused(decide(client_of(viewer), MEMBERS, asked, "approve"), HTTPStatus.FORBIDDEN, "may_not_decide")
        refused(decide(client_of(owner), MEMBERS, asked, "reject"), HTTPStatus.UNPROCESSABLE_ENTITY, "reason_missing")
        assert Approval.objects.get().status == "pending"
        assert decide(client_of(owner), MEMBERS, asked, "reject", comment="No.").json()["status"] == "rejected"
        refused(decide(client_of(owner), MEMBERS, asked, "approve"), HTTPStatus.CONFLICT, "already_decided")

    def test_another_companys_does_not_exist(
        self, ask: Ask, company: Company, stranger: User, developer: User, staff: User
    ) -> None:
        asked = ask("joining", company=company, concerns=developer)
        for person in (stranger, developer, staff):
            client = client_of(person)
            assert client.get(f"{MEMBERS}{asked.public_id}/").status_code == 404
            refused(decide(client, MEMBERS, asked, "approve"), HTTPStatus.NOT_FOUND, "not_found")
        assert client_of(None).get(MEMBERS).status_code == 401
        assert Approval.objects.get().status == "pending"

    def test_session_wants_its_token(self, ask: Ask, company: Company, owner: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(owner)
        assert decide(client, MEMBERS, ask("joining", company=company), "approve").status_code == 403
        assert Approval.objects.get().status == "pending"


@pytest.mark.parametrize(("address", "who"), [(STAFF, "finance_may"), (MEMBERS, "owner")])
def test_twenty_rows_cost_the_queries_of_one(
    ask: Ask, company: Company, staff: User, owner: User, request: pytest.FixtureRequest, address: str, who: str
) -> None:
    client = client_of(request.getfixturevalue(who))
    counts = []
    for total in (1, 20):
        while Approval.objects.count() < total:
            services.approve(approval=ask("joining", company=company, by=staff), by=owner, at=LATER)
        subjects(client, address)
        with CaptureQueriesContext(connection) as queries:
            assert len(subjects(client, address)) == total
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] < 12


def described() -> dict[str, Any]:
    """The part of the description that is about approvals."""
    document: dict[str, Any] = Client().get("/api/schema/?format=json").json()
    paths = {path: item for path, item in document["paths"].items() if path.startswith((STAFF, MEMBERS))}
    return {**document, "paths": paths}


def test_each_address_is_described_with_its_refusals() -> None:
    paths = described()["paths"]
    assert len(paths) == 8
    for path, item in paths.items():
        if path.endswith(("approve/", "reject/")):
            answers = item["post"]["responses"]
            assert set(answers) == {"200", "400", "401", "403", "404", "409", "415", "422", "429"}
            assert set(answers["409"]["content"]) == {"application/problem+json"}
