"""Who pays, as gateways are told."""

from typing import TYPE_CHECKING

from billing.payments.gateways.base import Payer
from billing.payments.models import PaymentMethod

if TYPE_CHECKING:
    from portal.accounts.models import Company


def of(company: "Company", gateway: str, *, method: PaymentMethod | None = None, phone: str = "") -> Payer:
    """The company, with the gateway's own name of it where it has one."""
    known = method or PaymentMethod.objects.filter(company=company, gateway=gateway).exclude(customer="").last()
    return Payer(
        company=str(company.public_id),
        name=company.legal_name or company.name,
        email=company.billing_email or company.email,
        reference=known.customer if known else "",
        phone=phone,
        country=company.billing_country or company.country,
    )
