"""What the pages of subscriptions show."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.catalog.models import Plan, PlanPrice
from billing.invoicing.models.papers import by_rate
from billing.invoicing.services.taxes import UnknownRate
from billing.subscriptions import registry
from billing.subscriptions.models import Quote, Subscription
from billing.subscriptions.models.subscriptions import SubscriptionQuerySet
from billing.subscriptions.services import items, limits, telling, upcoming
from billing.subscriptions.services.limits import Consumption
from billing.subscriptions.services.upcoming import Bill
from portal.accounts.models import Company
from portal.core.money import words

Status = Subscription.Status
Action = Quote.Action
MOST_ENDED = 20
CHANGEABLE = (Status.TRIALING, Status.ACTIVE)
LATE = {Status.PAST_DUE: "An invoice is overdue", Status.SUSPENDED: "It is suspended: an invoice is overdue"}


def overview(company: Company, *, may_manage: bool) -> dict[str, Any]:
    """All subscriptions of a company: live ones with limits and what can be done, ended ones as a list."""
    mine: SubscriptionQuerySet = Subscription.objects.for_company(company)
    live = list(mine.live().with_contents())
    consumed = limits.of_many(mine.live().select_related("plan", "price")) if live else {}
    ended = mine.exclude(status__in=Subscription.LIVE).select_related("plan__family", "price").order_by("-ended_at")
    return {
        "cards": [card(row, consumed.get(row.pk, []), may_manage=may_manage) for row in live],
        "ended": [(items.name_of(row.plan), row.get_status_display(), row.ended_at) for row in ended[:MOST_ENDED]],
    }


def card(row: Subscription, consumed: list[Consumption], *, may_manage: bool) -> dict[str, Any]:
    """One live subscription."""
    ends_by_itself = row.ends_by_itself
    return {
        "subscription": row,
        "id": row.public_id,
        "name": items.name_of(row.plan),
        **badge(row),
        "products": ", ".join(product.name for product in row.plan.products.all()),
        "pay": f"{words(row.amount)} {how(row.price, row.seats)}, {_('without tax')}",
        "next": next_step(row),
        "meters": [meter(one) for one in consumed],
        "scheduled": scheduled(row),
        "can_change": may_manage and row.status in CHANGEABLE and not row.cancels_at_period_end,
        "can_resume": may_manage and ends_by_itself,
        "can_cancel": may_manage,
        "is_closed": row.status == Status.SUSPENDED,
        "is_late": row.status in LATE,
        "late": LATE.get(Status(row.status), ""),
    }


def badge(row: Subscription) -> dict[str, str]:
    """Its state as components/badge.html takes it; of one that will not go on, when it ends."""
    if row.ends_by_itself and row.status in (Status.ACTIVE, Status.TRIALING):
        return {"status": "scheduled", "label": _("Ends on %(day)s") % {"day": telling.day(row.period_ends_at)}}
    return {"status": str(row.status), "label": row.get_status_display()}


def in_short(company: Company) -> list[dict[str, Any]]:
    """The live subscriptions of a company as a dashboard shows them: what comes next, and what is used."""
    rows = list(Subscription.objects.for_company(company).live().with_prices().prefetch_related(*limits.CONTENTS))
    consumed = limits.of_rows(rows) if rows else {}
    return [
        {
            "name": items.name_of(row.plan),
            **badge(row),
            "next": next_step(row),
            "meters": [meter(one) for one in consumed[row.pk]],
        }
        for row in rows
    ]


def next_bill(company: Company, *, today: date) -> dict[str, Any] | None:
    """The company's next bill as subscriptions/next_bill.html takes it; None where none is known to come."""
    bill = coming_bill(company, today=today)
    return bill_in_lines(bill) if bill else None


def coming_bill(company: Company, *, today: date) -> Bill | None:
    """The company's next bill, where it is known."""
    try:
        return upcoming.of_company(company, today=today)
    except UnknownRate:
        # Nobody knows the tax yet: staff are told by the invoice run.
        return None


def bill_in_lines(bill: Bill) -> dict[str, Any]:
    """A bill as subscriptions/next_bill.html takes it."""
    taxes = by_rate(bill.lines, bill.invoice.currency)
    return {"day": timezone.localdate(bill.at), "invoice": bill.invoice, "lines": bill.lines, "taxes": taxes}


def next_step(row: Subscription) -> str:
    """What comes next, and when."""
    day = telling.day(row.period_ends_at)
    if row.status == Status.SUSPENDED:
        return _("Its products are closed. Pay the invoice, and everything opens again at once; nothing was deleted.")
    if row.status == Status.PAST_DUE:
        return _("Everything works as before for now. Pay it soon, so that its products stay open.")
    if row.ends_by_itself:
        return _("It ends on %(day)s. Until then everything stays as it is.") % {"day": day}
    price = row.next_price or row.price
    amount = words(price.charge(row.next_seats or row.seats))
    if row.status == Status.TRIALING:
        return _("The trial ends on %(day)s. Then it costs %(amount)s without tax.") % {"day": day, "amount": amount}
    return _("It renews on %(day)s for %(amount)s without tax.") % {"day": day, "amount": amount}


