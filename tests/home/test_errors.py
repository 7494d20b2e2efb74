"""Errors that no view answered: a page for people, a problem for programs."""

import json

import pytest
from django.test import Client, RequestFactory, override_settings

from home.views import errors
from portal.accounts.services import api_sign_in
from portal.accounts.views import registration

ANSWERS = [
    (errors.bad_request, 400, "bad_request"),
    (errors.forbidden, 403, "permission_denied"),
    (errors.not_found, 404, "not_found"),
    (errors.server_error, 500, "server_error"),
]


@pytest.mark.parametrize(("view", "status", "code"), ANSWERS)
def test_programs_get_a_problem(view, status, code):
    response = view(RequestFactory().get("/api/anything/"))
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    body = json.loads(response.content)
    assert (body["status"], body["type"]) == (status, f"urn:portal:problem:{code}")


def test_address_of_the_api_that_leads_nowhere_is_a_problem(client, db):
    response = client.get("/api/nowhere/")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_500_page_needs_neither_database_nor_request_context():
    response = errors.server_error(RequestFactory().get("/anything/"))
    assert response.status_code == 500
    assert b"<main" in response.content


def sent_too_much(address: str, **how):
    """What is answered to three megabytes, where two and a half are read."""
    return Client().post(address, b"x" * 3 * 1024 * 1024, **how)


def test_too_large_a_request_is_refused_as_page_and_as_problem(db):
    page = sent_too_much("/customer/login/", content_type="application/x-www-form-urlencoded")
    assert (page.status_code, "That request cannot be read" in page.text) == (400, True)
    answer = sent_too_much("/api/auth/login/", content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["type"] == "urn:portal:problem:bad_request"


@override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=5)
def test_too_many_fields_are_refused(db):
    page = Client().post("/customer/login/", {f"field{number}": "x" for number in range(6)})
    assert (page.status_code, "That request cannot be read" in page.text) == (400, True)


def test_name_of_another_host_is_refused_and_not_repeated(db):
    for address in ("/customer/login/", "/api/auth/login/"):
        answer = Client(headers={"host": "evil.example"}).get(address)
        assert (answer.status_code, "evil.example" in answer.text) == (400, False)


def test_fault_is_told_of_as_page_and_as_problem_and_names_nothing(db, monkeypatch):
    def broken(*args, **kwargs):
        raise ZeroDivisionError("secret of ours")

    monkeypatch.setattr(registration.ConsentText.objects, "current", broken)
    monkeypatch.setattr(api_sign_in, "prove", broken)
    client = Client(raise_request_exception=False)
    page = client.get("/legal/terms/")
    assert (page.status_code, "Something went wrong" in page.text, "secret" in page.text) == (500, True, False)
    sent = {"email": "a@b.example", "password": "x"}
    answer = client.post("/api/auth/login/", sent, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert answer.json()["type"] == "urn:portal:problem:server_error"
    assert "secret" not in answer.text
