"""POSTs with a key act once and answer the same bytes."""

import hashlib
import json
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from rest_framework import authentication, serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.core.api import idempotent
from portal.core.errors import Conflict
from portal.core.models import IdempotencyKey
from portal.core.services import idempotency
from portal.core.services.idempotency import Answer, InvalidKey, KeyReused, StillRunning
from tests.portal.core.sample.models import Secret
from tests.portal.core.threads import race

PAID = Answer(201, b'{"paid": "1.50"}', "application/json")


def pay() -> Answer:
    """The effect: one row each time."""
    Secret.objects.create(name="payment")
    return PAID


def once(effect=pay, *, scope="user 1", key="k", request="a") -> Answer:
    return idempotency.once(scope=scope, key=key, request=request, effect=effect)


@pytest.mark.django_db
class TestOnce:
    def test_second_request_gets_the_same_bytes_and_does_nothing(self):
        assert [once(), once(), once()] == [PAID] * 3
        assert Secret.objects.count() == 1

    def test_key_belongs_to_its_scope(self):
        once()
        once(scope="user 2")
        once(key="other")
        assert Secret.objects.count() == 3

    def test_other_request_under_the_key_is_refused(self):
        once()
        with pytest.raises(KeyReused) as refusal:
            once(request="b")
        assert (refusal.value.status, refusal.value.code) == (422, "idempotency_key_reused")
        assert Secret.objects.count() == 1

    @pytest.mark.parametrize("key", ["", "x" * 256])
    def test_key_of_no_or_too_many_characters_is_refused(self, key):
        with pytest.raises(InvalidKey):
            once(key=key)
        assert (Secret.objects.count(), IdempotencyKey.objects.count()) == (0, 0)

    def test_effect_that_raises_leaves_neither_effect_nor_key(self):
        def pay_and_break() -> Answer:
            pay()
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            once(pay_and_break)
        assert (Secret.objects.count(), IdempotencyKey.objects.count()) == (0, 0)
        assert once() == PAID

    def test_answers_are_kept_for_a_day(self):
        once()
        once(key="older")
        day = timedelta(hours=24)
        IdempotencyKey.objects.filter(key="k").update(created_at=timezone.now() - day + timedelta(minutes=1))
        IdempotencyKey.objects.filter(key="older").update(created_at=timezone.now() - day)
        (kept_long_enough,) = idempotency.given_before(timezone.now() - day)
        kept_long_enough.delete()
        assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["k"]

    def test_database_keeps_one_answer_a_key(self):
        once()
        with pytest.raises(IntegrityError), transaction.atomic():
            IdempotencyKey.objects.create(scope="user 1", key="k", status=200, body=b"")


@pytest.mark.django_db(transaction=True)
def test_request_while_the_first_still_runs_is_refused_at_once():
    started, may_end = threading.Event(), threading.Event()

    def slowly() -> Answer:
        started.set()
        assert may_end.wait(10)
        return pay()

    def work(number: int) -> Answer:
        if number == 0:
            return once(slowly)
        started.wait(10)
        try:
            return once()
        finally:
            may_end.set()

    first, second = race(work, threads=2)
    assert first == PAID
    assert isinstance(second, StillRunning)
    assert (second.status, second.code) == (409, "idempotency_still_running")
    assert Secret.objects.count() == 1
    assert once() == PAID


@pytest.mark.django_db(transaction=True)
def test_threads_with_one_key_act_once():
    results = race(lambda _number: once(), threads=8)
    assert PAID in results
    assert all(result == PAID or isinstance(result, StillRunning) for result in results)
    assert Secret.objects.count() == 1


class Header(authentication.BaseAuthentication):
    """Trusts a header: who asks is not the point here."""

    def authenticate(self, request):
        return SimpleNamespace(pk=request.headers.get("X-User", "1"), is_authenticated=True), None


class Payments(APIView):
    authentication_classes = (Header,)
    permission_classes = ()

    @idempotent
    def post(self, request):
        Secret.objects.create(name="payment")
        match request.data.get("amount"):
            case "too much":
                raise Conflict("That is more than is owed.")
            case "odd":
                raise serializers.ValidationError({"amount": ["Odd."]})
            case "broken":
                raise ZeroDivisionError
        return Response({"number": Secret.objects.count(), "at": timezone.now()}, status=201)


def handler500(request):
    """Nothing to look at."""
    return HttpResponse(status=500)


urlpatterns = [path("api/payments/", Payments.as_view()), path("api/refunds/", Payments.as_view())]


@pytest.fixture
def post(client):
    """Sends a payment."""

    def send(body, *, key="k", user="1", address="/api/payments/"):
        headers = {"X-User": user, **({"Idempotency-Key": key} if key else {})}
        return client.post(address, body, content_type="application/json", headers=headers)

    return send


@pytest.mark.urls(__name__)
@pytest.mark.django_db
class TestOverHttp:
    def test_same_key_and_body_get_the_same_answer_to_the_byte(self, post):
        first, second = post({"amount": "1"}), post({"amount": "1"})
        assert (first.status_code, json.loads(first.content)["number"]) == (201, 1)
        assert (second.status_code, second.content) == (201, first.content)
        assert second["Content-Type"] == first["Content-Type"] == "application/json"
        assert Secret.objects.count() == 1

    def test_other_body_or_address_is_422(self, post):
        post({"amount": "1"})
        for response in (post({"amount": "2"}), post({"amount": "1"}, address="/api/refunds/")):
            assert response.status_code == 422
            assert response["Content-Type"] == "application/problem+json"
            assert json.loads(response.content)["type"] == "urn:portal:problem:idempotency_key_reused"
        assert Secret.objects.count() == 1

    def test_keys_of_two_people_are_two_keys(self, post):
        assert [post({}, user=user).json()["number"] for user in ("1", "2")] == [1, 2]

    def test_without_a_key_each_request_acts(self, post):
        assert [post({}, key="").json()["number"] for _ in range(2)] == [1, 2]

    @pytest.mark.parametrize(("amount", "status"), [("too much", 409), ("odd", 400)])
    def test_refusal_is_repeated_and_leaves_nothing(self, post, amount, status):
        first, second = post({"amount": amount}), post({"amount": amount})
        assert (first.status_code, second.status_code) == (status, status)
        assert first["Content-Type"] == second["Content-Type"] == "application/problem+json"
        assert first.content == second.content
        assert (Secret.objects.count(), IdempotencyKey.objects.count()) == (0, 1)

    def test_nothing_kept_can_be_guessed_from_what_was_sent(self, post):
        post({"amount": "1.50", "password": "a-long-password"})
        body = json.dumps({"amount": "1.50", "password": "a-long-password"})
        asked = {
            hashlib.sha256(f"POST /api/payments/\n{text}".encode()).hexdigest()
            for text in (body, body.replace(" ", ""))
        }
        assert IdempotencyKey.objects.get().request_hash not in asked

    def test_failure_is_not_kept(self, post, client):
        client.raise_request_exception = False
        assert post({"amount": "broken"}).status_code == 500
        assert (Secret.objects.count(), IdempotencyKey.objects.count()) == (0, 0)

    def test_key_that_is_too_long_is_422(self, post):
        response = post({}, key="x" * 256)
        assert response.status_code == 422
        assert json.loads(response.content)["type"] == "urn:portal:problem:invalid_idempotency_key"
        assert Secret.objects.count() == 0
