"""A company's subscriptions: what it has, what a change would cost, and confirming exactly that."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from billing.catalog.models import Plan
from billing.subscriptions import pages
from billing.subscriptions.forms import CancelForm, ChangeForm, SubscribeForm
from billing.subscriptions.models import Quote, Subscription
from billing.subscriptions.services import cancelling, changes, items, quotes, subscribing, telling
from portal.accounts import roles
from portal.accounts.permissions import requires
from portal.accounts.roles import Permission
from portal.core.forms import refusals_on
from portal.core.http import MemberRequest
from portal.core.posting import posted_from

asks = require_http_methods(["GET", "HEAD", "POST"])
DONE = {
    Quote.Action.SUBSCRIBE: gettext_lazy(
        "%(name)s is yours. Its products are open, and granted to you; grant them to members."
    ),
    Quote.Action.CHANGE: gettext_lazy("%(name)s is changed."),
    Quote.Action.CANCEL: gettext_lazy("%(name)s is cancelled."),
    Quote.Action.RESUME: gettext_lazy("%(name)s goes on."),
}


@require_safe
@requires(Permission.VIEW_COMPANY)
def overview(request: MemberRequest) -> HttpResponse:
    """What the company has, how much of it is used, and what comes next."""
    may_manage = roles.allows(request.membership, Permission.MANAGE_BILLING)
    due_url = (
        f"{reverse('invoices')}?status=overdue" if roles.allows(request.membership, Permission.VIEW_BILLING) else ""
    )
    context = {**pages.overview(request.company, may_manage=may_manage), "may_manage": may_manage, "due_url": due_url}
    return render(request, "subscriptions/overview.html", context)


@asks
@requires(Permission.MANAGE_BILLING)
def subscribe(request: MemberRequest, slug: str) -> HttpResponse:
    """Choose how to begin with a plan, then see what it costs."""
    company = request.company
    offered = Plan.objects.offered().visible_to(company).with_prices(company.currency).select_related("family")
    plan = get_object_or_404(offered, slug=slug)
    wanted = {name: request.GET[name] for name in ("interval",) if name in request.GET}
    form = SubscribeForm(request.POST or None, plan=plan, currency=company.currency, initial=wanted)
    title = _("Subscribe to %s") % items.name_of(plan)
    return _quoted(
        request,
        form,
        title,
        lambda values: subscribing.quote(company=company, plan=plan, by=request.user, at=timezone.now(), **values),
        back="plans",
    )


@asks
@requires(Permission.MANAGE_BILLING)
def change(request: MemberRequest, subscription_id: UUID) -> HttpResponse:
    """Choose another plan, interval or number of seats, then see what it costs."""
    mine = _subscription(request, subscription_id)
    wanted = {name: request.GET[name] for name in ("plan", "interval", "seats") if name in request.GET}
    form = ChangeForm(request.POST or None, of=mine, plans=pages.choices_for(mine), initial=wanted)
    title = _("Change %s") % items.name_of(mine.plan)
    return _quoted(
        request,
        form,
        title,
        lambda values: changes.quote(subscription=mine, by=request.user, at=timezone.now(), **values),
    )


@asks
@requires(Permission.MANAGE_BILLING)
def cancel(request: MemberRequest, subscription_id: UUID) -> HttpResponse:
    """Say when it ends and why, then see what that means."""
    mine = _subscription(request, subscription_id)
    form = CancelForm(request.POST or None, of=mine, end=telling.day(mine.period_ends_at))
    title = _("Cancel %s") % items.name_of(mine.plan)
    return _quoted(
        request,
        form,
        title,
        lambda values: cancelling.quote(subscription=mine, by=request.user, at=timezone.now(), **values),
    )


@posted_from("subscriptions")
@requires(Permission.MANAGE_BILLING)
def resume(request: MemberRequest, subscription_id: UUID) -> HttpResponse:
    """See what going on means."""
    mine = _subscription(request, subscription_id)
    quote = cancelling.quote_resuming(subscription=mine, by=request.user, at=timezone.now())
    return redirect("subscription-quote", quote.public_id)


@posted_from("subscriptions")
@requires(Permission.MANAGE_BILLING)
def keep(request: MemberRequest, subscription_id: UUID) -> HttpResponse:
    """Take a scheduled change back."""
    mine = changes.withdraw(subscription=_subscription(request, subscription_id), by=request.user, at=timezone.now())
    messages.success(request, _("%s stays as it is.") % items.name_of(mine.plan))
    return redirect("subscriptions")


@asks
@requires(Permission.MANAGE_BILLING)
def confirm(request: MemberRequest, quote_id: UUID) -> HttpResponse:
    """What is to be done and what it costs, and doing it."""
    rows = Quote.objects.for_company(request.company).select_related("price__plan__family", "subscription", "invoice")
    quote = get_object_or_404(rows, public_id=quote_id)
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        form.is_valid()
        with refusals_on(form):
            quotes.confirm(quote=quote, by=request.user, at=timezone.now())
            messages.success(request, DONE[Quote.Action(quote.action)] % {"name": items.name_of(quote.price.plan)})
            return redirect("subscriptions")
        quote.refresh_from_db()
    is_over = quote.used_at is not None or quote.has_expired(timezone.now()) or bool(form.errors)
    return render(request, "subscriptions/quote.html", {**pages.quote_page(quote), "form": form, "is_over": is_over})


def _quoted(
    request: MemberRequest, form: Form, title: str, ask: Callable[[dict[str, Any]], Quote], back: str = "subscriptions"
) -> HttpResponse:
    """Show the form until there is a quote of what it says; who changes their mind goes `back`."""
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            return redirect("subscription-quote", ask(form.cleaned_data).public_id)
    context = {"form": form, "title": title, "crumbs": pages.crumbs(title), "back": back}
    return render(request, "subscriptions/choose.html", context)


def _subscription(request: MemberRequest, public_id: UUID) -> Subscription:
    live = Subscription.objects.for_company(request.company).live().with_contents()
    return get_object_or_404(live, public_id=public_id)
