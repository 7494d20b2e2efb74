"""The register of subscriptions: all of them, with periods, limits and what may be done about each."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.widgets import Button

from billing.catalog.models import Plan
from billing.subscriptions.models import Subscription
from billing.subscriptions.models.subscriptions import SubscriptionQuerySet
from billing.subscriptions.services import agreeing, items, limits
from billing.subscriptions.wagtail_hooks.actions import ACTIONS, NAME
from portal.accounts.services import overrides
from portal.activity.registers import NamedFilter, Register, RegisterIndexView, RegisterInspectView, linked
from portal.core.admin_lists import FigureColumn
from portal.core.money import words
from portal.core.policies import StaffRows

MOST_PERIODS = 24


class SubscriptionPolicy(StaffRows):
    """Staff with the right look at subscriptions; acting in a company's place has a right of its own."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the user may do this."""
        return overrides.may(user) if action == "override" else super().user_has_permission(user, action)


class SubscriptionFilters(WagtailFilterSet):
    """Company, state and plan."""

    company = NamedFilter(label="Company")
    status = django_filters.ChoiceFilter(label="State", choices=Subscription.Status.choices)
    plan = django_filters.ModelChoiceFilter(label="Plan", queryset=Plan.objects.select_related("family"))

    class Meta:
        model = Subscription
        fields = ["company", "status", "plan"]


class SubscriptionIndexView(RegisterIndexView):
    """The last begun first."""

    default_ordering = "-started_at"

    def get_base_queryset(self) -> SubscriptionQuerySet:
        """With companies, plans and prices at hand."""
        return Subscription.objects.select_related("company", "plan__family", "price__plan__family")


class SubscriptionInspectView(RegisterInspectView):
    """One subscription."""

    page_title = "Subscription"
    related = ("company", "plan__family", "price__plan__family", "next_price__plan__family", "subscribed_by")
    object: Subscription

    def get_page_subtitle(self) -> str:
        """Whose it is, and which."""
        return f"{self.object.company}, {self.object}"

    @property
    def header_more_buttons(self) -> list[Button]:
        """What its state allows, for those who may act in a company's place."""
        row = self.object
        if not row.is_live or not self.user_has_permission("override"):
            return []
        wanted = [("resume", "Let it go on", "undo")] if row.ends_by_itself else []
        wanted += [("seats", "Seats by contract", "group"), ("cancel", "Cancel", "cross")]
        return [
            Button(label, url=reverse(f"{NAME}:{name}", args=[row.pk]), icon_name=icon) for name, label, icon in wanted
        ]

    def facts(self) -> Iterator[tuple[str, Any]]:
        """How it stands, what it costs, what comes next, its limits and its periods."""
        row = self.object
        yield "Company", row.company
        yield "Plan", items.words(row.price, row.seats)
        yield "State", row.get_status_display()
        yield "Costs", f"{words(row.amount)}, without tax and use"
        yield "Since", _day(row.started_at)
        yield "Begun by", row.subscribed_by or "–"
        if row.trial_ends_at:
            yield "Trial until", _day(row.trial_ends_at)
        yield "Current period", f"{_day(row.period_starts_at)} – {_day(row.period_ends_at)}"
        yield from self.coming()
        if row.contract_seats_min or row.contract_seats_max:
            yield "Seats by contract", agreeing.words_of(row)
        if row.cancel_reason:
            yield (
                "Why it was cancelled",
                " – ".join(filter(None, (row.get_cancel_reason_display(), row.cancel_comment))),
            )
        if row.ended_at:
            yield "Ended", _day(row.ended_at)
        for one in limits.of(row):
            used = "not counted yet" if one.used is None else f"{one.used:,}"
            yield one.label, used if one.limit is None else f"{used} of {one.limit:,}"
        for period in row.periods.order_by("-starts_at")[:MOST_PERIODS]:
            yield f"Period from {_day(period.starts_at)}", f"until {_day(period.ends_at)}: {words(period.charged)}"

    def coming(self) -> Iterator[tuple[str, Any]]:
        """What happens with the period's end."""
        row = self.object
        if row.is_live and row.ends_by_itself:
            yield "Next", f"Ends on {_day(row.period_ends_at)}"
        elif row.has_scheduled_change:
            price = row.next_price or row.price
            yield "Next", f"{items.words(price, row.next_seats or row.seats)}, from {_day(row.period_ends_at)}"
        elif row.is_live:
            yield "Next", f"Renews on {_day(row.period_ends_at)}"


class SubscriptionRegister(Register):
    """Subscriptions."""

    model = Subscription
    name = NAME
    icon = "rotate"
    menu_label = "Subscriptions"
    index_view_class = SubscriptionIndexView
    inspect_view_class = SubscriptionInspectView
    policy_class = SubscriptionPolicy
    filterset_class = SubscriptionFilters
    export_filename = NAME
    list_export = ("public_id", "company", "plan", "interval", "seats", "status", "currency", "amount.amount",
                   "started_at", "period_ends_at", "ended_at")  # fmt: skip
    export_headings = {"currency": "Currency", "amount.amount": "Amount"}
    list_display = (
        linked("plan", "Plan", register=NAME),
        Column("company", label="Company"),
        Column("status", label="State", accessor="get_status_display"),
        FigureColumn("amount", label="Costs", accessor=lambda row: f"{words(row.amount)} a {row.interval}"),
        DateColumn("started_at", label="Since", sort_key="started_at"),
        Column("period_ends_at", label="Period ends", accessor=lambda row: _day(row.period_ends_at)),
    )

    def get_urlpatterns(self) -> list[Any]:
        """The list, one subscription, and what may be done."""
        actions = [path(f"{name}/<int:pk>/", self.construct_view(view), name=name) for name, view in ACTIONS.items()]
        return [*super().get_urlpatterns(), *actions]


def _day(at: Any) -> str:
    return date_format(localtime(at), "j F Y")


SubscriptionRegister.register()
