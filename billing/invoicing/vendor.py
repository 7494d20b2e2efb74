"""The vendor of invoices, as contracts name it."""

from billing.invoicing.models import BillingSettings
from billing.invoicing.services import parties
from portal.contracts.registry import Party


def as_party() -> Party:
    """Who we are by the settings that staff keep for invoices."""
    named = parties.vendor(BillingSettings.load())
    address = ", ".join(parties.address_of(named).splitlines())
    return Party(named["name"], address, named["registration_number"], named["tax_id"])
