"""Configuration of the accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the desks of companies and staff, figures, and what can happen to people."""

    name = "portal.accounts"

    def ready(self) -> None:
        """Fill the registries and listen to sign-ins."""
        from portal.accounts import desks, receivers, statistics, verbs
        from portal.accounts.models import Company, Membership, User
        from portal.accounts.services import companies
        from portal.activity.registry import verbs as activity_verbs
        from portal.core import reader_cache, widgets

        desks.sources.register(desks.Kind.COMPANY, desks.company_desks)
        desks.sources.register(desks.Kind.STAFF, desks.staff_desks)
        for key, statistic in statistics.STATISTICS.items():
            widgets.statistics.register(key, statistic)
        for code, verb in verbs.VERBS.items():
            activity_verbs.register(code, verb)
        receivers.connect()
        reader_cache.watch(User, lambda user: [user.pk])
        reader_cache.watch(Membership, lambda membership: [membership.user_id])
        reader_cache.watch(Company, companies.member_ids)
