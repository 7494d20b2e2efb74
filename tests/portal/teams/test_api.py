"""Teams for other programs."""

import pytest
from pytest_django import DjangoAssertNumQueries

from portal.accounts.models import Company, User
from portal.approvals.models import Approval
from portal.teams.models import Assignment, Developer
from portal.teams.services import community, removals
from tests.cast import client_of
from tests.factories import AssignmentFactory, DeveloperFactory
from tests.portal.teams.conftest import AT

PROBLEM = "application/problem+json"


def test_team_is_listed_with_public_ids(active: Assignment, viewer: User, stranger: User) -> None:
    found = client_of(viewer).get("/api/customer/team/").json()
    assert (found["count"], found["next"], found["previous"]) == (1, None, None)
    developer = active.developer
    assert found["results"][0] == {
        "id": str(active.public_id),
        "status": "active",
        "company": "savanna-foods",
        "developer": {
            "id": str(developer.public_id),
            "name": "Amina Hassan",
            "status": "approved",
            "headline": "Django and PostgreSQL",
            "skills": ["Python", "Django"],
            "links": [],
            "github_name": "",
            "availability": "full_time",
            "agency": "Talent Works",
        },
        "proposed_at": "2026-02-10T09:00:00Z",
        "starts_on": "2026-02-10",
        "ends_on": None,
    }
    assert client_of(stranger).get("/api/customer/team/").json()["count"] == 0


def test_list_is_narrowed_by_state(company: Company, viewer: User) -> None:
    for traits in ({}, {"active": True}, {"ended": True}):
        AssignmentFactory.create(company=company, **traits)
    client = client_of(viewer)
    assert client.get("/api/customer/team/").json()["count"] == 2
    assert [row["status"] for row in client.get("/api/customer/team/?status=ended").json()["results"]] == ["ended"]
    answer = client.get("/api/customer/team/?status=nonsense")
    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)


def test_list_takes_as_many_queries_for_twenty_as_for_one(
    company: Company, viewer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(viewer)
    AssignmentFactory.create(company=company, active=True, developer__of_agency=True)
    client.get("/api/customer/team/")
    with django_assert_num_queries(6, exact=False) as one:
        client.get("/api/customer/team/")
    for _ in range(19):
        AssignmentFactory.create(company=company, active=True, developer__of_agency=True)
    with django_assert_num_queries(len(one)):
        assert client.get("/api/customer/team/").json()["count"] == 20


def test_company_approves_once(proposed: Assignment, owner: User, viewer: User) -> None:
    url = f"/api/customer/team/approve/{proposed.developer.public_id}/"
    assert client_of(viewer).post(url, content_type="application/json").status_code == 403
    answer = client_of(owner).post(url, {"comment": "Welcome!"}, content_type="application/json")
    assert (answer.status_code, answer.json()["status"]) == (200, "active")
    again = client_of(owner).post(url, content_type="application/json")
    assert (again.status_code, again["Content-Type"]) == (409, PROBLEM)
    assert Approval.objects.get().comment == "Welcome!"


def test_company_rejects_with_a_comment(proposed: Assignment, owner: User) -> None:
    url = f"/api/customer/team/reject/{proposed.developer.public_id}/"
    silent = client_of(owner).post(url, content_type="application/json")
    assert (silent.status_code, silent["Content-Type"]) == (422, PROBLEM)
    proposed.refresh_from_db()
    assert proposed.status == "proposed"
    answer = client_of(owner).post(url, {"comment": "We need Java."}, content_type="application/json")
    assert (answer.status_code, answer.json()["status"]) == (200, "rejected")


def test_company_asks_for_a_removal(active: Assignment, owner: User) -> None:
    url = f"/api/customer/team/request-removal/{active.developer.public_id}/"
    assert client_of(owner).post(url, content_type="application/json").status_code == 400
    assert removals.waiting_on(active) is None
    answer = client_of(owner).post(url, {"reason": "Done."}, content_type="application/json")
    assert (answer.status_code, answer.json()["status"]) == (200, "active")
    assert removals.waiting_on(active) is not None
    assert client_of(owner).post(url, {"reason": "Done."}, content_type="application/json").status_code == 409


@pytest.mark.parametrize("action", ["approve", "reject", "request-removal"])
def test_another_companys_developer_does_not_exist(action: str, proposed: Assignment, stranger: User) -> None:
    url = f"/api/customer/team/{action}/{proposed.developer.public_id}/"
    answer = client_of(stranger).post(url, {"comment": "x", "reason": "x"}, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)
    proposed.refresh_from_db()
    assert proposed.status == "proposed"


def test_staff_list_and_approve_developers(support: User, finance: User) -> None:
    junior = DeveloperFactory.create(pending=True)
    url = f"/api/admin/developers/{junior.public_id}/approve/"
    assert client_of(support).post(url, content_type="application/json").status_code == 409
    community.apply(developer=junior, at=AT)
    assert client_of(finance).post(url, content_type="application/json").status_code == 403
    found = client_of(support).get("/api/admin/developers/?status=pending").json()
    assert [row["id"] for row in found["results"]] == [str(junior.public_id)]
    answer = client_of(support).post(url, content_type="application/json")
    assert (answer.status_code, answer.json()["status"]) == (200, "approved")
    assert client_of(support).post(url, content_type="application/json").status_code == 409
    assert Developer.objects.get().is_approved
