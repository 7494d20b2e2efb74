"""Contracts are offered for signing, and taken back to be changed."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.activity import services as activity
from portal.contracts import codes
from portal.contracts.models import Contract, ContractText, EvidenceEvent, Signer
from portal.contracts.models.signers import Side
from portal.contracts.services import drafting, evidence, inviting, line_items, locking, merging, rendering, telling
from portal.core.errors import Conflict
from portal.core.services.numbers import next_number

SERIES = "contract"
NUMBER = "CT-{year}-{number:06d}"
OURS = "Vendor"


class NotReady(Conflict):
    """Something is missing before the contract can be sent; the message says what."""

    code = "not_ready"


@transaction.atomic
def send(*, contract: Contract, by: User, at: datetime) -> Contract:
    """Freeze the text of a draft and ask those to sign whose turn it is.

    Raises InvalidTransition, NotReady, InvalidPeriod, MayNotSign, OfAnotherCompany, TemplateNotInUse.
    """
    contract = locking.lock(contract)
    signers = locking.lock_signers(contract)
    contract.send(at=at)
    _check(contract, signers, today=timezone.localdate(at))
    contract.verification_code = contract.verification_code or codes.new()
    contract.number = contract.number or _next_number(at)
    contract.save(update_fields=["status", "sent_at", "offer_ends_on", "verification_code", "number"])
    text = freeze(contract, at)
    evidence.record(contract=contract, kind=EvidenceEvent.Kind.SENT, at=at, user=by, role=OURS, text_sha256=text.sha256)
    inviting.invite_next(contract, at, signers=signers)
    activity.record(
        verb="contract.sent",
        actor=by,
        company=contract.company,
        subject=contract,
        data={"version": text.version},
        at=at,
    )
    return contract


def freeze(contract: Contract, at: datetime) -> ContractText:
    """Keep the text of a locked contract as it is now, as its next version."""
    newest = contract.texts.order_by("-version").values_list("version", flat=True).first()
    version = (newest or 0) + 1
    html = rendering.render(contract, version=version)
    return ContractText.objects.create(
        contract=contract,
        version=version,
        html=html,
        sha256=evidence.sha256_of_text(html),
        template_revision=contract.template.live_revision_id,
        made_at=at,
    )


@transaction.atomic
def take_back(*, contract: Contract, by: User, at: datetime) -> Contract:
    """Make a contract that was sent a draft again: what was signed of it counts no more. Raises InvalidTransition."""
    contract = locking.lock(contract)
    signers = locking.lock_signers(contract)
    contract.take_back()
    contract.offer_ends_on = None
    contract.save(update_fields=["status", "offer_ends_on"])
    asked = [signer for signer in signers if signer.status in (Signer.Status.INVITED, Signer.Status.SIGNED)]
    for signer in asked:
        signer.start_again()
    Signer.objects.bulk_update(asked, ["status", "invited_at", "opened_at", "viewed_at", "reminded_at"])
    event = evidence.record(contract=contract, kind=EvidenceEvent.Kind.TAKEN_BACK, at=at, user=by, role=OURS)
    activity.record(verb="contract.taken_back", actor=by, company=contract.company, subject=contract, at=at)
    key = f"contract {contract.pk} {event.sequence}"
    telling.tell_people(asked, contract=contract, kind="contract_taken_back", key=key, at=at)
    return contract


def _check(contract: Contract, signers: list[Signer], *, today: date) -> None:
    """Raise where it cannot be offered as it is; give the offer its end."""
    drafting.check(contract)
    line_items.check(contract)
    if not contract.template.live:
        raise drafting.TemplateNotInUse(_("Its template is not published any more."))
    if not contract.company.is_active:
        raise NotReady(_("This company does not use the portal any more."))
    if missing := merging.missing(contract):
        raise NotReady(_("Fill these in first: %(labels)s.") % {"labels": ", ".join(missing)})
    _check_signers(contract, [signer for signer in signers if signer.status in Signer.OPEN])
    if contract.offer_ends_on is None and contract.template.offer_days:
        contract.offer_ends_on = today + timedelta(days=contract.template.offer_days)
    if contract.offer_ends_on and contract.offer_ends_on < today:
        raise NotReady(_("The last day on which it can be signed is over."))


def _check_signers(contract: Contract, signers: list[Signer]) -> None:
    sides = {signer.side for signer in signers}
    if Side.COMPANY not in sides:
        raise NotReady(_("Name who signs for the company."))
    if contract.template.is_counter_signed and Side.VENDOR not in sides:
        raise NotReady(_("This contract is counter-signed: name who signs for us."))
    for signer in signers:
        drafting.check_right(contract.company, signer.user, signer.side)


def _next_number(at: datetime) -> str:
    year = timezone.localdate(at).year
    return NUMBER.format(year=year, number=next_number(series=SERIES, year=year))
