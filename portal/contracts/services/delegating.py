"""Passing a signature on to somebody else of the same side."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.activity import services as activity
from portal.contracts import addresses
from portal.contracts.models import Contract, EvidenceEvent, Signer
from portal.contracts.models.signers import Side
from portal.contracts.services import drafting, evidence, inviting, telling, turns
from portal.contracts.services.evidence import Trace
from portal.core.errors import DomainError
from portal.notifications.services import notices
from portal.notifications.services.notices import Telling

# A signature is passed on so often at the most.
MOST = 3


class MayNotDelegate(DomainError):
    """The other one cannot sign, signs already, or the signature went through too many hands."""

    code = "may_not_delegate"


@transaction.atomic
def delegate(*, signer: Signer, to: User, by: User, at: datetime, note: str, trace: Trace) -> Signer:
    """Have somebody else sign in this place; return theirs. The first place stays as a record.

    Raises what `turns.take` raises, and MayNotDelegate.
    """
    turn = turns.take(signer=signer, by=by, at=at)
    contract, mine = turn.contract, turn.signer
    _check(turn, to)
    mine.delegate()
    mine.save(update_fields=["status"])
    theirs = Signer(
        contract=contract, side=mine.side, position=mine.position, user=to, delegated_from=mine, created_at=at
    )
    theirs.invite(at=at)
    theirs.save(force_insert=True)
    passed_on = evidence.event(
        kind=EvidenceEvent.Kind.DELEGATED,
        at=at,
        user=by,
        role=inviting.role_of(mine),
        trace=trace,
        data={"name": to.get_full_name(), "email": to.email, "note": note},
    )
    evidence.append(contract=contract, events=[passed_on, inviting.event_of(theirs, at)])
    activity.record(verb="contract.delegated", actor=by, company=contract.company, subject=contract, at=at)
    _tell(theirs, by, note, at)
    return theirs


def candidates(signer: Signer) -> "QuerySet[User]":
    """Those to whom this place can go: of the same side, entitled to sign, and not in the contract yet."""
    others = User.objects.filter(is_active=True).exclude(pk__in=signer.contract.signers.values("user"))
    return others.filter(_entitled(signer.contract, signer.side)).distinct().order_by("first_name", "last_name", "pk")


def hands(signer: Signer) -> int:
    """How often this place was passed on."""
    return signer.contract.signers.filter(position=signer.position, status=Signer.Status.DELEGATED).count()


def _entitled(contract: Contract, side: str) -> Q:
    if side == Side.COMPANY:
        return Q(memberships__in=contract.company.memberships.filter(can_sign_contracts=True))
    app, codename = drafting.SIGN_FOR_VENDOR.split(".")
    right = {"content_type__app_label": app, "codename": codename}
    held = [Q(**{f"{way}__{name}": value for name, value in right.items()}) for way in WAYS]
    return Q(is_staff=True) & (Q(is_superuser=True) | held[0] | held[1])


def _check(turn: turns.Turn, to: User) -> None:
    if to.pk in {one.user_id for one in turn.signers}:
        raise MayNotDelegate(_("%(person)s has a place in this contract already.") % {"person": to}, field="to")
    if not drafting.may_sign(turn.contract.company, to, turn.signer.side):
        raise MayNotDelegate(_("%(person)s may not sign contracts.") % {"person": to}, field="to")
    if hands(turn.signer) >= MOST:
        raise MayNotDelegate(_("This signature was passed on too often. Sign it, or decline."), field="to")


def _tell(theirs: Signer, by: User, note: str, at: datetime) -> None:
    contract = theirs.contract
    fields = {**telling.words_of(contract), "person": str(by), "delegate": str(theirs.user), "note": note}
    company = contract.company if theirs.side == Side.COMPANY else None
    key = f"signer {theirs.pk}"
    told = [Telling("contract_delegated", [theirs.user], key, at, fields, addresses.signing(theirs), company)]
    if contract.created_by and contract.created_by != by:
        url = addresses.in_admin(contract)
        told.append(Telling("contract_delegation", [contract.created_by], key, at, fields, url))
    notices.notify_many(told)


WAYS = ("user_permissions", "groups__permissions")
