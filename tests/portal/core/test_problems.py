"""Errors of the API have one shape: RFC 9457."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelError
from django.http import Http404
from rest_framework import exceptions, serializers, throttling, views
from rest_framework.test import APIRequestFactory

from portal.core.api import problem
from portal.core.api.problems import by_field
from portal.core.errors import DomainError, InvalidTransition


class TooMuch(DomainError):
    code = "too_much"


class Line(serializers.Serializer):
    amount = serializers.IntegerField()


class Order(serializers.Serializer):
    name = serializers.CharField()
    lines = Line(many=True)

    def validate(self, attrs):
        if attrs["name"] == "both":
            raise serializers.ValidationError(["First.", "Second."])
        return attrs


def answer(raised: Exception | None = None, *, method: str = "post", data=None, **view):
    def post(self, request):
        if raised:
            raise raised
        Order(data=request.data).is_valid(raise_exception=True)

    attributes = {"authentication_classes": [], "permission_classes": [], "throttle_classes": [], "post": post, **view}
    request = getattr(APIRequestFactory(), method)("/api/orders/", data or {}, format="json")
    return type("OrdersView", (views.APIView,), attributes).as_view()(request)


def problem_of(response) -> dict:
    assert response["Content-Type"] == "application/problem+json"
    return json.loads(response.content)


def test_domain_error_is_422_with_its_code_as_type():
    response = answer(TooMuch("That is more than is owed.", field="amount"))
    assert response.status_code == 422
    assert problem_of(response) == {
        "type": "urn:portal:problem:too_much",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "That is more than is owed.",
        "errors": {"amount": ["That is more than is owed."]},
    }


def test_conflict_is_409_without_errors_per_field():
    response = answer(InvalidTransition("This invoice is paid.", possible=("refund",)))
    assert response.status_code == 409
    assert problem_of(response) == {
        "type": "urn:portal:problem:invalid_transition",
        "title": "Conflict",
        "status": 409,
        "detail": "This invoice is paid.",
    }


def test_invalid_fields_are_named_even_deep_inside():
    response = answer(data={"lines": [{"amount": 1}, {"amount": "x"}]})
    assert response.status_code == 400
    assert problem_of(response) == {
        "type": "urn:portal:problem:invalid",
        "title": "Bad Request",
        "status": 400,
        "detail": "Some of what was sent is not valid; see errors.",
        "errors": {"name": ["This field is required."], "lines.1.amount": ["A valid integer is required."]},
    }


def test_errors_of_no_field_are_the_detail():
    body = problem_of(answer(data={"name": "both", "lines": []}))
    assert body["detail"] == "First. Second."
    assert body["errors"] == {"non_field_errors": ["First.", "Second."]}


@pytest.mark.parametrize(
    ("error", "errors"),
    [
        (ModelError({"name": ["Taken."], "__all__": ["Odd."]}), {"name": ["Taken."], "non_field_errors": ["Odd."]}),
        (ModelError("Odd."), {"non_field_errors": ["Odd."]}),
    ],
)
def test_invalid_model_is_400(error, errors):
    response = answer(error)
    assert response.status_code == 400
    assert problem_of(response)["errors"] == errors


@pytest.mark.parametrize(
    ("error", "status", "code", "detail"),
    [
        (Http404(), 404, "not_found", "Not found."),
        (PermissionDenied(), 403, "permission_denied", "You do not have permission to perform this action."),
        (exceptions.NotFound(), 404, "not_found", "Not found."),
        (exceptions.ParseError(), 400, "parse_error", "Malformed request."),
        (
            exceptions.UnsupportedMediaType("a/b"),
            415,
            "unsupported_media_type",
            'Unsupported media type "a/b" in request.',
        ),
    ],
)
def test_plain_http_errors(error, status, code, detail):
    response = answer(error)
    assert response.status_code == status
    body = problem_of(response)
    assert (body["status"], body["type"], body["detail"]) == (status, f"urn:portal:problem:{code}", detail)
    assert "errors" not in body


def test_method_that_is_not_there_is_405_and_names_those_that_are():
    response = answer(method="put")
    assert response.status_code == 405
    assert response["Allow"] == "POST, OPTIONS"
    assert problem_of(response)["type"] == "urn:portal:problem:method_not_allowed"


def test_throttled_says_when_to_come_back():
    class Never(throttling.BaseThrottle):
        def allow_request(self, request, view):
            return False

        def wait(self):
            return 11.2

    response = answer(throttle_classes=[Never])
    assert (response.status_code, response["Retry-After"]) == (429, "12")
    assert problem_of(response)["type"] == "urn:portal:problem:throttled"


def test_unforeseen_exception_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        answer(ZeroDivisionError())


def test_problem_without_a_code_is_about_blank():
    assert problem_of(problem(status=404, detail="Nothing here."))["type"] == "about:blank"


@pytest.mark.parametrize(
    ("detail", "errors"),
    [
        ("Odd.", {"non_field_errors": ["Odd."]}),
        ({"a": {"b": ["x", "y"]}, "c": "z"}, {"a.b": ["x", "y"], "c": ["z"]}),
        ([{}, {"a": ["x"]}], {"1.a": ["x"]}),
        ({"a": []}, {}),
    ],
)
def test_nested_errors_become_dotted_names(detail, errors):
    assert by_field(detail) == errors
