"""Companies come into being, and say who they are."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portal.accounts import countries, phones, roles, tax_ids
from portal.accounts.models import Company, Membership, User
from portal.accounts.roles import demand
from portal.accounts.services import members, overrides
from portal.activity import services as activity
from portal.activity.models import ActivityEvent
from portal.core import files
from portal.core.errors import Conflict
from portal.notifications.services import notices

LONGEST_SLUG = 80
# What staff check: it cannot change under their eyes, and a change undoes what they found.
IDENTITY = frozenset({"legal_name", "registration_number", "country", "tax_id"})
ADDRESS = frozenset(
    {
        "billing_email",
        "billing_street",
        "billing_city",
        "billing_region",
        "billing_postal_code",
        "billing_country",
    }
)
PROFILE = IDENTITY | {"name", "industry", "size", "website", "email", "phone", "labs_url"}
# Fields whose names are not how one calls them.
WORDS = {
    "tax_id": "tax number",
    "email": "e-mail",
    "billing_email": "e-mail for invoices",
    "legal_name": "registered name",
    "labs_url": "Labs workspace",
}


class BeingChecked(Conflict):
    """Staff are looking at this just now."""

    code = "being_checked"


class AlreadySo(Conflict):
    """The company is as somebody wants it to become."""

    code = "already_so"


class Erased(Conflict):
    """Nothing of the company is left."""

    code = "erased"


@transaction.atomic
def register(
    *,
    name: str,
    owner: User,
    slug: str = "",
    country: str = countries.DEFAULT,
    currency: str = "",
    industry: str = "",
    size: str = "",
) -> Company:
    """Make a company with its first owner; its slug follows from the name, its currency from the country.

    Raises django.db.IntegrityError when a slug that was given is taken.
    """
    company = Company(
        name=name,
        country=country,
        currency=currency or countries.currency_of(country),
        industry=industry,
        size=size,
    )
    _save_with_slug(company, slug)
    activity.record(verb="company.registered", actor=owner, company=company, subject=company)
    members.add(company=company, user=owner, role=Membership.Role.OWNER, by=owner)
    return company


def _save_with_slug(company: Company, slug: str) -> None:
    """Insert under the slug, or under the first free one that follows from the name, also when two race for it."""
    stem = slugify(company.name)[: LONGEST_SLUG - 6].strip("-") or "company"
    taken = set(Company.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number = 1
    while True:
        company.slug = slug or (stem if number == 1 else f"{stem}-{number}")
        if slug or company.slug not in taken:
            try:
                with transaction.atomic():
                    company.save(force_insert=True)
                return
            except IntegrityError:
                if slug:
                    raise
        number += 1


@transaction.atomic
def change(*, company: Company, values: Mapping[str, Any], by: User) -> Company:
    """Change the profile (PROFILE) and the billing address (ADDRESS), each by who may; note which fields changed.

    Raises NotAllowed, BadTaxId, BadPhone, and BeingChecked when what staff are checking just now would change. A change
    of what was verified makes the company unverified.
    """
    locked = members.lock(company)
    changed = _changed(locked, values)
    _demand_rights(members.membership_of(locked, by), set(values))
    if not changed:
        return locked
    if IDENTITY & set(changed):
        _unsettle(locked)
    for name, value in changed.items():
        setattr(locked, name, value)
    locked.save(update_fields=[*changed, "verification", "verified_at", "verification_ends_on"])
    labels = ", ".join(sorted(WORDS.get(name, name.replace("_", " ")) for name in changed))
    activity.record(verb="company.changed", actor=by, company=locked, subject=locked, data={"fields": labels})
    return locked


def _changed(company: Company, values: Mapping[str, Any]) -> dict[str, Any]:
    country = values.get("country", company.country)
    wanted = dict(values)
    if "tax_id" in wanted or country != company.country:
        wanted["tax_id"] = tax_ids.check(wanted.get("tax_id", company.tax_id) or "", country=country) or None
    if "phone" in wanted:
        wanted["phone"] = phones.check(wanted["phone"], country=country)
    return {name: value for name, value in wanted.items() if getattr(company, name) != value}


def _demand_rights(membership: Membership | None, names: set[str]) -> None:
    if names & ADDRESS:
        demand(membership, roles.Permission.MANAGE_BILLING)
    if names - ADDRESS:
        demand(membership, roles.Permission.EDIT_COMPANY)


def _unsettle(company: Company) -> None:
    if company.verification == Company.Verification.PENDING:
        raise BeingChecked(
            _("Name, registration number, country and tax number are being checked. Withdraw the verification first.")
        )
    if company.is_verified:
        company.unsettle_verification()


@transaction.atomic
def set_logo(*, company: Company, picture: "File[bytes] | None", by: User) -> Company:
    """Give the company a logo, already drawn anew by `logos.redraw`; None takes it away. Raises NotAllowed."""
    locked = members.lock(company)
    demand(members.membership_of(locked, by), roles.Permission.EDIT_COMPANY)
    files.delete_on_commit(locked.logo)
    if picture is None:
        locked.logo = ""
    else:
        locked.logo.save("logo.png", picture, save=False)
    locked.save(update_fields=["logo"])
    activity.record(verb="company.changed", actor=by, company=locked, subject=locked, data={"fields": "logo"})
    return locked


@transaction.atomic
def set_labs_customer(*, company: Company, wanted: bool, by: User, override: str, at: datetime) -> Company:
    """Mark a company as a Labs customer, or no more, as staff. Raises NotAllowed, ReasonMissing, AlreadySo."""
    locked = members.lock(company)
    overrides.check(by, override)
    if locked.is_labs_customer == wanted:
        raise AlreadySo(_("The company is a Labs customer already.") if wanted else _("It is no Labs customer."))
    locked.is_labs_customer = wanted
    locked.save(update_fields=["is_labs_customer"])
    _record(locked, "company.labs_on" if wanted else "company.labs_off", by, override, at)
    return locked


@transaction.atomic
def deactivate(*, company: Company, by: User, override: str, at: datetime) -> Company:
    """Close the company's desk to its members and developers at once, as staff; its data stays.

    Raises NotAllowed, ReasonMissing, AlreadySo.
    """
    locked = members.lock(company)
    overrides.check(by, override)
    if not locked.is_active:
        raise AlreadySo(_("The company is not active already."))
    return _set_active(locked, is_active=False, by=by, override=override, at=at)


@transaction.atomic
def reactivate(*, company: Company, by: User, override: str, at: datetime) -> Company:
    """Open a company's desk again, as staff. Raises NotAllowed, ReasonMissing, AlreadySo, Erased."""
    locked = members.lock(company)
    overrides.check(by, override)
    if locked.erased_at:
        raise Erased(_("The data of this company was erased: there is nothing to open again."))
    if locked.is_active:
        raise AlreadySo(_("The company is active already."))
    return _set_active(locked, is_active=True, by=by, override=override, at=at)


def _set_active(company: Company, *, is_active: bool, by: User, override: str, at: datetime) -> Company:
    company.is_active = is_active
    company.save(update_fields=["is_active"])
    what = "reactivated" if is_active else "deactivated"
    event = _record(company, f"company.{what}", by, override, at)
    owners = Membership.objects.filter(company=company, role=Membership.Role.OWNER).select_related("user")
    notices.notify(
        kind=f"company_{what}",
        people=[owner.user for owner in owners],
        key=f"event {event.public_id}",
        at=at,
        fields={"company": company.name, "reason": override.strip()},
        # The desk of a closed company cannot be opened: told at every other one.
        company=company if is_active else None,
        url="/dashboard/" if is_active else "",
    )
    return company


def _record(company: Company, verb: str, by: User, override: str, at: datetime) -> ActivityEvent:
    data = overrides.told(override)
    return activity.record(verb=verb, actor=by, company=company, subject=company, data=data, at=at)


def member_ids(company: Company) -> list[int]:
    """Ids of the people who are members."""
    return list(Membership.objects.filter(company=company).values_list("user_id", flat=True))
