"""Configuration of the accounts app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """Registers the desks of companies and staff, their pages, and what can happen, be decided and be told."""

    name = "portal.accounts"

    def ready(self) -> None:
        """Fill the registries and listen to sign-ins."""
        from allauth.account.models import EmailAddress

        from portal.accounts import (
            choosing,
            desks,
            erasers,
            exports,
            kinds,
            notices,
            places,
            privacy_words,
            receivers,
            retention,
            security,
            statistics,
            verbs,
        )
        from portal.accounts import widgets as own_widgets
        from portal.accounts.middleware import act_for
        from portal.accounts.models import Company, Membership, User
        from portal.accounts.services import companies
        from portal.activity.registry import topics
        from portal.activity.registry import verbs as activity_verbs
        from portal.approvals.registry import kinds as approval_kinds
        from portal.core import privacy, reader_cache, widgets
        from portal.notifications.registry import arrivals
        from portal.notifications.registry import kinds as notification_kinds

        desks.sources.register(desks.Kind.COMPANY, desks.company_desks)
        desks.sources.register(desks.Kind.STAFF, desks.staff_desks)
        for key, statistic in statistics.STATISTICS.items():
            widgets.statistics.register(key, statistic)
        for code, verb in {**verbs.VERBS, **security.VERBS, **privacy_words.VERBS}.items():
            activity_verbs.register(code, verb)
        topics.fill(verbs.TOPICS)
        choosing.rights.register("accounts", "accounts.view_company")
        arrivals.register("desk", act_for)
        for code, kind in kinds.KINDS.items():
            approval_kinds.register(code, kind)
        for code, notice in {**notices.NOTICES, **security.NOTICES, **privacy_words.NOTICES}.items():
            notification_kinds.register(code, notice)
        privacy.person_exporters.fill(exports.PERSON)
        privacy.company_exporters.fill(exports.COMPANY)
        privacy.person_erasers.register("accounts", erasers.PERSON)
        privacy.company_erasers.register("accounts", erasers.COMPANY)
        privacy.retention_rules.fill(retention.RULES)
        places.register()
        receivers.connect()
        post_migrate.connect(receivers.complete_periods, sender=self, dispatch_uid="accounts.complete_periods")
        widgets.marks.register("rights", own_widgets.mark)
        reader_cache.watch(User, lambda user: [user.pk])
        reader_cache.watch(EmailAddress, lambda address: [address.user_id])
        reader_cache.watch(Membership, lambda membership: [membership.user_id])
        reader_cache.watch(Company, companies.member_ids)
