"""What somebody chooses before they see what it costs."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.catalog.models import Plan, PlanPrice
from billing.subscriptions.models import Subscription

AT_END, AT_ONCE = "end", "now"
CancelReason = Subscription.CancelReason


class IntervalForm(forms.Form):
    """How long a period is, and for how many people."""

    interval = forms.ChoiceField(label=_("Pay by"), widget=forms.RadioSelect)
    seats = forms.IntegerField(min_value=1, max_value=100_000, required=False)

    def offer(self, intervals: Sequence[str], *, seats: int | None, fewest: int, most: int | None) -> None:
        """Offer these intervals; seats are asked for only where they are paid for, with `seats` filled in."""
        field: Any = self.fields["interval"]
        field.choices = [choice for choice in PlanPrice.Interval.choices if choice[0] in intervals]
        if len(field.choices) == 1:
            self.fields["interval"].initial = field.choices[0][0]
            self.fields["interval"].widget = forms.HiddenInput()
        if seats is None:
            del self.fields["seats"]
            return
        self.fields["seats"].required = True
        self.fields["seats"].initial = seats
        least = _("At least %d") % fewest
        self.fields["seats"].help_text = f"{least}." if most is None else f"{least}, {_('at most %d') % most}."


class SubscribeForm(IntervalForm):
    """How to begin with a plan."""

    def __init__(self, *args: Any, plan: Plan, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        prices = priced(plan, currency)
        by_seat = any(price.is_per_seat for price in prices)
        fewest = plan.seats_min
        self.offer(
            [price.interval for price in prices], seats=fewest if by_seat else None, fewest=fewest, most=plan.seats_max
        )
        told = {price.interval: str(price) for price in prices}
        interval: Any = self.fields["interval"]
        interval.choices = [(value, f"{label}: {told[value]}") for value, label in interval.choices]
        interval.initial = next((value for value, _label in interval.choices), "")
        interval.help_text = _("Without tax.")


class ChangeForm(IntervalForm):
    """Another plan of the family, another interval, another number of seats."""

    plan = forms.ModelChoiceField(Plan.objects.none(), empty_label=None, to_field_name="slug", widget=forms.RadioSelect)

    field_order = ("plan", "interval", "seats")

    def __init__(self, *args: Any, of: Subscription, plans: Sequence[Plan], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["plan"]
        field.queryset = Plan.objects.filter(pk__in=[plan.pk for plan in plans])
        told = {plan.pk: described(plan, of) for plan in plans}
        field.label_from_instance = lambda plan: told[plan.pk]
        field.help_text = _("Prices are without tax.")
        field.initial = of.plan.slug
        prices = [price for plan in plans for price in priced(plan, of.currency)]
        seats = of.next_seats or of.seats
        self.offer(
            [price.interval for price in prices] or [of.interval],
            seats=seats if of.price.is_per_seat or any(price.is_per_seat for price in prices) else None,
            fewest=of.seats_min,
            most=of.seats_max,
        )
        if not self.fields["interval"].initial:
            self.fields["interval"].initial = of.interval
        self.order_fields(self.field_order)


class CancelForm(forms.Form):
    """When it ends, and why."""

    when = forms.ChoiceField(label=_("When"), widget=forms.RadioSelect, initial=AT_END)
    reason = forms.ChoiceField(label=_("Why do you leave?"), widget=forms.RadioSelect)
    comment = forms.CharField(
        label=_("What could we have done better?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, of: Subscription, end: str, **options: Any) -> None:
        super().__init__(*args, **options)
        at_end = (AT_END, _("At the end of the period, on %s") % end)
        at_once = (AT_ONCE, _("Now. What is paid for the rest of the period is not given back."))
        when: Any = self.fields["when"]
        reason: Any = self.fields["reason"]
        when.choices = [at_once] if of.cancels_at_period_end else [at_end, at_once]
        when.initial = when.choices[0][0]
        reason.choices = [choice for choice in CancelReason.choices if choice[0] != CancelReason.UNPAID]

    def clean(self) -> dict[str, Any]:
        """Say `at_once` instead of `when`, as the service takes it."""
        values = super().clean() or {}
        at_once = values.pop("when", AT_END) == AT_ONCE
        return {**values, "at_once": at_once}


def described(plan: Plan, of: Subscription) -> str:
    """A plan among others: its name, what it costs, and whether it is the one that the company has."""
    prices, is_held = {price.interval: str(price) for price in priced(plan, of.currency)}, plan.pk == of.plan_id
    if is_held:
        # Its price may be an older one than others get.
        prices[of.interval] = str(of.price)
    name = f"{plan.name} ({_('now')})" if is_held else plan.name
    return f"{name}: {' / '.join(prices.values())}" if prices else name


def priced(plan: Plan, currency: str) -> list[PlanPrice]:
    """The live prices of a plan in a currency, read `with_prices`."""
    return [price for price in plan.prices.all() if price.is_live and str(price.amount.currency) == currency]
