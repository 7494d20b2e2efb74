"""Who invoices whom, as it was on the day of issue; and who of a company is told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from billing.invoicing.models import BillingSettings
from portal.accounts import countries, roles
from portal.accounts.models import Company, Membership, User
from portal.core import bulk

# What is read of a company for its invoices and what people are told of them, beside its tax number.
OF_COMPANY = (
    "name", "legal_name", "registration_number", "country", "email",
    "billing_street", "billing_city", "billing_region", "billing_postal_code", "billing_country", "billing_email",
)  # fmt: skip


def vendor(settings: BillingSettings) -> dict[str, str]:
    """The vendor as an invoice names it."""
    names = ("name", "registration_number", "tax_id", "street", "city", "postal_code", "country", "email", "phone")
    return {**{name: getattr(settings, name) for name in names}, "payment_instructions": settings.payment_instructions}


def customer(company: Company) -> dict[str, str]:
    """The company as an invoice names it; its tax number is kept apart, encrypted."""
    return {
        "name": company.legal_name or company.name,
        "registration_number": company.registration_number,
        "street": company.billing_street,
        "city": company.billing_city,
        "region": company.billing_region,
        "postal_code": company.billing_postal_code,
        "country": company.billing_country or company.country,
        "email": company.billing_email or company.email,
    }


def snapshots(company: Company, settings: BillingSettings) -> dict[str, Any]:
    """The fields of a document that name both parties."""
    return {"bill_from": vendor(settings), "bill_to": customer(company), "bill_to_tax_id": company.tax_id}


def payers(company: Company) -> list[User]:
    """The members who manage the company's billing."""
    return payers_of([company])[company.pk]


def payers_of(companies: Iterable[Company]) -> defaultdict[int, list[User]]:
    """The members who manage the billing of each of these companies, by its key."""
    found: defaultdict[int, list[User]] = defaultdict(list)
    keys = bulk.among(company.pk for company in companies)
    members = Membership.objects.filter(company__in=keys, can_manage_billing=True).select_related("user")
    for member in members:
        if roles.allows(member, roles.Permission.MANAGE_BILLING):
            found[member.company_id].append(member.user)
    return found


def address_of(party: Mapping[str, str]) -> str:
    """The lines of the address of a party, as documents name it."""
    city = f"{party['postal_code']} {party['city']}".strip()
    return "\n".join(filter(None, (party["street"], city, party.get("region"), countries.name_of(party["country"]))))
