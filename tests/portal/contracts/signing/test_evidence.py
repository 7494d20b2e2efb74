"""The chain of evidence: what it writes down, and that no change of it stays unseen."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest
from django.test import RequestFactory

from portal.accounts.models import Company, User
from portal.contracts.models import Contract, EvidenceEvent, Signature
from portal.contracts.services import evidence
from tests.portal.contracts.signing.made import AT, HTML, draft, offer

pytestmark = pytest.mark.django_db
TRACE = evidence.Trace("2001:db8::7", "Mozilla/5.0 (Ünicode)", "Africa/Nairobi", "password")


@pytest.fixture
def contract(company: Company) -> Contract:
    return draft(company)


def request(**headers: str) -> HttpRequest:
    return RequestFactory(headers=headers).get("/")


def tamper(statement: str, *values: object) -> None:
    """Change what the database refuses to change, as somebody could who has its password."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = DEFAULT")


def test_first_event_begins_the_chain_and_hashes_every_column(contract: Contract, owner: User) -> None:
    made = evidence.record(
        contract=contract,
        kind=EvidenceEvent.Kind.SIGNED,
        at=datetime(2026, 11, 10, 12, 0, 0, 7, tzinfo=timezone(timedelta(hours=3))),
        user=owner,
        role="Company, Managing director",
        trace=TRACE,
        text_sha256="a" * 64,
        consent_sha256="b" * 64,
        result_sha256="c" * 64,
        data={"day": AT.date(), "count": 2, "é": "ü"},
    )
    columns = {
        "contract_id": contract.pk,
        "sequence": 1,
        "kind": "signed",
        "at": "2026-11-10T09:00:00.000007+00:00",
        "user_id": owner.pk,
        "name": owner.get_full_name(),
        "email": "owner@savanna.example",
        "role": "Company, Managing director",
        "authentication": "password",
        "ip_address": "2001:db8::7",
        "user_agent": "Mozilla/5.0 (Ünicode)",
        "time_zone": "Africa/Nairobi",
        "text_sha256": "a" * 64,
        "consent_sha256": "b" * 64,
        "result_sha256": "c" * 64,
        "data": {"day": "2026-11-10", "count": 2, "é": "ü"},
        "previous_sha256": "0" * 64,
    }
    words = json.dumps(columns, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    assert made.sha256 == hashlib.sha256(words.encode()).hexdigest()
    fresh = EvidenceEvent.objects.get()
    assert evidence.sha256_of(fresh) == made.sha256
    assert set(columns) == {field.attname for field in EvidenceEvent._meta.fields} - {"id", "sha256"}


def test_every_column_of_a_signature_is_hashed() -> None:
    assert set(evidence.SIGNATURE) == {field.attname for field in Signature._meta.fields} - {"id", "sha256"}


def test_each_event_names_the_one_before(contract: Contract) -> None:
    first = evidence.record(contract=contract, kind="sent", at=AT)
    second, third = evidence.append(
        contract=contract, events=[evidence.event(kind="opened", at=AT), evidence.event(kind="viewed", at=AT)]
    )
    assert [(one.sequence, one.previous_sha256) for one in (first, second, third)] == [
        (1, "0" * 64),
        (2, first.sha256),
        (3, second.sha256),
    ]
    assert len({first.sha256, second.sha256, third.sha256}) == 3


def test_contracts_have_chains_of_their_own(contract: Contract, other_company: Company) -> None:
    evidence.record(contract=contract, kind="sent", at=AT)
    theirs = evidence.record(contract=draft(other_company), kind="sent", at=AT)
    assert (theirs.sequence, theirs.previous_sha256) == (1, "0" * 64)


def test_two_events_are_written_in_two_statements(contract: Contract, django_assert_num_queries) -> None:
    events = [evidence.event(kind="opened", at=AT), evidence.event(kind="viewed", at=AT)]
    with django_assert_num_queries(2):
        evidence.append(contract=contract, events=events)


def test_names_outlive_the_account(contract: Contract, owner: User) -> None:
    evidence.record(contract=contract, kind="opened", at=AT, user=owner)
    name = owner.get_full_name()
    owner.erased_at, owner.email = AT, "gone@invalid.example"
    owner.save()
    assert EvidenceEvent.objects.values_list("name", "email").get() == (name, "owner@savanna.example")
    assert evidence.verify(contract) == 1


def test_whole_chain_is_proven(company: Company, owner: User, staff: User) -> None:
    contract = offer(company, people=[owner], vendor=[staff])
    evidence.record(contract=contract, kind="opened", at=AT, user=owner, trace=TRACE, data={"a": [1, "b", None]})
    assert evidence.verify(contract) == 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE contracts_evidenceevent SET ip_address = '10.0.0.1' WHERE sequence = 2", "event 2 was changed"),
        ("UPDATE contracts_evidenceevent SET at = at + interval '1 microsecond' WHERE sequence = 1", "event 1 was"),
        ("DELETE FROM contracts_evidenceevent WHERE sequence = 2", "event 2 is missing"),
        ("UPDATE contracts_contracttext SET html = replace(html, '5,000', '6,000')", "version 1 of its text was"),
        ("DELETE FROM contracts_contracttext", "the text of event 1 is missing"),
        ("UPDATE contracts_contract SET signed_at = now()", "counts as signed"),
    ],
)
def test_a_change_is_named(company: Company, owner: User, change: str, told: str) -> None:
    contract = offer(company, people=[owner], vendor=[])
    for kind in ("opened", "viewed"):
        evidence.record(contract=contract, kind=kind, at=AT, user=owner, trace=TRACE)
    tamper(change)
    contract.refresh_from_db()
    with pytest.raises(evidence.ChainBroken, match=told):
        evidence.verify(contract)


