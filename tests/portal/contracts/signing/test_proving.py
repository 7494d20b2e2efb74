"""`verify_contracts`, archives of people and companies, and the widget of what is to be signed."""

import hashlib
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from portal.accounts.models import Company, User
from portal.contracts import privacy, widgets
from portal.contracts.models import Contract, EvidenceEvent, SealedCopy, TurnJob
from portal.contracts.services import evidence, proving
from portal.core import files
from portal.core.privacy import Erasing
from portal.core.widgets import Period, Scope
from tests.factories import ContractFactory
from tests.portal.contracts.drawn import AT
from tests.portal.contracts.signing.conftest import Offer, read_and_sign
from tests.portal.contracts.signing.made import kinds_of
from tests.portal.contracts.signing.test_evidence import tamper

pytestmark = pytest.mark.django_db


def archived(contract: Contract, content: bytes = b"%PDF-1.7 sealed") -> SealedCopy:
    """A sealed copy, with the event that tells of it."""
    digest = hashlib.sha256(content).hexdigest()
    name = files.private_storage().save(f"contracts/{contract.public_id.hex}.pdf", ContentFile(content))
    copy = SealedCopy.objects.create(contract=contract, file=name, sha256=digest, size=len(content), made_at=AT)
    evidence.record(contract=contract, kind=EvidenceEvent.Kind.SEALED, at=AT, result_sha256=digest)
    return copy


def proven() -> str:
    told = StringIO()
    call_command("verify_contracts", stdout=told)
    return told.getvalue().strip()


def test_command_tells_how_much_is_proven(contract: Contract, offer: Offer, owner: User, staff: User) -> None:
    read_and_sign(contract, owner)
    read_and_sign(contract, staff)
    archived(contract)
    offer(owner)
    events = EvidenceEvent.objects.count()
    assert proven() == f"2 contracts with {events} events and 1 sealed copies are as they were written."


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE contracts_evidenceevent SET name = 'Mallory' WHERE sequence = 3", "event 3 was changed"),
        ("UPDATE contracts_signature SET typed_name = 'Mallory'", "was changed"),
        ("DELETE FROM contracts_signature", "the signature of event"),
        ("DELETE FROM contracts_evidenceevent", "no event tells of signature"),
        ("UPDATE contracts_contracttext SET html = html || ' '", "version 1 of its text was changed"),
        ("UPDATE contracts_sealedcopy SET sha256 = repeat('0', 64)", "sealed copy"),
        ("DELETE FROM contracts_sealedcopy", "is missing"),
    ],
)
def test_command_ends_with_the_first_difference(contract: Contract, owner: User, change: str, told: str) -> None:
    read_and_sign(contract, owner)
    archived(contract)
    # They refer to the signature.
    TurnJob.objects.all().delete()
    tamper(change)
    with pytest.raises(CommandError, match=told):
        proven()


def test_file_that_was_changed_or_lost_is_found(contract: Contract, owner: User) -> None:
    copy = archived(contract)
    storage = files.private_storage()
    storage.delete(copy.file.name)
    with pytest.raises(evidence.ChainBroken, match="changed or is missing"):
        proving.verify_all()
    storage.save(copy.file.name, ContentFile(b"%PDF-1.7 sealeD"))
    with pytest.raises(evidence.ChainBroken, match="changed or is missing"):
        proving.verify_all()


def test_contract_that_was_sent_without_evidence_is_found(company: Company) -> None:
    ContractFactory.create(company=company, sent=True)
    with pytest.raises(CommandError, match="no evidence"):
        proven()


def test_archives_hold_what_is_the_persons_and_the_companys(
    contract: Contract, owner: User, staff: User, company: Company, other_company: Company
) -> None:
    read_and_sign(contract, owner)
    copy = archived(contract)
    ContractFactory.create(company=other_company, sent=True)
    ContractFactory.create(company=company)
    (signature,) = privacy.signatures(owner)
    assert (signature["typed_name"], signature["contract"]) == ("Grace Njeri", contract.number)
    assert [row["kind"] for row in privacy.evidence(owner)] == ["invited", "opened", "viewed", "consented", "signed"]
    assert list(privacy.signatures(staff)) == []
    (record,) = privacy.contracts(company)
    assert (record["number"], record["text"]) == (contract.number, contract.texts.get().html)
    (file,) = privacy.copies(company)
    assert (file.name, file.file) == (f"{contract.number}.pdf", copy.file)
    assert list(privacy.copies(other_company)) == []


def test_erasure_leaves_signatures_and_forgets_drafts(contract: Contract, owner: User, company: Company) -> None:
    read_and_sign(contract, owner)
    before = kinds_of(contract)
    unsent = ContractFactory.create(company=company)
    privacy.PERSON_ERASER.erase(Erasing(owner, str(owner), frozenset(), AT))
    privacy.COMPANY_ERASER.erase(Erasing(company, company.name, frozenset(), AT))
    unsent.refresh_from_db()
    contract.refresh_from_db()
    assert (unsent.values, bool(contract.values), kinds_of(contract)) == ({}, True, [*before, "cancelled"])
    assert evidence.verify(contract) == len(before) + 1
    assert list(privacy.RULES["contracts"].expired(AT)) == []


def scope(person: User, company: Company | None) -> Scope:
    """A dashboard that this person looks at."""
    request = RequestFactory().get("/")
    vars(request).update(user=person, company=company)
    return Scope(request, Period(AT.date(), AT.date()))


def test_widget_shows_what_the_viewer_is_to_sign_in_one_query(
    contract: Contract,
    offer: Offer,
    owner: User,
    staff: User,
    company: Company,
    other_company: Company,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        (line,) = widgets.contracts_to_sign(scope(owner, company))
    assert (line["title"], line["url"]) == (contract.title, f"/customer/contracts/{contract.public_id}/sign/")
    with django_assert_num_queries(1):
        assert widgets.contracts_to_sign(scope(owner, other_company)) == []
    assert widgets.contracts_to_sign(scope(staff, None)) == []
    read_and_sign(contract, owner)
    assert widgets.contracts_to_sign(scope(owner, company)) == []
    (ours,) = widgets.contracts_to_sign(scope(staff, None))
    assert ours["url"] == f"/contracts/{contract.public_id}/sign/"
    for _ in range(9):
        offer(owner)
    with django_assert_num_queries(1):
        assert len(widgets.contracts_to_sign(scope(owner, company))) == widgets.MOST
