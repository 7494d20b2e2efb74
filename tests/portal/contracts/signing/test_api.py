"""Contracts for other programs."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY
from pytest_django import DjangoAssertNumQueries

from portal.accounts.models import Authenticator, Company, User
from portal.contracts.models import Contract, EvidenceEvent, Signature
from portal.contracts.services import sending
from tests.cast import client_of
from tests.factories import ContractFactory, MembershipFactory
from tests.portal.accounts.authenticators import code_of, with_app
from tests.portal.contracts.signing.conftest import Offer, consent, digest_of, read_and_sign
from tests.portal.contracts.signing.made import kinds_of, signer_of

pytestmark = pytest.mark.django_db
LIST = "/api/customer/contracts/"


@pytest.fixture
def contract(offer: Offer, owner: User) -> Contract:
    """One that waits for the owner, then for staff, and was sent today."""
    return offer(owner, at=timezone.now())


def body(contract: Contract, **others: Any) -> dict[str, Any]:
    said = {
        "name": "Grace Njeri",
        "text_sha256": digest_of(contract),
        "consent": consent().version,
        "password": "a-long-password",
        "time_zone": "Africa/Nairobi",
    }
    return said | others


def post(person: User, contract: Contract, said: dict[str, Any], key: str = "") -> HttpResponse:
    headers = {"Idempotency-Key": key} if key else {}
    address = f"{LIST}{contract.public_id}/sign/"
    answer: Any = client_of(person).post(address, said, content_type="application/json", headers=headers)
    return answer


def test_list_has_what_was_sent_to_the_company(contract: Contract, company: Company, viewer: User) -> None:
    ContractFactory.create(company=company)
    ContractFactory.create(sent=True)
    found = client_of(viewer).get(LIST).json()
    assert found["count"] == 1
    one = found["results"][0]
    assert (one["id"], one["number"], one["status"], one["company"], one["amends"]) == (
        str(contract.public_id),
        contract.number,
        "sent",
        "savanna-foods",
        None,
    )
    assert client_of(viewer).get(f"{LIST}?status=active").json()["count"] == 0
    assert client_of(viewer).get(f"{LIST}?status=sent&type=engagement").json()["count"] == 1
    assert client_of(viewer).get(f"{LIST}?status=nonsense").status_code == 400


def test_list_takes_as_many_queries_for_twenty_as_for_one(
    company: Company, viewer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(viewer)
    ContractFactory.create(company=company, sent=True)
    client.get(LIST)
    with django_assert_num_queries(8, exact=False) as one:
        client.get(LIST)
    ContractFactory.create_batch(19, company=company, sent=True)
    with django_assert_num_queries(len(one)):
        assert client.get(LIST).json()["count"] == 20


def test_detail_has_text_signers_and_what_to_agree_to(contract: Contract, owner: User, viewer: User) -> None:
    text = contract.texts.get()
    mine = client_of(owner).get(f"{LIST}{contract.public_id}/").json()
    assert mine["text"] == {"version": 1, "sha256": text.sha256, "html": text.html}
    assert mine["consent"] == {"version": consent().version, "text": consent().body}
    assert [(one["side"], one["status"]) for one in mine["signers"]] == [("company", "invited"), ("vendor", "waiting")]
    assert mine["waits_for_you"] is True
    assert client_of(viewer).get(f"{LIST}{contract.public_id}/").json()["waits_for_you"] is False


def test_text_is_not_shown_while_it_is_changed(contract: Contract, owner: User, staff: User) -> None:
    sending.take_back(contract=contract, by=staff, at=timezone.now())
    found = client_of(owner).get(f"{LIST}{contract.public_id}/").json()
    assert (found["status"], found["text"], found["waits_for_you"]) == ("draft", None, False)


def test_program_reads_and_signs_in_two_requests(contract: Contract, owner: User) -> None:
    found = client_of(owner).get(f"{LIST}{contract.public_id}/").json()
    said = body(contract, text_sha256=found["text"]["sha256"], consent=found["consent"]["version"])
    answer = post(owner, contract, said)
    made = Signature.objects.get()
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "id": str(made.public_id),
            "contract": str(contract.public_id),
            "contract_status": "sent",
            "name": "Grace Njeri",
            "email": "owner@savanna.example",
            "authentication": "password",
            "signed_at": made.signed_at.isoformat().replace("+00:00", "Z"),
            "text_sha256": made.text_sha256,
            "consent_sha256": made.consent_sha256,
            "sha256": made.sha256,
        },
    )
    assert kinds_of(contract)[-5:] == ["opened", "viewed", "consented", "signed", "invited"]
    assert made.time_zone == "Africa/Nairobi"


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"name": ""}, 400, "name"),
        ({"name": "7"}, 422, "name"),
        ({"text_sha256": "x"}, 400, "text_sha256"),
        ({"text_sha256": "0" * 64}, 409, "text_sha256"),
        ({"consent": "1999-01"}, 409, "consent"),
        ({"password": "wrong"}, 422, "password"),
        ({"password": None}, 400, "password"),
    ],
)
def test_refusals_name_the_field_and_leave_nothing(
    contract: Contract, owner: User, wrong: dict[str, Any], status: int, field: str
) -> None:
    before = kinds_of(contract)
    answer = post(owner, contract, body(contract, **wrong))
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert list(answer.json()["errors"]) == [field]
    assert (Signature.objects.count(), kinds_of(contract)) == (0, before)


def test_password_is_missing(contract: Contract, owner: User) -> None:
    said = body(contract)
    del said["password"]
    assert post(owner, contract, said).status_code == 422
    assert not Signature.objects.exists()


def test_same_key_signs_once_and_answers_the_same_bytes(contract: Contract, owner: User) -> None:
    first = post(owner, contract, body(contract), key="one")
    second = post(owner, contract, body(contract), key="one")
    assert (first.status_code, second.status_code, second.content) == (201, 201, first.content)
    assert second["Idempotent-Replayed"] == "true"
    assert Signature.objects.count() == 1
    other = post(owner, contract, body(contract, name="Somebody Else"), key="one")
    assert (other.status_code, json.loads(other.content)["type"]) == (
        422,
        "urn:portal:problem:idempotency_key_reused",
    )
    again = post(owner, contract, body(contract), key="two")
    assert (again.status_code, json.loads(again.content)["type"]) == (409, "urn:portal:problem:already_signed")
    assert Signature.objects.count() == 1


def test_wrong_code_stays_counted_under_a_key(contract: Contract, owner: User) -> None:
    app = with_app(owner)
    client = client_of(owner)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = app.persistent_id
    session.save()

    def sent(key: str, **said: str) -> int:
        address, headers = f"{LIST}{contract.public_id}/sign/", {"Idempotency-Key": key}
        form = body(contract, **said)
        return client.post(address, form, content_type="application/json", headers=headers).status_code

    assert sent("a") == 422
    assert sent("b", otp="000000") == 422
    assert Authenticator.objects.get().throttling_failure_count == 1
    assert sent("c", otp=code_of(app)) == 429
    Authenticator.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    code = code_of(app)
    assert sent("d", otp=code) == 201
    assert sent("d", otp=code) == 201
    assert Signature.objects.get().authentication == "second_factor"


def test_others_get_what_is_theirs(contract: Contract, company: Company, owner: User, viewer: User) -> None:
    stranger = MembershipFactory.create(role="owner").user
    assert client_of(stranger).get(f"{LIST}{contract.public_id}/").status_code == 404
    assert post(stranger, contract, body(contract)).status_code == 404
    assert post(viewer, contract, body(contract)).status_code == 403
    partner = MembershipFactory.create(company=company, role="owner").user
    refused = post(partner, contract, body(contract))
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:portal:problem:not_asked")
    assert not EvidenceEvent.objects.filter(kind__in=["opened", "viewed", "signed"]).exists()
    assert signer_of(contract, owner).status == "invited"


def test_other_turns_and_offers_that_are_over_are_refused(contract: Contract, owner: User) -> None:
    Contract.objects.update(offer_ends_on="2020-01-31")
    assert post(owner, contract, body(contract)).json()["type"] == "urn:portal:problem:offer_over"
    Contract.objects.update(offer_ends_on=None)
    read_and_sign(contract, owner)
    assert post(owner, contract, body(contract)).json()["type"] == "urn:portal:problem:already_signed"
