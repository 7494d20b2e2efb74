"""What would save a company money: a smaller plan, a yearly price, fewer seats; each reckoned on its own.

Only changes that `changes.quote` would not refuse are suggested, and each saving is what holds less what that quote
says a period costs afterwards, without tax and use.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from djmoney.money import Money

from billing.catalog.models import Plan, PlanPrice
from billing.subscriptions import needs
from billing.subscriptions.models import Subscription
from billing.subscriptions.needs import Needs
from billing.subscriptions.services import items
from billing.usage.registry import Suggestion
from portal.accounts.models import Company
from portal.core.money import words

Interval = PlanPrice.Interval
PER = {Interval.MONTH.value: "a month", Interval.YEAR.value: "a year"}
MOST_NOTES = 5


def of(company: Company, today: date) -> list[Suggestion]:
    """All of a company's, what saves the most in a year first; as many queries for one subscription as for several."""
    rows = list(_changeable(company))
    if not rows:
        return []
    offered = list(
        Plan.objects.offered()
        .visible_to(company)
        .filter(family__in={row.family_id for row in rows})
        .with_prices(company.currency)
        .with_contents()
    )
    found = needs.of(company, rows, today=today)
    made = [one for row in rows for one in _of_one(row, offered, found[row.pk])]
    return sorted(made, key=lambda one: -_a_year(one))


def _changeable(company: Company) -> Any:
    rows = Subscription.objects.for_company(company).filter(
        status=Subscription.Status.ACTIVE, cancels_at_period_end=False, next_price=None, next_seats=None
    )
    return rows.with_prices().prefetch_related(*needs.CONTENTS)


def _of_one(row: Subscription, offered: Sequence[Plan], need: Needs) -> Iterator[Suggestion]:
    same = next((plan for plan in offered if plan.pk == row.plan_id), None)
    yield from _fewer_seats(row, need)
    yield from _yearly(row, same)
    yield from _smaller_plan(row, offered, need)


def _smaller_plan(row: Subscription, offered: Sequence[Plan], need: Needs) -> Iterator[Suggestion]:
    """The cheapest lower plan that everything of the last 90 days fits in with a tenth to spare."""
    fitting = []
    for plan in offered:
        price = plan.price(row.interval, row.currency)
        if price is None or not _may_go_down(row, plan) or not need.fit(plan):
            continue
        seats = _seats_in(row, plan, need)
        if seats is not None and price.charge(seats) < row.amount:
            fitting.append((price.charge(seats), seats, plan, price))
    if not fitting:
        return
    amount, seats, plan, price = min(fitting, key=lambda found: (found[0].amount, found[2].level))
    name = items.name_of(plan)
    yield Suggestion(
        title=f"{name} would do",
        text=f"All that you used of {items.name_of(row.plan)} in the last {needs.DAYS} days fits in it.",
        saving=row.amount - amount,
        per=PER[row.interval],
        reckoning=[*_sums(row, price, seats, amount), *need.in_words(plan)],
        url=_change(row, plan=plan.slug, interval=row.interval, seats=seats),
        notes=_missing(row.plan, plan),
    )


def _yearly(row: Subscription, plan: Plan | None) -> Iterator[Suggestion]:
    """A year at once, where it costs less than twelve months."""
    price = plan.price(Interval.YEAR, row.currency) if plan else None
    if row.interval != Interval.MONTH or price is None or price.charge(row.seats) >= row.amount * 12:
        return
    amount = price.charge(row.seats)
    yield Suggestion(
        title=f"Pay {items.name_of(row.plan)} by the year",
        text="A year at once costs less than twelve months. It begins when you confirm; what is paid is credited.",
        saving=row.amount * 12 - amount,
        per=PER[Interval.YEAR],
        reckoning=[
            (f"12 × {items.words(row.price, row.seats)}", words(row.amount * 12)),
            (items.words(price, row.seats), words(amount)),
        ],
        url=_change(row, plan=row.plan.slug, interval=Interval.YEAR.value, seats=row.seats),
    )


def _fewer_seats(row: Subscription, need: Needs) -> Iterator[Suggestion]:
    """Seats that nobody has, or that nobody has used for 60 days."""
    wanted = max(need.seats_used, row.seats_min)
    if not row.price.is_per_seat or wanted >= row.seats:
        return
    unused = row.seats - wanted
    amount = row.price.charge(wanted)
    counted = [("Seats that you pay for", f"{row.seats:,}"), ("Members who have one", f"{need.members:,}")]
    if need.idle:
        counted.append((f"Of these, without any use for {needs.IDLE_DAYS} days", f"{need.idle:,}"))
    if wanted > need.seats_used:
        counted.append(("Fewest seats of the plan", f"{wanted:,}"))
    yield Suggestion(
        title=f"{unused:,} {'seat' if unused == 1 else 'seats'} of {items.name_of(row.plan)} nobody uses",
        text=f"{wanted:,} would do. They end with the current period.",
        saving=row.amount - amount,
        per=PER[row.interval],
        reckoning=[*_sums(row, row.price, wanted, amount), *counted],
        url=_change(row, plan=row.plan.slug, interval=row.interval, seats=wanted),
        notes=["Take the products first from the members who do not use them."] if need.members > wanted else [],
    )


def _may_go_down(row: Subscription, plan: Plan) -> bool:
    is_open = not plan.needs_verification or row.company.is_verified
    return row.plan.is_above(plan) and row.plan.may_become(plan) and is_open


def _seats_in(row: Subscription, plan: Plan, need: Needs) -> int | None:
    """How many seats to have in another plan; None where it does not allow as many as are needed."""
    fewest = row.contract_seats_min or plan.seats_min
    most = row.contract_seats_max or plan.seats_max
    price = plan.price(row.interval, row.currency)
    wanted = max(need.members, fewest)
    if most is not None and wanted > most:
        return None
    if price and price.is_per_seat:
        return wanted
    kept = max(row.seats, fewest)
    return kept if most is None else min(kept, most)


def _missing(plan: Plan, other: Plan) -> list[str]:
    """What the plan has that the other has not."""
    has = {feature.label for feature in other.features.all()}
    gone = [feature.label for feature in plan.features.all() if feature.label not in has]
    listed = [f"Not in {items.name_of(other)}: {label}" for label in gone[:MOST_NOTES]]
    return [*listed, "Compare the plans for the rest."] if len(gone) > MOST_NOTES else listed


def _sums(row: Subscription, price: PlanPrice, seats: int, amount: Money) -> list[tuple[str, str]]:
    """What is paid, and what would be."""
    return [(items.words(row.price, row.seats), words(row.amount)), (items.words(price, seats), words(amount))]


def _change(row: Subscription, **to: Any) -> str:
    return f"{reverse('subscription-change', args=[row.public_id])}?{urlencode(to)}"


def _a_year(one: Suggestion) -> Any:
    return one.saving.amount * (12 if one.per == PER[Interval.MONTH] else 1)
