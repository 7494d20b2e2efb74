"""The pages of signing: read, agree, sign, pass on, decline; for those of the company and for ours."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY

from portal.accounts.models import Authenticator, Company, Membership, User
from portal.contracts.models import Contract, EvidenceEvent, Signature, Signer
from portal.contracts.paging import pages_of
from portal.contracts.services import sending
from tests.cast import client_of
from tests.factories import MembershipFactory
from tests.portal.accounts.authenticators import code_of, with_app
from tests.portal.contracts.signing.conftest import Offer, consent, digest_of
from tests.portal.contracts.signing.made import HTML, kinds_of, signer_of

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-password"


@pytest.fixture
def contract(offer: Offer, owner: User) -> Contract:
    """One that waits for the owner, then for staff, and was sent today."""
    return offer(owner, at=timezone.now())


def address(contract: Contract, part: str = "sign", *, ours: bool = False) -> str:
    return f"{'' if ours else '/customer'}/contracts/{contract.public_id}/{part}/"


def said(contract: Contract, **others: Any) -> dict[str, Any]:
    """The form, filled in."""
    form = {
        "name": "Grace Njeri",
        "consent": "on",
        "proof": PASSWORD,
        "text_sha256": digest_of(contract),
        "consent_id": consent().pk,
        "time_zone": "Africa/Nairobi",
    }
    return form | others


def has_read(contract: Contract, client: Client, *, ours: bool = False) -> None:
    """Read the text to its end."""
    form = {"text_sha256": digest_of(contract), "time_zone": "Africa/Nairobi"}
    answer = client.post(address(contract, "viewed", ours=ours), form)
    assert (answer.status_code, answer["Location"]) == (302, address(contract, ours=ours))


def test_owner_reads_page_by_page_and_signs_then_staff_do(contract: Contract, owner: User, staff: User) -> None:
    client = client_of(owner)
    first = client.get(address(contract))
    assert (first.status_code, first.context["number"]) == (200, 1)
    assert first.context["count"] == len(pages_of(contract.texts.get().html))
    assert kinds_of(contract)[-1] == "opened"
    client.get(address(contract))
    assert kinds_of(contract).count("opened") == 1
    has_read(contract, client)
    form = client.get(address(contract))
    assert "Sign the contract" in form.content.decode()
    answer = client.post(address(contract), said(contract), headers={"User-Agent": "Firefox"})
    assert (answer.status_code, answer["Location"]) == (302, f"/customer/contracts/{contract.public_id}/")
    signature = Signature.objects.get()
    assert (signature.typed_name, signature.authentication, signature.time_zone) == (
        "Grace Njeri",
        "password",
        "Africa/Nairobi",
    )
    assert (signature.ip_address, signature.user_agent) == ("127.0.0.1", "Firefox")
    ours = client_of(staff)
    assert ours.get(address(contract, ours=True)).status_code == 200
    has_read(contract, ours, ours=True)
    assert ours.post(address(contract, ours=True), said(contract, name="Ann Vendor")).status_code == 302
    contract.refresh_from_db()
    # Its first day is over.
    assert contract.status == "active"
    assert Signature.objects.get(side="vendor").typed_name == "Ann Vendor"


def test_pages_together_are_the_text(contract: Contract) -> None:
    html = contract.texts.get().html
    for text in (html, HTML):
        opening = text[: text.index("<section")]
        inner = "".join(page.removeprefix(opening).removesuffix("</article>") for page in pages_of(text))
        assert f"{opening}{inner}</article>".strip() == text.strip()
    assert len(pages_of(HTML)) == 2
    assert pages_of("<p>Short.</p>") == ["<p>Short.</p>"]


def test_tables_are_scrolled_by_keyboard() -> None:
    assert pages_of("<table><tr><td>A table</td></tr></table>") == [
        '<table tabindex="0"><tr><td>A table</td></tr></table>'
    ]


@pytest.mark.parametrize("wanted", ["0", "-1", "99999", "x", "²", ""])
def test_page_that_does_not_exist_shows_one_that_does(contract: Contract, owner: User, wanted: str) -> None:
    page = client_of(owner).get(f"{address(contract)}?page={wanted}")
    assert page.status_code == 200
    assert 1 <= page.context["number"] <= page.context["count"]


def test_form_does_not_come_before_the_text_was_read(contract: Contract, owner: User) -> None:
    client = client_of(owner)
    assert "I have read it to the end" in client.get(f"{address(contract)}?page=99").content.decode()
    answer = client.post(address(contract), said(contract))
    assert answer.status_code == 409
    assert "Read the contract to its end" in answer.content.decode()
    assert not Signature.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "status", "words"),
    [
        ({"name": ""}, 422, "Type your name: it is your signature."),
        ({"name": "7"}, 422, "Type your full name"),
        ({"name": "Grace\u202eNjeri"}, 422, "in one line"),
        ({"consent": ""}, 422, "Tick this to sign"),
        ({"proof": "wrong"}, 422, "This is not your password"),
        ({"text_sha256": "0" * 64}, 409, "The text was changed"),
        ({"consent_id": "0"}, 409, "What you agree to when signing was changed"),
        ({"consent_id": "x"}, 409, "What you agree to when signing was changed"),
    ],
)
def test_wrong_input_signs_nothing_and_loses_nothing(
    contract: Contract, owner: User, wrong: dict[str, str], status: int, words: str
) -> None:
    client = client_of(owner)
    has_read(contract, client)
    before = kinds_of(contract)
    answer = client.post(address(contract), said(contract, **wrong))
    page = answer.content.decode()
    assert (answer.status_code, words in page) == (status, True), page
    assert (Signature.objects.count(), kinds_of(contract)) == (0, before)
    if "form" in answer.context and "name" not in wrong:
        assert 'value="Grace Njeri"' in page
    assert PASSWORD not in page
    assert client.post(address(contract), said(contract)).status_code == 302


def test_consent_that_was_replaced_is_ticked_again(contract: Contract, owner: User) -> None:
    client = client_of(owner)
    has_read(contract, client)
    page = client.post(address(contract), said(contract, consent_id="0")).content.decode()
    box = re.search(r'<input type="checkbox" name="consent"[^>]*>', page)
    assert box
    assert "checked" not in box.group()
    assert f'name="consent_id" value="{consent().pk}"' in page


def test_second_factor_is_asked_for_in_place_of_the_password(contract: Contract, owner: User) -> None:
    app = with_app(owner)
    client = client_of(owner)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = app.persistent_id
    session.save()
    has_read(contract, client)
    for wrong in (PASSWORD, "000000"):
        assert client.post(address(contract), said(contract, proof=wrong)).status_code == 422
    wait = client.post(address(contract), said(contract, proof=code_of(app)))
    assert (wait.status_code, wait["Retry-After"]) == (429, "1")
    Authenticator.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert not Signature.objects.exists()
    assert client.post(address(contract), said(contract, proof=code_of(app))).status_code == 302
    assert Signature.objects.get().authentication == "second_factor"
    assert contract.evidence.get(kind="signed").authentication == "second_factor"


def test_wrong_passwords_are_throttled(contract: Contract, owner: User, settings: SimpleNamespace) -> None:
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {"reauthenticate": "3/m/user"}
    client = client_of(owner)
    has_read(contract, client)
    answers = [client.post(address(contract), said(contract, proof="wrong")).status_code for _ in range(4)]
    assert answers == [422, 422, 422, 429]
    assert client.post(address(contract), said(contract)).status_code == 429
    assert not Signature.objects.exists()


def test_second_click_finds_the_signature_of_the_first(contract: Contract, owner: User) -> None:
    client = client_of(owner)
    has_read(contract, client)
    client.post(address(contract), said(contract))
    again = client.post(address(contract), said(contract))
    assert (again.status_code, again["Location"]) == (302, f"/customer/contracts/{contract.public_id}/")
    assert Signature.objects.count() == 1
    assert "You have signed this contract" in client.get(address(contract)).content.decode()


def test_text_that_was_replaced_between_is_read_anew(contract: Contract, owner: User, staff: User) -> None:
    client = client_of(owner)
    has_read(contract, client)
    old = digest_of(contract)
    sending.take_back(contract=contract, by=staff, at=timezone.now())
    Contract.objects.update(title="Another engagement", values={"governing_law": "Uganda"})
    sending.send(contract=Contract.objects.get(), by=staff, at=timezone.now())
    answer = client.post(address(contract), said(contract, text_sha256=old))
    page = answer.content.decode()
    assert (answer.status_code, Signature.objects.count()) == (409, 0)
    assert "Nothing was signed" in page
    assert answer.context["text"].sha256 == digest_of(contract) != old
    stale = client.post(address(contract, "viewed"), {"text_sha256": old}, follow=True)
    assert "The text was changed" in stale.content.decode()
    assert signer_of(contract, owner).viewed_at is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"offer_ends_on": "2020-01-31"}, "This offer is over"),
        ({"status": "expired"}, "was not signed in time"),
        ({"status": "cancelled"}, "We cancelled this contract"),
        ({"status": "declined", "reason": "x"}, "Somebody declined"),
        ({"status": "draft"}, "took this contract back"),
        ({"status": "active", "signed_at": "2026-01-05T00:00Z"}, "Everybody has signed"),
    ],
)
def test_what_cannot_be_signed_says_why_and_what_comes_next(
    contract: Contract, owner: User, changes: dict[str, str], words: str
) -> None:
    client = client_of(owner)
    has_read(contract, client)
    Contract.objects.update(**changes)
    for part in ("sign", "delegate", "decline"):
        page = client.get(address(contract, part))
        assert (page.status_code, words in page.content.decode()) == (200, True)
        answer = client.post(address(contract, part), said(contract, reason="No."))
        assert (answer.status_code, "See the contract" in answer.content.decode()) == (409, True)
    assert not Signature.objects.exists()
    assert signer_of(contract, owner).status == "invited"


def test_one_whose_turn_has_not_come_is_told_who_is_asked(contract: Contract, owner: User, staff: User) -> None:
    page = client_of(staff).get(address(contract, ours=True)).content.decode()
    assert "It is not your turn yet" in page
    assert f"It waits for {owner}" in page


def test_member_who_is_not_asked_is_told_who_is(contract: Contract, company: Company, owner: User) -> None:
    other = MembershipFactory.create(company=company, role="owner").user
    page = client_of(other).get(address(contract)).content.decode()
    assert "You are not asked to sign this contract" in page
    assert client_of(other).post(address(contract), said(contract)).status_code == 409
    assert not Signature.objects.exists()
    assert "opened" not in kinds_of(contract)


def test_strangers_find_nothing_and_members_without_the_right_are_refused(
    contract: Contract, stranger: User, viewer: User, owner: User, support: User
) -> None:
    for part in ("sign", "viewed", "delegate", "decline"):
        for method in ("get", "post"):
            assert getattr(client_of(stranger), method)(address(contract, part)).status_code == 404
            assert getattr(client_of(viewer), method)(address(contract, part)).status_code == 403
            assert getattr(client_of(support), method)(address(contract, part, ours=True)).status_code == 403
            assert getattr(client_of(owner), method)(address(contract, part, ours=True)).status_code == 404
    Membership.objects.filter(user=owner).update(can_sign_contracts=False)
    assert client_of(owner).post(address(contract), said(contract)).status_code == 403
    assert not Signature.objects.exists()
    assert not EvidenceEvent.objects.filter(kind__in=["opened", "viewed", "signed"]).exists()


def test_draft_is_nobodys(offer: Offer, owner: User, contract: Contract) -> None:
    Contract.objects.update(status="draft", sent_at=None)
    assert client_of(owner).get(address(contract)).status_code == 404
    assert client_of(owner).get(f"/customer/contracts/{contract.public_id}/").status_code == 404


def test_owner_passes_the_signature_on(contract: Contract, company: Company, owner: User) -> None:
    other = MembershipFactory.create(company=company, role="admin", can_sign_contracts=True).user
    client = client_of(owner)
    assert str(other) in client.get(address(contract, "delegate")).content.decode()
    answer = client.post(address(contract, "delegate"), {"to": str(other.public_id), "note": "On leave."})
    assert answer.status_code == 302
    assert signer_of(contract, other).status == "invited"
    assert "passed this signature on" in client.get(address(contract)).content.decode()
    theirs = client_of(other)
    has_read(contract, theirs)
    assert theirs.post(address(contract), said(contract, name="Other Person")).status_code == 302


def test_nobody_to_pass_it_on_to_is_explained(contract: Contract, owner: User, viewer: User) -> None:
    client = client_of(owner)
    assert "Nobody else may sign" in client.get(address(contract, "delegate")).content.decode()
    answer = client.post(address(contract, "delegate"), {"to": str(viewer.public_id)})
    assert answer.status_code == 422
    assert Signer.objects.count() == 2


def test_owner_declines_with_a_reason(contract: Contract, owner: User) -> None:
    client = client_of(owner)
    assert client.post(address(contract, "decline"), {"reason": " "}).status_code == 422
    assert client.post(address(contract, "decline"), {"reason": "Too dear."}).status_code == 302
    contract.refresh_from_db()
    assert (contract.status, contract.reason) == ("declined", "Too dear.")
    assert "Too dear." in client.get(f"/customer/contracts/{contract.public_id}/").content.decode()


@pytest.mark.parametrize("days", [-3, 3])
def test_signing_takes_under_fifteen_queries_whoever_signs(offer: Offer, owner: User, staff: User, days: int) -> None:
    """Savepoints are counted; in the first case the last signature puts the contract in force."""
    now = timezone.now()
    first = timezone.localdate() + timedelta(days=days)
    contract = offer(owner, at=now, starts_on=first, ends_on=first + timedelta(days=90))
    for person, ours in ((owner, False), (staff, True)):
        client = client_of(person)
        has_read(contract, client, ours=ours)
        form = said(contract)
        client.get(address(contract, ours=ours))
        with CaptureQueriesContext(connection) as asked:
            assert client.post(address(contract, ours=ours), form).status_code == 302
        assert len(asked) < 15, "\n".join(str(query["sql"])[:200] for query in asked.captured_queries)
    contract.refresh_from_db()
    assert contract.status == ("active" if days < 0 else "signed")


def test_offer_of_yesterday_is_not_signed_today(contract: Contract, owner: User) -> None:
    client = client_of(owner)
    has_read(contract, client)
    Contract.objects.update(offer_ends_on=timezone.localdate() - timedelta(days=1))
    assert client.post(address(contract), said(contract)).status_code == 409
    Contract.objects.update(offer_ends_on=timezone.localdate())
    assert client.post(address(contract), said(contract)).status_code == 302
