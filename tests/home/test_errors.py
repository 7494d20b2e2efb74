"""Errors that no view answered: a page for people, a problem for programs."""

import json

import pytest
from django.test import RequestFactory

from home.views import errors

ANSWERS = [
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
