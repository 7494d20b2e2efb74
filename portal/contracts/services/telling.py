"""Who is told of what happens to contracts, and in which words."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts import roles
from portal.accounts.models import Membership, User
from portal.contracts import addresses
from portal.contracts.models import Contract, Signer
from portal.contracts.models.signers import Side
from portal.contracts.services import merging
from portal.notifications.services import notices

DAY = "j F Y"


def words_of(contract: Contract) -> dict[str, str]:
    """The gaps that every notification on a contract can fill; `date` is its last day, where there is one."""
    last = merging.last_day(contract)
    return {
        "title": contract.title,
        "number": contract.number,
        "company": contract.company.name,
        "date": date_format(last, DAY) if last else "",
        "deadline": deadline(contract),
    }


def deadline(contract: Contract) -> str:
    """Until when it can be signed, as a sentence; nothing where there is no end."""
    if contract.offer_ends_on is None:
        return ""
    return _("It can be signed until %(date)s.") % {"date": date_format(contract.offer_ends_on, DAY)}


def who_may_sign(contract: Contract) -> list[User]:
    """The members who may sign contracts of the company."""
    members = Membership.objects.filter(company=contract.company, can_sign_contracts=True).select_related("user")
    return [member.user for member in members if roles.allows(member, roles.Permission.SIGN_CONTRACTS)]


def ask(signer: Signer, *, contract: Contract, kind: str, key: str, at: datetime) -> None:
    """Tell somebody who is asked to sign, with the address where they do."""
    company = contract.company if signer.side == Side.COMPANY else None
    words, url = words_of(contract), addresses.signing(signer)
    notices.notify(kind=kind, people=[signer.user], key=key, at=at, fields=words, url=url, company=company)


def tell_people(
    signers: Iterable[Signer],
    *,
    contract: Contract,
    kind: str,
    key: str,
    at: datetime,
    fields: Mapping[str, str] | None = None,
) -> None:
    """Tell people who sign; the company's are led to its page of the contract, ours to the admin."""
    words = words_of(contract) | dict(fields or {})
    people = list(signers)
    theirs = [signer.user for signer in people if signer.side == Side.COMPANY]
    ours = [signer.user for signer in people if signer.side == Side.VENDOR]
    _tell(contract, theirs, ours, kind=kind, key=key, at=at, fields=words)


def tell_both_sides(
    contract: Contract, *, kind: str, key: str, at: datetime, fields: Mapping[str, str] | None = None
) -> None:
    """Tell those of the company who sign or may sign, and of ours whoever drew it up or signs for us."""
    words = words_of(contract) | dict(fields or {})
    signers = contract.signers.exclude(status=Signer.Status.WAITING).select_related("user")
    theirs = {user.pk: user for user in who_may_sign(contract)}
    theirs |= {signer.user_id: signer.user for signer in signers if signer.side == Side.COMPANY}
    ours = {signer.user_id: signer.user for signer in signers if signer.side == Side.VENDOR}
    if contract.created_by:
        ours[contract.created_by.pk] = contract.created_by
    _tell(contract, theirs.values(), ours.values(), kind=kind, key=key, at=at, fields=words)


def _tell(
    contract: Contract, theirs: Iterable[User], ours: Iterable[User], *, fields: Mapping[str, str], **same: Any
) -> None:
    at_desk = notices.Telling(
        people=theirs, fields=fields, url=addresses.page(contract), company=contract.company, **same
    )
    in_admin = notices.Telling(people=ours, fields=fields, url=addresses.in_admin(contract), **same)
    notices.notify_many([at_desk, in_admin])
