"""The merge fields that the portal fills in each contract; a template adds its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MergeField:
    """A gap in a text, what it is called, and what previews show in it."""

    name: str
    label: str
    sample: str


KNOWN: tuple[MergeField, ...] = (
    MergeField("company_name", "Registered name of the company", "Northwind Labs Inc."),
    MergeField("company_address", "Address of the company", "12 Harbour Road, 00100 Nairobi, Kenya"),
    MergeField("company_registration_number", "Registration number of the company", "PVT-4711"),
    MergeField("company_tax_id", "Tax number of the company", "P051234567X"),
    MergeField("vendor_name", "Our registered name", "Tamarind Software Limited"),
    MergeField("vendor_address", "Our address", "1 Uhuru Highway, 00100 Nairobi, Kenya"),
    MergeField("vendor_registration_number", "Our registration number", "CPR/2012/1"),
    MergeField("vendor_tax_id", "Our tax number", "P051111111A"),
    MergeField("contract_number", "Number of the contract", "CT-2026-000001"),
    MergeField("contract_type", "Type of the contract", "Engagement"),
    MergeField("title", "Title of the contract", "Engagement of two developers"),
    MergeField("starts_on", "First day", "1 March 2026"),
    MergeField("ends_on", "Last day", "28 February 2027"),
    MergeField("duration", "How long it runs", "12 months"),
    MergeField("notice_days", "Days of notice before a renewal", "30"),
    MergeField("renewal_months", "Months by which it is renewed", "12"),
    MergeField("offer_ends_on", "Last day on which it can be signed", "31 January 2026"),
    MergeField("signers", "Everybody who signs", "Grace Njeri (Managing director) and Peter Kamau (Director)"),
    MergeField("company_signers", "Who signs for the company", "Grace Njeri (Managing director)"),
    MergeField("vendor_signers", "Who signs for us", "Peter Kamau (Director)"),
    MergeField("project", "The project it is for", "Warehouse app"),
    MergeField("amends", "The contract that it changes", "CT-2025-000042 Engagement of a developer"),
    MergeField("currency", "Currency", "USD"),
    MergeField("total", "All that it charges, without tax", "USD 7,500.00"),
    MergeField("discount_percent", "Discount in percent", "10"),
)
NAMES = frozenset(field.name for field in KNOWN)
