"""How plans stand to a company, on its page of plans."""

from collections.abc import Mapping, Sequence

from django.urls import reverse

from billing.catalog.models import Plan
from billing.catalog.registry import Standing
from billing.subscriptions.models import Subscription
from billing.subscriptions.services import telling
from portal.accounts.models import Company, Membership

Status = Subscription.Status


def of_plans(company: Company, membership: Membership, plans: Sequence[Plan], interval: str) -> Mapping[int, Standing]:
    """The plans that the company has, and what it has in their families; one query."""
    rows = Subscription.objects.for_company(company).live().with_contents()
    live = {row.family_id: row for row in rows}
    return {
        plan.pk: _standing(live[plan.family_id], plan, interval)
        if plan.family_id in live
        else _new(company, plan, interval)
        for plan in plans
        if plan.family_id in live or plan.price(interval, company.currency)
    }


def _new(company: Company, plan: Plan, interval: str) -> Standing:
    label = "Try it" if plan.trial_days else "Choose it"
    return Standing(url=f"{reverse('subscribe', args=[plan.slug])}?interval={interval}", label=label)


def _standing(subscription: Subscription, plan: Plan, interval: str) -> Standing:
    if plan.pk == subscription.plan_id and interval == subscription.interval:
        return Standing(is_current=True, note=_note(subscription))
    if plan.pk != subscription.plan_id and not subscription.plan.may_become(plan):
        return Standing(note="Your subscription cannot go there by itself. Ask us.")
    note = f"You have {subscription.plan.name}, {subscription.price.get_interval_display().lower()}."
    url = f"{reverse('subscription-change', args=[subscription.public_id])}?plan={plan.slug}&interval={interval}"
    return Standing(url=url, label="Change to it", note=note)


def _note(subscription: Subscription) -> str:
    day = telling.day(subscription.period_ends_at)
    if subscription.ends_by_itself:
        return f"Ends on {day}."
    if subscription.status in (Status.PAST_DUE, Status.SUSPENDED):
        return "An invoice is overdue."
    if subscription.status == Status.TRIALING:
        return f"The trial ends on {day}."
    if subscription.next_price and subscription.next_price.plan_id != subscription.plan_id:
        return f"Changes to {subscription.next_price.plan.name} on {day}."
    return f"Renews on {day}."
