"""Signing: what is kept of a signature, what follows from it, and every way in which there is none."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from pytest_django import DjangoAssertNumQueries

from portal.accounts.models import Company, ConsentText, Membership, User
from portal.activity.models import ActivityEvent
from portal.contracts import facts
from portal.contracts.models import Contract, EvidenceEvent, SealJob, Signature, Signer, TurnJob
from portal.contracts.services import declining, delegating, ending, evidence, sending, signing, turns
from portal.core.errors import DomainError
from portal.notifications.models import Notification
from tests.factories import MembershipFactory
from tests.portal.contracts.drawn import AT
from tests.portal.contracts.signing.conftest import (
    PASSWORD,
    Offer,
    consent,
    digest_of,
    read,
    read_and_sign,
    sign,
    tell,
)
from tests.portal.contracts.signing.made import kinds_of, signer_of

pytestmark = pytest.mark.django_db
NAIROBI = ZoneInfo("Africa/Nairobi")
COUNTED: list[type[Model]] = [Signature, EvidenceEvent, ActivityEvent, SealJob, TurnJob, Notification]


def world() -> tuple[Any, ...]:
    """All that a signature could change."""
    rows = [model._default_manager.count() for model in COUNTED]
    states = [list(model._default_manager.order_by("pk").values_list("status")) for model in (Contract, Signer)]
    return (rows, states)


def refused(act: Callable[[], object], error: type[DomainError]) -> DomainError:
    """What was raised, after nothing was changed."""
    before = world()
    with pytest.raises(error) as refusal:
        act()
    assert world() == before
    return refusal.value


def test_signature_keeps_who_what_when_and_from_where(contract: Contract, owner: User) -> None:
    made = read_and_sign(contract, owner, typed_name="  Grace \t Njeri ")
    kept = Signature.objects.get()
    assert (kept.typed_name, kept.email, kept.side, kept.title) == (
        "Grace Njeri",
        "owner@savanna.example",
        "company",
        "Managing director",
    )
    assert (kept.ip_address, kept.user_agent, kept.time_zone, kept.authentication) == (
        "192.0.2.7",
        "Mozilla/5.0",
        "Africa/Nairobi",
        "password",
    )
    text = contract.texts.get()
    assert (kept.signer.user, kept.user, kept.text, kept.signed_at) == (owner, owner, text, AT)
    assert kept.text_sha256 == text.sha256 == hashlib.sha256(text.html.encode()).hexdigest()
    assert kept.consent_text == consent()
    assert kept.consent_sha256 == hashlib.sha256(consent().body.encode()).hexdigest()
    assert kept.sha256 == made.sha256 == evidence.sha256_of_signature(kept)


def test_signatures_own_hash_is_over_its_columns(contract: Contract, owner: User) -> None:
    made = read_and_sign(contract, owner)
    columns = {
        "public_id": str(made.public_id),
        "signer_id": made.signer_id,
        "text_id": made.text_id,
        "user_id": owner.pk,
        "typed_name": "Grace Njeri",
        "email": "owner@savanna.example",
        "side": "company",
        "title": "Managing director",
        "authentication": "password",
        "ip_address": "192.0.2.7",
        "user_agent": "Mozilla/5.0",
        "time_zone": "Africa/Nairobi",
        "signed_at": "2026-01-05T09:00:00.000000+00:00",
        "text_sha256": made.text_sha256,
        "consent_text_id": made.consent_text_id,
        "consent_sha256": made.consent_sha256,
    }
    words = json.dumps(columns, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    assert made.sha256 == hashlib.sha256(words.encode()).hexdigest()


def test_evidence_tells_each_step_with_its_hashes(contract: Contract, owner: User, staff: User) -> None:
    made = read_and_sign(contract, owner)
    assert kinds_of(contract) == ["sent", "invited", "opened", "viewed", "consented", "signed", "invited"]
    signed = contract.evidence.get(kind="signed")
    assert (signed.user, signed.name, signed.email, signed.role) == (
        owner,
        owner.get_full_name(),
        "owner@savanna.example",
        "Company, Managing director",
    )
    assert (signed.authentication, signed.ip_address, signed.at) == ("password", "192.0.2.7", AT)
    assert (signed.text_sha256, signed.consent_sha256, signed.result_sha256) == (
        made.text_sha256,
        made.consent_sha256,
        made.sha256,
    )
    assert signed.data == {"typed_name": "Grace Njeri", "signature": str(made.public_id)}
    consented = contract.evidence.get(kind="consented")
    assert (consented.consent_sha256, consented.data) == (
        made.consent_sha256,
        {"consent_version": consent().version},
    )
    assert contract.evidence.get(kind="invited", sequence=7).user == staff
    assert evidence.verify(contract) == 7


def test_last_signature_completes_the_contract(contract: Contract, owner: User, staff: User) -> None:
    heard: list[tuple[Contract, object]] = []

    def hear(contract: Contract, at: object, **_: object) -> None:
        heard.append((contract, at))

    facts.contract_completed.connect(hear)
    read_and_sign(contract, owner)
    assert (heard, SealJob.objects.count()) == ([], 0)
    later = AT + timedelta(hours=2)
    read_and_sign(contract, staff, at=later)
    facts.contract_completed.disconnect(hear)
    contract.refresh_from_db()
    assert (contract.status, contract.signed_at) == ("signed", later)
    assert heard == [(contract, later)]
    assert list(SealJob.objects.values_list("contract", "step", "state")) == [(contract.pk, "seal", "queued")]
    assert kinds_of(contract)[-5:] == ["opened", "viewed", "consented", "counter_signed", "completed"]
    assert contract.evidence.get(kind="completed").text_sha256 == digest_of(contract)
    verbs = ActivityEvent.objects.about(contract).filter(verb__in=["contract.signed", "contract.completed"])
    assert sorted(verbs.values_list("verb", flat=True)) == ["contract.completed", "contract.signed", "contract.signed"]
    assert evidence.verify(contract) == len(kinds_of(contract))


def test_all_of_the_company_sign_in_any_order_and_the_vendor_last(
    offer: Offer, owner: User, company: Company, staff: User
) -> None:
    other = MembershipFactory.create(company=company, role="owner").user
    contract = offer(owner, other, signing_order="parallel")
    refused(lambda: sign(contract, staff), turns.NotYourTurn)
    read_and_sign(contract, other)
    refused(lambda: sign(contract, staff), turns.NotYourTurn)
    read_and_sign(contract, owner)
    read_and_sign(contract, staff)
    contract.refresh_from_db()
    assert contract.status == "signed"
    assert list(Signature.objects.order_by("pk").values_list("user", flat=True)) == [other.pk, owner.pk, staff.pk]


def test_next_is_told_once_and_ours_of_the_signature(contract: Contract, owner: User, staff: User) -> None:
    def told() -> list[tuple[str, str, str]]:
        rows = Notification.objects.filter(kind__startswith="contract_").order_by("pk")
        return list(rows.values_list("kind", "recipient__email", "url"))

    tell()
    first = ("contract_to_sign", owner.email, f"/customer/contracts/{contract.public_id}/sign/")
    assert told() == [first]
    read_and_sign(contract, owner)
    assert told() == [first]
    tell()
    second = ("contract_to_sign", staff.email, f"/contracts/{contract.public_id}/sign/")
    third = ("contract_partly_signed", staff.email, f"/admin/snippets/contracts/contract/inspect/{contract.pk}/")
    assert told() == [first, *sorted([second, third])] or told() == [first, second, third]
    TurnJob.objects.update(state="queued", attempts=0)
    tell()
    assert len(told()) == 3
    assert Notification.objects.get(kind="contract_to_sign", recipient=owner).company == contract.company


def test_nobody_is_told_of_a_turn_that_is_gone(contract: Contract, staff: User) -> None:
    sending.take_back(contract=contract, by=staff, at=AT)
    tell()
    assert not Notification.objects.filter(kind="contract_to_sign").exists()


def test_second_signature_of_one_person_is_refused(contract: Contract, owner: User) -> None:
    read_and_sign(contract, owner)
    refusal = refused(lambda: sign(contract, owner), turns.AlreadySigned)
    assert refusal.code == "already_signed"


def test_one_whose_turn_has_not_come_is_refused(contract: Contract, staff: User) -> None:
    refused(lambda: sign(contract, staff), turns.NotYourTurn)


def test_place_of_another_person_is_refused(contract: Contract, owner: User, company: Company) -> None:
    read(contract, owner)
    other = MembershipFactory.create(company=company, role="owner").user
    refusal = refused(lambda: sign(contract, owner, by=other), turns.NotYours)
    assert (refusal.code, refusal.status) == ("may_not_sign", 403)


def test_member_whose_right_was_taken_away_is_refused(contract: Contract, owner: User) -> None:
    read(contract, owner)
    Membership.objects.filter(user=owner).update(can_sign_contracts=False)
    refused(lambda: sign(contract, owner), turns.NotYours)
    Membership.objects.filter(user=owner).delete()
    refused(lambda: sign(contract, owner), turns.NotYours)


def test_staff_without_the_right_any_more_are_refused(offer: Offer, owner: User, finance: User) -> None:
    finance.user_permissions.add(Permission.objects.get(codename="sign_for_vendor"))
    contract = offer(owner, vendor=[User.objects.get(pk=finance.pk)])
    read_and_sign(contract, owner)
    read(contract, User.objects.get(pk=finance.pk))
    finance.user_permissions.clear()
    finance.groups.clear()
    refused(lambda: sign(contract, User.objects.get(pk=finance.pk)), turns.NotYours)


def test_day_after_the_offer_is_refused_and_its_last_day_is_not(contract: Contract, owner: User) -> None:
    read(contract, owner)
    last = contract.offer_ends_on
    assert last is not None
    over = AT + timedelta(days=(last - AT.date()).days + 1)
    refusal = refused(lambda: sign(contract, owner, at=over), turns.OfferOver)
    assert f"{last.day} February 2026" in refusal.message
    sign(contract, owner, at=over - timedelta(days=1))


@pytest.mark.parametrize("status", ["draft", "signed", "active", "expired", "terminated", "cancelled", "declined"])
def test_contract_that_is_not_offered_is_refused(contract: Contract, owner: User, status: str) -> None:
    read(contract, owner)
    Contract.objects.update(status=status, signed_at=AT, reason="x")
    assert refused(lambda: sign(contract, owner), turns.NotOffered).code == "not_offered"


def test_text_that_was_taken_back_between_is_refused(contract: Contract, owner: User, staff: User) -> None:
    read(contract, owner)
    old = digest_of(contract)
    sending.take_back(contract=contract, by=staff, at=AT)
    refused(lambda: sign(contract, owner, text_sha256=old), turns.NotOffered)


def test_version_that_was_replaced_is_refused_and_the_new_one_is_signed(
    contract: Contract, owner: User, staff: User
) -> None:
    read(contract, owner)
    old = digest_of(contract)
    sending.take_back(contract=contract, by=staff, at=AT)
    Contract.objects.update(title="Engagement of three developers", values={"governing_law": "Uganda"})
    contract.refresh_from_db()
    sending.send(contract=contract, by=staff, at=AT)
    assert digest_of(contract) != old
    refused(lambda: sign(contract, owner, text_sha256=old), turns.TextReplaced)
    refused(lambda: sign(contract, owner), signing.NotViewed)
    made = read_and_sign(contract, owner)
    assert (made.text.version, made.text_sha256) == (2, digest_of(contract))


def test_what_was_signed_of_a_version_before_counts_no_more(contract: Contract, owner: User, staff: User) -> None:
    read_and_sign(contract, owner)
    sending.take_back(contract=contract, by=staff, at=AT)
    sending.send(contract=Contract.objects.get(), by=staff, at=AT)
    refused(lambda: sign(contract, staff), turns.NotYourTurn)
    read_and_sign(contract, owner)
    read_and_sign(contract, staff)
    contract.refresh_from_db()
    assert contract.status == "signed"
    assert [row.text.version for row in Signature.objects.order_by("pk")] == [1, 2, 2]
    assert evidence.verify(contract) == len(kinds_of(contract))


@pytest.mark.parametrize("digest", ["", "0" * 64, "none"])
def test_hash_of_another_text_is_refused(contract: Contract, owner: User, digest: str) -> None:
    read(contract, owner)
    assert refused(lambda: sign(contract, owner, text_sha256=digest), turns.TextReplaced).field == "text_sha256"


def test_text_that_was_not_read_to_its_end_is_refused(contract: Contract, owner: User) -> None:
    assert refused(lambda: sign(contract, owner), signing.NotViewed).code == "not_viewed"


def test_consent_text_that_was_replaced_between_is_refused(contract: Contract, owner: User) -> None:
    read(contract, owner)
    old = consent()
    ConsentText.objects.create(kind="signing", version="2027-01", body="I agree, again.", published_at=AT)
    ConsentText.objects.filter(pk=old.pk).update(published_at=AT - timedelta(days=400))
    refusal = refused(lambda: sign(contract, owner, consent_id=old.pk), signing.ConsentReplaced)
    assert (refusal.code, refusal.field) == ("consent_replaced", "consent")
    made = sign(contract, owner)
    assert made.consent_sha256 == hashlib.sha256(b"I agree, again.").hexdigest()


@pytest.mark.parametrize(("signed_on", "state"), [(28, "signed"), (1, "active"), (2, "active")])
def test_last_signature_on_the_first_day_or_later_puts_it_in_force(
    offer: Offer, owner: User, staff: User, stranger: User, signed_on: int, state: str
) -> None:
    # The contract's first day is 1 March, and it begins in Nairobi.
    day = datetime(2026, 2 if signed_on == 28 else 3, signed_on, tzinfo=NAIROBI)
    contract = offer(owner, at=day)
    read_and_sign(contract, owner, at=day)
    assert not ActivityEvent.objects.filter(verb="contract.began").exists()
    read_and_sign(contract, staff, at=day)
    contract.refresh_from_db()
    assert (contract.status, contract.signed_at) == (state, day)
    began = ["contract.began"] if state == "active" else []
    assert list(ActivityEvent.objects.filter(verb="contract.began").values_list("verb", flat=True)) == began
    for _again in range(2):
        tell()
        ending.begin_due(today=day.date(), at=day)
    told = Notification.objects.filter(kind="contract_began")
    assert sorted(row.recipient_id for row in told) == (sorted([owner.pk, staff.pk]) if began else [])
    assert SealJob.objects.get().contract == contract


def test_consent_to_another_text_is_refused(contract: Contract, owner: User) -> None:
    read(contract, owner)
    terms = ConsentText.objects.create(kind="terms", version="9", body="Terms.", published_at=AT)
    refused(lambda: sign(contract, owner, consent_id=terms.pk), signing.ConsentReplaced)
    refused(lambda: sign(contract, owner, consent_id=0), signing.ConsentReplaced)


@pytest.mark.parametrize("name", ["", "  ", "X", "--", "12 34", "x" * 121])
def test_name_is_typed_in_full(contract: Contract, owner: User, name: str) -> None:
    read(contract, owner)
    assert refused(lambda: sign(contract, owner, typed_name=name), signing.NameMissing).field == "name"


def test_signature_without_a_proof_of_who_it_is_is_a_mistake(contract: Contract, owner: User) -> None:
    read(contract, owner)
    with pytest.raises(ValueError, match="''"):
        sign(contract, owner, trace=evidence.Trace())
    assert not Signature.objects.exists()


@pytest.mark.parametrize(
    "change", ["UPDATE contracts_signature SET typed_name = 'X'", "DELETE FROM contracts_signature"]
)
def test_signatures_stay(contract: Contract, owner: User, change: str) -> None:
    read_and_sign(contract, owner)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Signature.objects.get().typed_name == "Grace Njeri"


def test_second_signature_meets_the_database_too(contract: Contract, owner: User) -> None:
    made = read_and_sign(contract, owner)
    made.pk, made.public_id = None, "00000000-0000-4000-8000-000000000001"
    with pytest.raises(DatabaseError, match="contracts_signature_once"), transaction.atomic():
        made.save(force_insert=True)


def test_signing_takes_as_many_queries_with_many_signers(
    offer: Offer, company: Company, owner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    others = [MembershipFactory.create(company=company, role="owner").user for _ in range(9)]
    counts = []
    for contract in (offer(owner), offer(owner, *others)):
        read(contract, owner)
        said = {
            "signer": signer_of(contract, owner),
            "text_sha256": digest_of(contract),
            "typed_name": "Grace Njeri",
            "consent_id": consent().pk,
        }
        with django_assert_num_queries(14, exact=False) as asked:
            signing.sign(by=owner, at=AT, trace=PASSWORD, **said)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_decline_and_delegate_are_refused_as_signing_is(contract: Contract, owner: User, staff: User) -> None:
    read_and_sign(contract, owner)
    same: dict[str, Any] = {"signer": signer_of(contract, owner), "by": owner, "at": AT, "trace": PASSWORD}
    refused(lambda: declining.decline(reason="No.", **same), turns.AlreadySigned)
    refused(lambda: delegating.delegate(to=staff, note="", **same), turns.AlreadySigned)