def test_an_event_hashed_anew_breaks_the_next(contract: Contract) -> None:
    for kind in ("sent", "opened", "viewed"):
        evidence.record(contract=contract, kind=kind, at=AT)
    one = contract.evidence.get(sequence=2)
    one.kind = "declined"
    tamper(
        "UPDATE contracts_evidenceevent SET kind = 'declined', sha256 = %s WHERE sequence = 2", evidence.sha256_of(one)
    )
    with pytest.raises(evidence.ChainBroken, match="event 3 was changed"):
        evidence.verify(contract)


@pytest.mark.parametrize(
    "change", ["UPDATE contracts_evidenceevent SET role = 'x'", "DELETE FROM contracts_evidenceevent"]
)
def test_the_database_refuses_changes(contract: Contract, change: str) -> None:
    evidence.record(contract=contract, kind="sent", at=AT)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert evidence.verify(contract) == 1


def test_trace_says_where_a_request_comes_from() -> None:
    trace = evidence.trace_of(request(User_Agent="x" * 500), authentication="password", time_zone="Africa/Nairobi")
    assert trace == evidence.Trace("127.0.0.1", "x" * 400, "Africa/Nairobi", "password")


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "x" * 500, "Africa", "a\0b"])
def test_trace_keeps_no_time_zone_that_is_none(zone: str) -> None:
    assert evidence.trace_of(request(), time_zone=zone).time_zone == ""


@pytest.mark.parametrize(
    ("address", "kept"),
    [("::ffff:192.0.2.7", "192.0.2.7"), ("2001:DB8:0::1", "2001:db8::1"), ("fe80::1%eth0", "fe80::1")],
)
def test_addresses_are_hashed_as_the_database_keeps_them(
    contract: Contract, monkeypatch: pytest.MonkeyPatch, address: str, kept: str
) -> None:
    monkeypatch.setattr("allauth.account.adapter.DefaultAccountAdapter.get_client_ip", lambda *_: address)
    evidence.record(contract=contract, kind="opened", at=AT, trace=evidence.trace_of(request()))
    assert EvidenceEvent.objects.get().ip_address == kept
    assert evidence.verify(contract) == 1


def test_hash_of_a_text_is_that_of_its_bytes() -> None:
    assert evidence.sha256_of_text(HTML) == hashlib.sha256(HTML.encode("utf-8")).hexdigest()
    assert evidence.sha256_of_text("é") != evidence.sha256_of_text("e")
    assert AT.tzinfo is UTC
