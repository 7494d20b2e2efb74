"""How plans stand to a company, on its page of plans."""

from collections.abc import Mapping, Sequence

from django.urls import reverse

from billing.catalog.models import Plan
from billing.catalog.registry import Standing
from billing.subscriptions.models import Subscription
from billing.subscriptions.services import telling
from portal.accounts import roles
from portal.accounts.models import Company, Membership

Status = Subscription.Status


def of_plans(company: Company, membership: Membership, plans: Sequence[Plan], interval: str) -> Mapping[int, Standing]:
    """The plans that the company has, and what it has in their families; one query."""
    rows = Subscription.objects.for_company(company).live().with_contents()
    live = {row.family_id: row for row in rows}
    return {
        plan.pk: _of_plan(company, membership, plan, interval, live.get(plan.family_id))
        for plan in plans
        if plan.family_id in live or plan.price(interval, company.currency)
    }


def _of_plan(company: Company, membership: Membership, plan: Plan, interval: str, has: Subscription | None) -> Standing:
    is_other = has is None or (has.plan_id != plan.pk and has.plan.may_become(plan))
    if is_other and plan.needs_verification and not company.is_verified:
        return _unverified(company, membership)
    return _standing(has, plan, interval) if has else _new(company, plan, interval)


def _unverified(company: Company, membership: Membership) -> Standing:
    if company.verification == Company.Verification.PENDING:
        return Standing(note="We are looking at your papers. You can choose it as soon as you are verified.")
    if not roles.allows(membership, roles.Permission.EDIT_COMPANY):
        return Standing(note="Your company is not verified yet. Its owners and admins can hand in the papers.")
    note = "We need to know your company first; that takes a few papers."
    return Standing(url=reverse("verification"), label="Verify your company", note=note)


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
