"""Configuration of the payments app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Payments, refunds, payment methods, webhooks and dunning."""

    name = "billing.payments"

    def ready(self) -> None:
        """Fill the registries and hear the facts of invoices."""
        from billing.invoicing.registry import invoice_actions, ledger_checks
        from billing.invoicing.registry import settlements as invoice_settlements
        from billing.payments import actions, approving, navigation, privacy, receivers, settlements
        from billing.payments.gateways.base import gateways
        from billing.payments.gateways.known import KNOWN
        from billing.payments.notices import NOTICES
        from billing.payments.services import methods, proving, turns
        from billing.payments.verbs import TOPICS, VERBS
        from billing.subscriptions.registry import charged, steps
        from portal.accounts.navigation import entries
        from portal.activity.registry import topics
        from portal.activity.registry import verbs as activity_verbs
        from portal.approvals.registry import kinds as approval_kinds
        from portal.core.privacy import company_erasers, company_exporters, retention_rules
        from portal.notifications.registry import kinds as notification_kinds

        gateways.fill({gateway.slug: gateway for gateway in KNOWN})
        ledger_checks.fill(proving.CHECKS)
        invoice_actions.register("pay", actions.pay)
        invoice_settlements.register("payments", settlements.of_invoice)
        approval_kinds.fill(approving.KINDS)
        activity_verbs.fill(VERBS)
        topics.fill(TOPICS)
        notification_kinds.fill(NOTICES)
        entries.fill(navigation.ENTRIES)
        company_exporters.fill(privacy.COMPANY)
        company_erasers.register("payment-methods", privacy.ERASER)
        retention_rules.fill(privacy.RULES)
        steps.register("dunning", turns.DUNNING)
        charged.register("methods", methods.charged_now)
        receivers.connect()
