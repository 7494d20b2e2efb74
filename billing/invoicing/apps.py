"""Configuration of the invoicing app."""

from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    """Invoices, credit notes, tax and the ledger."""

    name = "billing.invoicing"

    def ready(self) -> None:
        """Fill the registries."""
        from billing.invoicing import (
            company_part,
            erasers,
            exports,
            receivers,
            registry,
            retention,
            settlements,
            vendor,
        )
        from billing.invoicing.kinds import KINDS
        from billing.invoicing.notices import NOTICES
        from billing.invoicing.services import contract_charges, proving, proving_contracts, proving_invoices
        from billing.invoicing.verbs import VERBS
        from portal.accounts import choosing
        from portal.accounts.company_parts import parts
        from portal.accounts.desks import Kind
        from portal.accounts.navigation import Entry, Group, entries
        from portal.accounts.roles import Permission
        from portal.activity.registry import verbs as activity_verbs
        from portal.approvals.registry import kinds as approval_kinds
        from portal.contracts.charging import charging
        from portal.contracts.registry import vendors
        from portal.core.privacy import company_erasers, company_exporters, retention_rules
        from portal.notifications.registry import kinds as notification_kinds

        registry.ledger_checks.fill(proving.LEDGER)
        registry.ledger_checks.fill(proving_invoices.CHECKS)
        registry.ledger_checks.fill(proving_contracts.CHECKS)
        charging.register("invoicing", contract_charges.CHARGING)
        receivers.connect()
        registry.settlements.fill(settlements.KNOWN)
        activity_verbs.fill(VERBS)
        notification_kinds.fill(NOTICES)
        company_exporters.fill(exports.COMPANY)
        company_erasers.register("invoices", erasers.COMPANY)
        retention_rules.fill(retention.RULES)
        approval_kinds.fill(KINDS)
        parts.register("billing", company_part.BILLING)
        at_companies = frozenset({Kind.COMPANY})
        invoices = Entry(
            "Invoices", "invoices", "receipt", at_companies, Group.ACCOUNT, 50, permission=Permission.VIEW_BILLING
        )
        entries.register("invoices", invoices)
        choosing.rights.register("invoicing", "invoicing.change_taxexemption")
        vendors.register("vendor", vendor.as_party)