def scheduled(row: Subscription) -> str:
    """What changes with the next period; empty where nothing does."""
    if not row.has_scheduled_change:
        return ""
    price = row.next_price or row.price
    to = items.words(price, row.next_seats or row.seats)
    return _("From %(day)s on: %(to)s.") % {"day": telling.day(row.period_ends_at), "to": to}


def how(price: PlanPrice, seats: int) -> str:
    """How it is paid: "monthly", "yearly, 12 seats"."""
    return items.words(price, seats).removeprefix(f"{items.name_of(price.plan)}, ")


def meter(one: Consumption) -> dict[str, Any]:
    """A limit as components/usage_meter.html takes it; what nobody counts yet shows its limit alone."""
    most = _("no limit") if one.limit is None else _("of %s") % f"{one.limit:,}"
    used, note = ("–", _("Not counted yet")) if one.used is None else (f"{one.used:,}", "")
    return {"label": one.label, "used": used, "limit": most, "percent": one.percent or 0, "note": note}


def choices_for(row: Subscription) -> list[Plan]:
    """The plan that a subscription has, and those that it may go to, lowest first."""
    offered = Plan.objects.offered().visible_to(row.company).filter(family=row.family_id).with_prices(row.currency)
    others = [plan for plan in offered if plan.pk != row.plan_id and row.plan.may_become(plan)]
    own = Plan.objects.filter(pk=row.plan_id).with_prices(row.currency)
    return sorted([*own, *others], key=lambda plan: plan.level)


def crumbs(*more: str) -> list[dict[str, str]]:
    """The way to a page below subscriptions."""
    return [{"label": _("Subscriptions"), "url": reverse("subscriptions")}, *({"label": label} for label in more)]


def quote_page(quote: Quote) -> dict[str, Any]:
    """What is to be done and what it costs, line by line."""
    return {
        "quote": quote,
        "lines": list(quote.lines.all()),
        "charged": charged(quote),
        "says": says(quote),
        "title": title_of(quote),
        "label": label_of(quote),
        "is_danger": quote.action == Action.CANCEL,
        "expires": date_format(timezone.localtime(quote.expires_at), "H:i"),
        "again": again(quote),
        "crumbs": crumbs(_("Review")),
    }


def charged(quote: Quote) -> str:
    """The card, or the like, that pays as soon as the quote is confirmed; "" where nothing is charged by itself."""
    found = (ask(quote.company) for ask in registry.charged.all()) if quote.to_pay.amount > 0 else iter(())
    return next(filter(None, found), "")


TITLES = {
    Action.SUBSCRIBE: "Subscribe to %s",
    Action.CHANGE: "Change %s",
    Action.CANCEL: "Cancel %s",
    Action.RESUME: "Resume %s",
}
LABELS = {
    Action.SUBSCRIBE: "Subscribe",
    Action.CHANGE: "Confirm the change",
    Action.CANCEL: "Cancel the subscription",
    Action.RESUME: "Resume the subscription",
}


def title_of(quote: Quote) -> str:
    """What is about to be done, and to which plan."""
    name, held = items.name_of(quote.price.plan), quote.subscription
    if quote.action == Action.CHANGE and held and held.plan_id != quote.price.plan_id:
        return _("Change to %s") % name
    return TITLES[Action(quote.action)] % name


def label_of(quote: Quote) -> str:
    """What the button says that confirms."""
    return "Start the trial" if quote.trial_ends_at and not quote.subscription_id else LABELS[Action(quote.action)]


def says(quote: Quote) -> str:
    """In a sentence or two, what confirming does."""
    day = telling.day(quote.period_ends_at)
    what = {"name": items.name_of(quote.price.plan), "pay": how(quote.price, quote.seats), "day": day}
    what["amount"] = words(quote.per_period)
    if quote.action == Action.SUBSCRIBE and quote.trial_ends_at:
        text = _("You try %(name)s until %(day)s without paying. Then it costs %(amount)s, %(pay)s, without tax.")
    elif quote.action == Action.SUBSCRIBE:
        text = _("You get %(name)s, %(pay)s, at once. It renews on %(day)s for %(amount)s without tax.")
    elif quote.action == Action.RESUME:
        text = _("%(name)s goes on and renews on %(day)s for %(amount)s without tax.")
    elif quote.action == Action.CANCEL and quote.is_at_once:
        text = _("%(name)s ends now. Its products close for all members; their data stays for you to come back to.")
    elif quote.action == Action.CANCEL:
        text = _("%(name)s ends on %(day)s. Until then everything stays as it is, and you can change your mind.")
    elif quote.is_at_once:
        text = _("%(name)s, %(pay)s, starts at once. It renews on %(day)s for %(amount)s without tax.")
    else:
        what["day"] = telling.day(quote.effective_at)
        text = _("%(name)s, %(pay)s, starts on %(day)s, for %(amount)s without tax.")
    return text % what


def again(quote: Quote) -> str:
    """Where somebody chooses anew."""
    if quote.subscription is None:
        return reverse("subscribe", args=[quote.price.plan.slug])
    if quote.action == Action.CHANGE:
        return reverse("subscription-change", args=[quote.subscription.public_id])
    if quote.action == Action.CANCEL:
        return reverse("subscription-cancel", args=[quote.subscription.public_id])
    return reverse("subscriptions")
