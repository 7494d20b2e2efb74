"""Whether somebody can act in their place of a contract now; each refusal says what they can do instead."""

from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.db.models import Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.contracts.models import Contract, ContractText, Signer
from portal.contracts.services import drafting, evidence, locking
from portal.core.errors import Conflict, DomainError

if TYPE_CHECKING:
    from portal.accounts.models import User

Status = Contract.Status


class NotYours(DomainError):
    """The place is another person's, or the right to sign was taken away."""

    code = "may_not_sign"
    status = HTTPStatus.FORBIDDEN


class NotYourTurn(Conflict):
    """Others sign first."""

    code = "not_your_turn"


class AlreadySigned(Conflict):
    """This person has signed this contract."""

    code = "already_signed"


class NotAsked(Conflict):
    """They have declined, or passed the signature on."""

    code = "not_asked"


class NotOffered(Conflict):
    """The contract does not wait for signatures."""

    code = "not_offered"


class OfferOver(Conflict):
    """The last day on which it could be signed is over."""

    code = "offer_over"


class TextReplaced(Conflict):
    """The contract has another text than the one that was shown."""

    code = "text_replaced"


@dataclass(frozen=True, slots=True)
class Turn:
    """A contract under lock, everybody who signs it, and the one of them whose turn it is."""

    contract: Contract
    signers: list[Signer]
    signer: Signer


def take(*, signer: Signer, by: "User", at: datetime) -> Turn:
    """Lock the contract for one who is asked to sign it now.

    Raises NotYours, NotYourTurn, AlreadySigned, NotAsked, NotOffered, OfferOver.
    """
    contract = locking.lock(signer.contract)
    # The contract's lock is theirs too: nobody changes a signer without it.
    signers = list(contract.signers.select_related("user").in_order())
    mine = next(one for one in signers if one.pk == signer.pk)
    mine.contract = contract
    refusal = why_not(mine, today=timezone.localdate(at))
    if refusal:
        raise refusal
    if not contract.company.is_active:
        raise NotOffered(_("The company is closed, so nobody signs its contracts."))
    if mine.user_id != by.pk or not drafting.may_sign(contract.company, by, mine.side):
        raise NotYours(_("You may not sign this contract any more. Ask an owner of the company."))
    return Turn(contract, signers, mine)


def why_not(signer: Signer, *, today: date) -> DomainError | None:
    """What stands in the way of signing, in words for the one who would; None where nothing does."""
    if signer.status == Signer.Status.SIGNED:
        return AlreadySigned(_("You have signed this contract already. Your signature stands, and there is one only."))
    if signer.contract.status != Status.SENT:
        return NotOffered(_not_offered(signer.contract))
    if signer.status == Signer.Status.WAITING:
        return NotYourTurn(_("Others sign before you. You will be told when it is your turn."))
    if signer.status != Signer.Status.INVITED:
        return NotAsked(_("You passed this signature on, so it is not yours to give any more."))
    if signer.contract.offer_ends_on and not signer.contract.can_be_signed(today=today):
        words = {"date": date_format(signer.contract.offer_ends_on, "j F Y")}
        return OfferOver(
            _("This contract could be signed until %(date)s. Write to us if you want it to be offered again.") % words
        )
    return None


def check_text(contract: Contract, sha256: str, **read: Subquery) -> ContractText:
    """The text that can be signed, where it is the one that was shown. Raises TextReplaced.

    With it comes the end of the chain of evidence, for `evidence.append`, and what else is to be read at once.
    """
    ends = {"end_sequence": evidence.end_of("sequence"), "end_sha256": evidence.end_of("sha256")}
    text: ContractText = contract.texts.defer("html").annotate(**ends, **read).order_by("-version")[0]
    if text.sha256 != sha256:
        raise TextReplaced(
            _("The text was changed after it was shown to you, and nothing was signed. Read the new one."),
            field="text_sha256",
        )
    return text


def _not_offered(contract: Contract) -> str:
    known = {
        Status.DRAFT: _("We took this contract back to change it. You will be asked again when it is ready."),
        Status.SIGNED: _("Everybody has signed this contract."),
        Status.ACTIVE: _("Everybody has signed this contract."),
        Status.EXPIRED: _("This contract was not signed in time. Write to us if you want it to be offered again."),
        Status.DECLINED: _("Somebody declined to sign this contract, so nobody can sign it any more."),
        Status.CANCELLED: _("We cancelled this contract. There is nothing left to sign."),
    }
    return known.get(contract.status, _("This contract does not wait for signatures."))
