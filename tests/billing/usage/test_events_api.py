"""Reporting use over HTTP, as a product does."""

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.idp.oidc.models import Token
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from billing.catalog.models import Product
from billing.catalog.product_api import ByProduct
from billing.usage.models import UsageEvent
from portal.accounts.models import User
from tests.billing.usage.world import event, token_of
from tests.test_api_requests import bearer, check_operation, description

__all__ = ["description"]
pytestmark = pytest.mark.django_db
ADDRESS = "/api/usage/v1/events/"


@pytest.fixture
def token(erp: Product) -> str:
    return token_of(erp)


def post(token: str, body: Any, **options: Any) -> HttpResponse:
    """Send a batch; what is no text is written as JSON."""
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    options = {"content_type": "application/json"} | options
    return Client(headers={"Authorization": f"Bearer {token}"}).post(ADDRESS, text, **options)


def now(**other: Any) -> dict[str, Any]:
    return event(occurred_at=timezone.now() - timedelta(minutes=1)) | other


def refused(answer: HttpResponse) -> tuple[int, str]:
    """Status and word of a problem."""
    problem = json.loads(answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, problem["type"]


def test_the_answer_says_what_became_of_each(token: str) -> None:
    batch = [now(id="a"), now(id="a"), now(id="b", metric="nonsense"), "c"]
    answer = post(token, batch)
    assert (answer.status_code, answer.json()) == (
        202,
        {
            "accepted": 1,
            "duplicates": 1,
            "rejected": [
                {
                    "index": 2,
                    "id": "b",
                    "code": "unknown_metric",
                    "detail": "The product reports no such metric.",
                },
                {"index": 3, "id": None, "code": "invalid_event", "detail": "An event is an object."},
            ],
        },
    )
    assert UsageEvent.objects.get().event_id == "a"


def test_only_products_report(token: str, erp: Product, owner: User) -> None:
    person = bearer(owner)["Authorization"].removeprefix("Bearer ")
    assert [post(wrong, [now()]).status_code for wrong in ("", "nonsense", person)] == [401, 401, 401]
    assert Client().post(ADDRESS, [now()], content_type="application/json").status_code == 401
    signed_in = Client()
    signed_in.force_login(owner)
    assert signed_in.post(ADDRESS, [now()], content_type="application/json").status_code == 401
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert post(token, [now()]).status_code == 401
    assert not UsageEvent.objects.exists()


def test_a_token_that_a_person_signed_in_with_does_not_report(token: str, owner: User) -> None:
    Token.objects.update(user=owner)
    assert post(token, [now()]).status_code == 401


@pytest.mark.parametrize("body", ["", "{", "[NaN]", "[" * 100_000, b"\xff\xfe", "{}", "null", "3", "[]"])
def test_what_is_no_list_of_events_is_refused(token: str, body: str | bytes) -> None:
    assert post(token, body).status_code == 400
    assert not UsageEvent.objects.exists()


def test_batches_that_are_too_long_are_refused_whole(token: str) -> None:
    assert refused(post(token, [now(id=str(number)) for number in range(1001)])) == (
        413,
        "urn:portal:problem:too_many",
    )
    assert refused(post(token, " " * 2**20 + "[]")) == (413, "urn:portal:problem:too_large")
    assert post(token, [now()], content_type="text/csv").status_code == 415
    assert not UsageEvent.objects.exists()


def test_half_of_a_character_is_not_answered_with_a_fault(token: str) -> None:
    answer = post(token, '[{"id": "\\ud800", "company": "\\udfff"}]')
    assert [(one["code"], one["id"]) for one in answer.json()["rejected"]] == [("invalid_id", None)]


def test_each_product_may_report_so_often(token: str, sacco: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ByProduct.THROTTLE_RATES, "product", "2/hour")
    assert [post(token, [now(id=str(number))]).status_code for number in range(3)] == [202, 202, 429]
    answer = post(token, [now(id="later")])
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert refused(answer)[0] == 429
    assert UsageEvent.objects.count() == 2
    other = now(company="ridgeline-sacco", metric="storage")
    assert post(token_of(sacco), [other]).status_code == 202


def test_every_answer_is_a_described_one(token: str, owner: User, description: Any) -> None:
    operation = description["/api/usage/v1/events/"]["POST"]
    people = {"product": {"Authorization": f"Bearer {token}"}, "owner": bearer(owner), "anonymous": {}}
    check_operation(operation, {who: {"Accept-Encoding": "identity", **given} for who, given in people.items()}, {})
