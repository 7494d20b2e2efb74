"""The API of companies: profile, verification, the staff's list."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Company, User, VerificationDocument
from portal.activity.models import ActivityEvent
from portal.approvals.models import Approval
from tests.cast import client_of
from tests.factories import CompanyFactory
from tests.portal.accounts.papers import pdf

PROFILE = "/api/business/v1/profile/"
VERIFY = "/api/business/v1/verify/"


def send(user: User, method: str, data: dict[str, object], address: str = PROFILE):
    client: Client = client_of(user)
    return getattr(client, method)(address, data, content_type="application/json")


def test_every_member_reads_the_profile(viewer: User, stranger: User, company: Company) -> None:
    answer = client_of(viewer).get(PROFILE).json()
    assert (answer["id"], answer["slug"], answer["status"]) == (str(company.public_id), "savanna-foods", "unverified")
    assert client_of(stranger).get(PROFILE).json()["slug"] == "ridgeline-sacco"
    member = client_of(viewer).get("/api/customer/profile/").json()["member"]
    assert (member["email"], member["role"]) == ("viewer@savanna.example", "viewer")
    assert "edit_company" not in member["permissions"]


def test_what_is_sent_changes_and_nothing_else(owner: User, company: Company) -> None:
    Company.objects.filter(pk=company.pk).update(website="https://savanna.example")
    answer = send(owner, "patch", {"tax_id": "p051365947m", "billing_address": {"city": "Nairobi"}})
    assert answer.status_code == 200
    assert (answer.json()["tax_id"], answer.json()["billing_address"]["city"]) == ("P051365947M", "Nairobi")
    assert answer.json()["website"] == "https://savanna.example"
    assert ActivityEvent.objects.filter(verb="company.changed").count() == 1


def test_only_who_edits_or_sees_bills_reads_the_whole_tax_number(
    owner: User, company_admin: User, billing_member: User, viewer: User, company: Company
) -> None:
    Company.objects.filter(pk=company.pk).update(tax_id="P051365947M")
    people = (owner, company_admin, billing_member, viewer)
    told = [client_of(person).get(PROFILE).json()["tax_id"] for person in people]
    assert told == ["P051365947M"] * 3 + ["••••••••47M"]
    assert client_of(viewer).get("/api/customer/profile/").json()["company"]["tax_id"] == "••••••••47M"


def test_a_put_needs_name_and_country(owner: User) -> None:
    refused = send(owner, "put", {"industry": "retail"})
    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"
    assert sorted(refused.json()["errors"]) == ["country", "name"]
    answer = send(owner, "put", {"name": "Savanna", "country": "KE", "industry": "retail"})
    assert (answer.status_code, answer.json()["name"], answer.json()["industry"]) == (200, "Savanna", "retail")


@pytest.mark.parametrize(
    ("data", "status", "field"),
    [
        ({"tax_id": "123"}, 422, "tax_id"),
        ({"phone": "12"}, 422, "phone"),
        ({"country": "XX"}, 400, "country"),
        ({"industry": "nonsense"}, 400, "industry"),
        ({"name": ""}, 400, "name"),
        ({"billing_address": {"country": "XX"}}, 400, "billing_address.country"),
    ],
)
def test_what_cannot_be_is_said_by_field(
    owner: User, company: Company, data: dict[str, object], status: int, field: str
) -> None:
    answer = send(owner, "patch", data)
    assert (answer.status_code, list(answer.json()["errors"])) == (status, [field])
    assert not ActivityEvent.objects.filter(verb="company.changed").exists()


@pytest.mark.parametrize("address", [PROFILE, "/api/customer/profile/"])
def test_who_changes_what(
    owner: User,
    company_admin: User,
    billing_member: User,
    viewer: User,
    developer: User,
    company: Company,
    address: str,
) -> None:
    people = (owner, company_admin, billing_member, viewer, developer)
    name = [send(person, "patch", {"size": "1"}, address).status_code for person in people]
    city = [send(person, "patch", {"billing_address": {"city": "Nakuru"}}, address).status_code for person in people]
    assert name == [200, 200, 403, 403, 404]
    assert city == [200, 403, 200, 403, 404]


def test_what_the_portal_alone_says_is_not_taken(owner: User, company: Company) -> None:
    send(owner, "patch", {"status": "verified", "is_labs_customer": True, "email_domain": "gmail.com", "slug": "x"})
    company.refresh_from_db()
    assert (company.verification, company.is_labs_customer, company.email_domain, company.slug) == (
        "unverified",
        False,
        "",
        "savanna-foods",
    )


def test_papers_sent_together_are_handed_in(owner: User, company: Company) -> None:
    first = client_of(owner).post(VERIFY, {"tax_certificate": pdf(), "tax_certificate_expires_on": "2099-01-01"})
    assert first.status_code == 201
    assert first.json()["status"] == "draft"
    assert first.json()["missing"] == ["registration_certificate", "proof_of_address"]
    answer = client_of(owner).post(VERIFY, {"registration_certificate": pdf(), "proof_of_address": pdf()})
    assert (answer.status_code, answer.json()["status"], answer.json()["missing"]) == (201, "pending", [])
    assert len(answer.json()["documents"]) == 3
    assert Approval.objects.get().company == company
    again = client_of(owner).post(VERIFY, {"tax_certificate": pdf()})
    assert (again.status_code, again.json()["type"]) == (409, "urn:portal:problem:being_checked")
    assert VerificationDocument.objects.count() == 3


def test_of_papers_of_which_one_is_wrong_none_is_taken(owner: User, company: Company) -> None:
    answer = client_of(owner).post(VERIFY, {"tax_certificate": pdf(), "proof_of_address": pdf(content=b"<svg/>")})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["proof_of_address"])
    assert VerificationDocument.objects.count() == 0
    assert client_of(owner).post(VERIFY, {}).status_code == 400


def test_staff_list_all_companies(staff: User, owner: User, company: Company, other_company: Company) -> None:
    answer = client_of(staff).get("/api/admin/customers/").json()
    assert [(row["slug"], row["members"]) for row in answer["results"]] == [
        ("ridgeline-sacco", 0),
        ("savanna-foods", 1),
    ]
    narrowed = client_of(staff).get("/api/admin/customers/?q=sava&status=unverified").json()
    assert [row["slug"] for row in narrowed["results"]] == ["savanna-foods"]
    assert client_of(staff).get("/api/admin/customers/?page_size=1").json()["count"] == 2
    assert "tax_id" not in answer["results"][0]
    assert client_of(owner).get("/api/admin/customers/").status_code == 403


def test_the_list_takes_as_many_queries_for_one_as_for_many(staff: User, company: Company) -> None:
    client = client_of(staff)
    client.get("/api/admin/customers/")
    with CaptureQueriesContext(connection) as one:
        assert client.get("/api/admin/customers/").json()["count"] == 1
    CompanyFactory.create_batch(20)
    with CaptureQueriesContext(connection) as many:
        assert client.get("/api/admin/customers/").json()["count"] == 21
    assert len(many) == len(one) <= 12
