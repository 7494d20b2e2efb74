"""Drawing contracts up: `drafting.create(…)`. Nothing of a draft is known to the company."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts import roles
from portal.accounts.models import Company, Membership, User
from portal.activity import services as activity
from portal.contracts import days
from portal.contracts.models import Contract, ContractTemplate, Signature, Signer
from portal.contracts.models.signers import Side
from portal.contracts.services import locking
from portal.core.errors import Conflict, DomainError

if TYPE_CHECKING:
    from portal.projects.models import Project

SIGN_FOR_VENDOR = "contracts.sign_for_vendor"
LONGEST_ENGAGEMENT = 12
LONGEST_VALUE = 5000


class TemplateNotInUse(Conflict):
    """Only what was published can be drawn up."""

    code = "template_not_in_use"


class NotADraft(Conflict):
    """Only drafts are changed."""

    code = "not_a_draft"


class InvalidPeriod(DomainError):
    """A contract ends after it starts, and an engagement within a year."""

    code = "invalid_period"


class UnknownValue(DomainError):
    """A value is for a merge field that the template does not have, or too long."""

    code = "unknown_value"


class MayNotSign(DomainError):
    """Somebody is named who cannot sign for this side, or twice."""

    code = "may_not_sign"


class OfAnotherCompany(DomainError):
    """Project and amended contract are the company's own."""

    code = "of_another_company"


@dataclass(frozen=True, slots=True)
class NewSigner:
    """Somebody who is to sign, for which side, and as what."""

    user: User
    side: str = Side.COMPANY
    title: str = ""


@transaction.atomic
def create(
    *,
    company: Company,
    template: ContractTemplate,
    title: str,
    by: User | None,
    at: datetime,
    starts_on: date,
    ends_on: date | None = None,
    values: Mapping[str, str] | None = None,
    signers: Sequence[NewSigner] = (),
    project: "Project | None" = None,
    amends: Contract | None = None,
    **terms: Any,
) -> Contract:
    """Draw a draft up from a published template; `signers` in the order in which they sign, the company's first.

    `terms` are further columns: currency, discount_percent, renewal_months, notice_days, signing_order, offer_ends_on;
    without them those of the company and of the template hold. Raises TemplateNotInUse, InvalidPeriod, UnknownValue,
    MayNotSign, OfAnotherCompany.
    """
    if not template.live:
        raise TemplateNotInUse(_("This template is not published."), field="template")
    contract = Contract(
        company=company,
        template=template,
        type=template.type,
        title=title.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        project=project,
        amends=amends,
        created_by=by,
        created_at=at,
        **defaults(company, template) | terms,
    )
    set_values(contract, values or {})
    check(contract)
    contract.save(force_insert=True)
    set_signers(contract, signers)
    activity.record(verb="contract.drafted", actor=by, company=company, subject=contract, label=contract.title, at=at)
    return contract


def defaults(company: Company, template: ContractTemplate) -> dict[str, Any]:
    """The terms with which a contract of this template starts."""
    return {
        "currency": company.currency,
        "discount_percent": Decimal(0),
        "renewal_months": template.renewal_months,
        "notice_days": template.notice_days,
        "signing_order": template.signing_order,
    }


def set_values(contract: Contract, values: Mapping[str, str]) -> None:
    """Keep what is to stand in the template's own merge fields. Raises UnknownValue."""
    known = {field.name for field in contract.template.own_fields}
    for name, value in values.items():
        if name not in known or len(value) > LONGEST_VALUE:
            raise UnknownValue(_("%(name)s cannot be filled in here, or is too long.") % {"name": name}, field="values")
    contract.values = {name: value.strip() for name, value in values.items() if value.strip()}


def check(contract: Contract) -> None:
    """Raise InvalidPeriod or OfAnotherCompany where the contract makes no sense."""
    _check_period(contract)
    others = [contract.project, contract.amends]
    if any(other is not None and other.company_id != contract.company_id for other in others):
        raise OfAnotherCompany(_("Project and amended contract must be of the same company."), field="company")
    if contract.amends and contract.amends.signed_at is None:
        raise OfAnotherCompany(_("Only what was signed can be amended."), field="amends")


def _check_period(contract: Contract) -> None:
    starts_on, ends_on = contract.starts_on, contract.ends_on
    if ends_on is not None and ends_on <= starts_on:
        raise InvalidPeriod(_("A contract ends after it starts."), field="ends_on")
    if contract.type == Contract.Type.ENGAGEMENT and (
        ends_on is None or ends_on > days.months_later(starts_on, LONGEST_ENGAGEMENT)
    ):
        raise InvalidPeriod(_("An engagement lasts twelve months at most."), field="ends_on")
    if contract.type == Contract.Type.ENGAGEMENT and contract.renewal_months:
        raise InvalidPeriod(_("An engagement is not renewed by itself."), field="renewal_months")
    if contract.renewal_months and ends_on is None:
        raise InvalidPeriod(_("What has no end is not renewed."), field="renewal_months")


def set_signers(contract: Contract, signers: Sequence[NewSigner]) -> None:
    """Write who signs a draft, in place of those before. Raises MayNotSign."""
    if len({signer.user.pk for signer in signers}) != len(signers):
        raise MayNotSign(_("Everybody signs once."), field="signers")
    for signer in signers:
        check_right(contract.company, signer.user, signer.side)
    in_order = sorted(signers, key=lambda signer: signer.side == Side.VENDOR)
    wanted = [(new.side, new.user.pk, new.title.strip()) for new in in_order]
    places = contract.signers.exclude(status=Signer.Status.DELEGATED).in_order()
    if wanted == list(places.values_list("side", "user", "title")):
        return
    if Signature.objects.filter(signer__contract=contract).exists():
        raise MayNotSign(_("Somebody has signed it before: draw up another contract for others."), field="signers")
    # Who passed their place on is kept in the evidence.
    contract.signers.update(delegated_from=None)
    contract.signers.all().delete()
    Signer.objects.bulk_create(
        Signer(contract=contract, side=side, position=place, user_id=user, title=title)
        for place, (side, user, title) in enumerate(wanted, 1)
    )


def check_right(company: Company, user: User, side: str) -> None:
    """Raise MayNotSign unless the person may sign for this side."""
    if not may_sign(company, user, side):
        words = {"person": user, "side": company if side == Side.COMPANY else _("us")}
        raise MayNotSign(_("%(person)s may not sign for %(side)s.") % words, field="signers")


def may_sign(company: Company, user: User, side: str) -> bool:
    """Whether the person may sign: a member for the company, one of our staff for us."""
    if side == Side.VENDOR:
        return bool(user.is_active and user.is_staff and user.has_perm(SIGN_FOR_VENDOR))
    membership = Membership.objects.filter(company=company, user=user).first()
    return user.is_active and roles.allows(membership, roles.Permission.SIGN_CONTRACTS)


@transaction.atomic
def change(
    *,
    contract: Contract,
    by: User,
    at: datetime,
    values: Mapping[str, str],
    signers: Sequence[NewSigner],
    **terms: Any,
) -> Contract:
    """Change a draft: `terms` are columns as for `create`. Raises what `create` raises, and NotADraft."""
    contract = locking.lock(contract)
    if contract.status != Contract.Status.DRAFT:
        raise NotADraft(_("What was sent is taken back before it is changed."))
    for name, value in terms.items():
        setattr(contract, name, value)
    set_values(contract, values)
    check(contract)
    contract.save(update_fields=["values", *terms])
    set_signers(contract, signers)
    activity.record(verb="contract.changed", actor=by, company=contract.company, subject=contract, at=at)
    return contract
