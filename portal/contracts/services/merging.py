"""What stands in the merge fields of a contract."""

from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts import countries
from portal.accounts.models import Company
from portal.contracts import days, registry
from portal.contracts.models import Contract, Signer
from portal.contracts.models.signers import Side
from portal.contracts.services import costs
from portal.core import money

DAY = "j F Y"


def values_of(contract: Contract) -> dict[str, str]:
    """Everything a text of this contract can name; fields of the template without a value are left out."""
    own = {field.name: contract.values.get(field.name, "") for field in contract.template.own_fields}
    return (
        _parties(contract) | _terms(contract) | _signers(contract) | {name: text for name, text in own.items() if text}
    )


def missing(contract: Contract) -> list[str]:
    """The labels of the template's own merge fields that nobody has filled."""
    return [field.label for field in contract.template.own_fields if not contract.values.get(field.name, "")]


def last_day(contract: Contract) -> date | None:
    """The last day on which it holds."""
    return contract.ends_on - timedelta(days=1) if contract.ends_on else None


def duration(starts_on: date, ends_on: date | None) -> str:
    """How long a period runs, in words."""
    if ends_on is None:
        return _("an indefinite time")
    months, left = days.apart(starts_on, ends_on)
    parts = [
        ngettext("%(count)s month", "%(count)s months", months) % {"count": months} if months else "",
        ngettext("%(count)s day", "%(count)s days", left) % {"count": left} if left else "",
    ]
    return get_text_list([part for part in parts if part], _("and"))


def address_of(company: Company) -> str:
    """The company's address in one line."""
    country = countries.name_of(company.billing_country or company.country)
    return ", ".join([*company.billing_lines, country])


def _parties(contract: Contract) -> dict[str, str]:
    company, vendor = contract.company, registry.vendors.get("vendor")()
    return {
        "company_name": company.legal_name or company.name,
        "company_address": address_of(company),
        "company_registration_number": company.registration_number or "–",
        "company_tax_id": company.tax_id or "–",
        "vendor_name": vendor.name,
        "vendor_address": vendor.address or "–",
        "vendor_registration_number": vendor.registration_number or "–",
        "vendor_tax_id": vendor.tax_id or "–",
    }


def _terms(contract: Contract) -> dict[str, str]:
    last = last_day(contract)
    return {
        "contract_number": contract.number or _("(given when it is sent)"),
        "contract_type": contract.get_type_display(),
        "title": contract.title,
        "starts_on": date_format(contract.starts_on, DAY),
        "ends_on": date_format(last, DAY) if last else _("further notice"),
        "duration": duration(contract.starts_on, contract.ends_on),
        "notice_days": str(contract.notice_days),
        "renewal_months": str(contract.renewal_months),
        "offer_ends_on": date_format(contract.offer_ends_on, DAY) if contract.offer_ends_on else _("further notice"),
        "project": str(contract.project or "–"),
        "amends": str(contract.amends or "–"),
        "currency": contract.currency,
        "total": money.words(costs.preview(contract).total),
        "discount_percent": f"{contract.discount_percent.normalize():f}",
    }


def _signers(contract: Contract) -> dict[str, str]:
    found = contract.signers.exclude(status=Signer.Status.DELEGATED).select_related("user").in_order()
    named = [(signer.side, f"{signer.user} ({signer.title})" if signer.title else str(signer.user)) for signer in found]
    by_side = {side: [name for own, name in named if own == side] for side in Side.values}
    return {
        "signers": get_text_list([name for _side, name in named], _("and")) or "–",
        "company_signers": get_text_list(by_side[Side.COMPANY], _("and")) or "–",
        "vendor_signers": get_text_list(by_side[Side.VENDOR], _("and")) or "–",
    }
