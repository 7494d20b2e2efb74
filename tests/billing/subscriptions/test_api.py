"""Programs quote a change, confirm exactly that, and repeat nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.invoicing.models import Invoice
from billing.subscriptions.models import Subscription
from tests.billing.subscriptions.world import kes, subscribed
from tests.cast import client_of

pytestmark = pytest.mark.django_db
API = "/api/business/v1/"


def post(user, address: str, body: dict[str, object], method: str = "post", **headers: str):
    send = getattr(client_of(user), method)
    return send(API + address, body, content_type="application/json", headers=headers or None)


def test_subscribing_is_quoted_then_done_exactly_so(owner, starter, company):
    quoted = post(owner, "subscribe/", {"plan": "starter", "interval": "month"})
    assert quoted.status_code == 200
    quote = quoted.json()
    assert (quote["total"], quote["to_pay"]) == ({"amount": "3596.00", "currency": "KES"},) * 2
    assert [line["net"]["amount"] for line in quote["lines"]] == ["3100.00"]
    assert not Subscription.objects.exists()
    done = post(owner, "subscribe/", {"quote": quote["id"]})
    assert done.status_code == 201
    assert (done.json()["status"], done.json()["plan"], done.json()["company"]) == ("active", "starter", company.slug)
    assert Invoice.objects.get().total == kes(3596)
    assert post(owner, "subscribe/", {"quote": quote["id"]}).status_code == 409


def test_the_same_key_subscribes_once_with_the_same_bytes(owner, starter):
    quote = post(owner, "subscribe/", {"plan": "starter"}).json()
    key = {"Idempotency-Key": "abc"}
    first = post(owner, "subscribe/", {"quote": quote["id"]}, **key)
    second = post(owner, "subscribe/", {"quote": quote["id"]}, **key)
    assert (first.status_code, second.status_code, first.content) == (201, 201, second.content)
    assert Invoice.objects.count() == 1
    assert post(owner, "subscribe/", {"plan": "starter"}, **key).status_code == 422


def test_change_cancel_and_resume(owner, company, starter, business):
    subscribed(company, starter, owner, at=timezone.now() - timedelta(days=3))
    change = post(owner, "subscription/change/", {"plan": "business"}, "put").json()
    assert change["is_at_once"] is True
    assert post(owner, "subscription/change/", {"quote": change["id"]}, "put").json()["plan"] == "business"
    cancel = post(owner, "subscription/cancel/", {"reason": "other"}).json()
    assert cancel["lines"] == []
    assert post(owner, "subscription/cancel/", {"quote": cancel["id"]}).json()["cancels_at_period_end"] is True
    resume = post(owner, "subscription/resume/", {}).json()
    assert post(owner, "subscription/resume/", {"quote": resume["id"]}).json()["cancels_at_period_end"] is False


def test_a_quote_is_confirmed_where_it_was_asked_for(owner, company, starter):
    subscribed(company, starter, owner, at=timezone.now() - timedelta(days=3))
    cancel = post(owner, "subscription/cancel/", {"reason": "other"}).json()
    assert post(owner, "subscription/resume/", {"quote": cancel["id"]}).status_code == 404
    assert Subscription.objects.get().cancels_at_period_end is False


@pytest.mark.parametrize(
    ("address", "body", "status"),
    [
        ("subscribe/", {}, 400),
        ("subscribe/", {"plan": "nothing"}, 404),
        ("subscribe/", {"plan": "starter", "seats": 0}, 400),
        ("subscribe/", {"plan": "starter", "interval": "week"}, 400),
        ("subscription/cancel/", {"reason": "other"}, 400),
    ],
)
def test_what_cannot_be_quoted_is_said(address, body, status, owner, starter):
    answer = post(owner, address, body)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_others_see_and_change_nothing(owner, company, starter, stranger, viewer, company_admin):
    subscription = subscribed(company, starter, owner, at=timezone.now() - timedelta(days=3))
    cancel = post(owner, "subscription/cancel/", {"reason": "other"}).json()
    named = {"subscription": str(subscription.public_id), "reason": "other"}
    assert post(stranger, "subscription/cancel/", named).status_code == 404
    assert post(stranger, "subscription/cancel/", {"quote": cancel["id"]}).status_code == 404
    for member in (viewer, company_admin):
        assert post(member, "subscription/cancel/", {"quote": cancel["id"]}).status_code == 403
    assert client_of(stranger).get(f"{API}subscription/").json()["count"] == 0
    assert client_of(viewer).get(f"{API}subscription/").json()["results"][0]["id"] == str(subscription.public_id)
