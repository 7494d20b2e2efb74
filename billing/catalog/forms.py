"""Forms in which staff keep the catalog. Amounts go through the service, which replaces and never edits them."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminModelForm

from billing.catalog.models import Plan
from billing.catalog.services import prices
from portal.accounts.models import User

PRICED = ("prices", "components")


class LiveRows(BaseChildFormSet):
    """The live rows of a plan; those that were replaced are not shown."""

    def __init__(self, *args: Any, instance: Plan | None = None, **kwargs: Any) -> None:
        saved = instance is not None and instance.pk is not None
        rows = self.model._default_manager.live().filter(plan=instance) if saved else None
        super().__init__(*args, instance=instance, queryset=rows, **kwargs)

    def clean(self) -> None:
        """Refuse two rows for the same interval (or metric) and currency."""
        super().clean()
        places = [form.instance.place for form in self.kept() if form.is_valid()]
        if len(places) != len(set(places)):
            raise ValidationError("There are two rows for the same thing in the same currency. Take one away.")

    def kept(self) -> list[Any]:
        """The forms whose rows are to be live."""
        return [
            form
            for form in self.forms
            if (form.instance.pk or form.has_changed()) and not self._should_delete_form(form)
        ]

    def rows_to_end(self) -> list[Any]:
        """Rows that were taken away, or stand for something else now."""
        old = self.model._default_manager.in_bulk([form.instance.pk for form in self.forms if form.instance.pk])
        kept = {form.instance.pk: form.instance.place for form in self.kept()}
        return [row for pk, row in old.items() if kept.get(pk) != row.place]

    def rows_to_offer(self) -> list[Any]:
        """Rows that are new, or were changed."""
        return [form.instance for form in self.kept() if form.has_changed()]


class KeepsSlugForm(WagtailAdminModelForm):
    """Addresses and programs name the record by its slug, so it stays."""

    def clean_slug(self) -> str:
        """Refuse another slug for a record that has one."""
        slug: str = self.cleaned_data["slug"]
        if self.instance.pk and "slug" in self.changed_data:
            raise ValidationError("The slug stays as it is: addresses and other programs name this by it.")
        return slug


class PlanForm(KeepsSlugForm):
    """A plan with its features, limits and prices."""

    def clean(self) -> dict[str, Any]:
        """Refuse to recommend a plan, or to change its prices, once it is archived."""
        values: dict[str, Any] = super().clean()
        if self.instance.is_archived and values.get("is_recommended"):
            self.add_error("is_recommended", "An archived plan cannot be recommended.")
        if self.instance.is_archived and any(self.formsets[name].has_changed() for name in PRICED):
            self.add_error(None, "The plan is archived. Offer it again before you change its prices.")
        return values

    def save(self, commit: bool = True) -> Plan:
        """Save the plan, then put its prices through the service; a preview lays all of it in memory alone."""
        if not commit:
            shown: Plan = super().save(commit=False)
            return shown
        priced = {name: self.formsets.pop(name) for name in PRICED}
        with transaction.atomic():
            plan: Plan = super().save()
            keep_prices(plan, priced, by=self.for_user, at=timezone.now())
        self.formsets |= priced
        return plan


def keep_prices(plan: Plan, priced: dict[str, LiveRows], *, by: User, at: datetime) -> None:
    """Withdraw what was taken away, then offer what is new or changed."""
    for formset in priced.values():
        for row in formset.rows_to_end():
            prices.withdraw(price=row, by=by, at=at)
    for row in priced["prices"].rows_to_offer():
        prices.offer(plan=plan, interval=row.interval, amount=row.amount, is_per_seat=row.is_per_seat, by=by, at=at)
    for row in priced["components"].rows_to_offer():
        prices.meter(
            plan=plan,
            metric=row.metric,
            included_quantity=row.included_quantity,
            unit_price=row.unit_price,
            by=by,
            at=at,
        )
