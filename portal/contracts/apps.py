"""Configuration of the contracts app."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """Registers what can happen to contracts, and what people are told of them."""

    name = "portal.contracts"
    label = "contracts"

    def ready(self) -> None:
        """Fill the registries."""
        from portal.accounts import choosing
        from portal.accounts.navigation import entries
        from portal.activity import registry as activity
        from portal.approvals import registry as approvals
        from portal.contracts import (
            charge_notices,
            charge_verbs,
            checks,
            kinds,
            navigation,
            notices,
            privacy,
            project_section,
            receivers,
            verbs,
        )
        from portal.contracts.services import verifying
        from portal.contracts.verifiers import verifiers
        from portal.core import privacy as privacy_registry
        from portal.notifications import registry as notifications
        from portal.projects.registry import sections

        entries.fill(navigation.ENTRIES)
        activity.verbs.fill(verbs.VERBS)
        activity.verbs.fill(charge_verbs.VERBS)
        activity.topics.fill(verbs.TOPICS)
        notifications.kinds.fill(notices.KINDS)
        notifications.kinds.fill(charge_notices.KINDS)
        approvals.kinds.fill(kinds.KINDS)
        receivers.connect()
        choosing.rights.register("contracts", "contracts.send_contract")
        sections.register("contracts", project_section.SECTION)
        verifiers.register("contracts", verifying.CONTRACTS)
        checks.register()
        privacy_registry.person_exporters.fill(privacy.PERSON)
        privacy_registry.company_exporters.fill(privacy.COMPANY)
        privacy_registry.person_erasers.register("contracts", privacy.PERSON_ERASER)
        privacy_registry.company_erasers.register("contracts", privacy.COMPANY_ERASER)
        privacy_registry.retention_rules.fill(privacy.RULES)
