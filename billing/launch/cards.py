"""A company's products as cards show them: one set of readers for the page of products and for dashboards."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Max, OuterRef, Prefetch
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from billing.catalog.models import Product
from billing.launch.models import Incident, ProductFigure, ProductHealth, ProductSession, ProductSync, State
from billing.launch.services import asking_for_access
from billing.subscriptions.models import ProductAccess, ProductGrant, Subscription
from portal.accounts import roles
from portal.accounts.models import Company, Membership
from portal.activity.feeds import ago

Status = Subscription.Status
Reason = ProductAccess.Reason


@dataclass(frozen=True, slots=True)
class Way:
    """What to do next: a link, or with `is_form` a button that sends."""

    label: str
    url: str
    is_form: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Why a product cannot be opened, and what to do about it."""

    text: str
    way: Way | None = None


@dataclass(frozen=True, slots=True)
class Wellbeing:
    """How well something works, in a word of components/badge.html and words; empty where nobody knows."""

    status: str = ""
    label: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Stat:
    """A quick statistic: `source` says where it comes from, `compared` since when it changed so; no way is good."""

    label: str
    value: str
    source: str = ""
    change: str = ""
    direction: str = "flat"
    compared: str = ""
    good: str = "none"


@dataclass(frozen=True, slots=True)
class Card:
    """What components/product_card.html shows of one product of a company."""

    slug: str
    name: str
    icon: str
    text: str
    url: str
    status: str
    status_label: str
    note: Note | None = None
    launch_url: str = ""
    analytics_url: str = ""
    settings_url: str = ""
    last_used: str = ""
    last_used_at: datetime | None = None
    health: Wellbeing = field(default_factory=Wellbeing)
    sync: Wellbeing = field(default_factory=Wellbeing)
    stats: tuple[Stat, ...] = ()

    def has(self, words: Iterable[str]) -> bool:
        """Whether each of the words is found in name, text or state."""
        told = f"{self.name} {self.text} {self.status_label}".casefold()
        return all(word in told for word in words)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a company's products, by their keys, and who asks when."""

    membership: Membership
    granted: frozenset[int]
    opened: Mapping[int, datetime]
    figures: Mapping[int, Sequence[ProductFigure]]
    syncs: Mapping[int, ProductSync]
    at: datetime


def of_member(company: Company, membership: Membership, *, at: datetime) -> list[Card]:
    """The company's products as this member has them, in the catalog's order; six queries, however many there are."""
    return _cards(list(with_contents(company, membership)), membership, at)


def of_product(access: ProductAccess, membership: Membership, *, at: datetime) -> Card:
    """The same of one product, whose access was read with `with_contents`."""
    return _cards([access], membership, at)[0]


def _cards(accesses: Sequence[ProductAccess], membership: Membership, at: datetime) -> list[Card]:
    products = [access.product_id for access in accesses]
    granted = ProductGrant.objects.filter(membership=membership, product__in=products)
    opened = ProductSession.objects.of_member(membership).filter(product__in=products).order_by()
    figures: dict[int, list[ProductFigure]] = defaultdict(list)
    for figure in ProductFigure.objects.for_company(membership.company).filter(product__in=products):
        figures[figure.product_id].append(figure)
    syncs = ProductSync.objects.for_company(membership.company).filter(product__in=products)
    seen = Seen(
        membership=membership,
        granted=frozenset(granted.values_list("product", flat=True)),
        opened=dict(opened.values_list("product").annotate(Max("started_at"))),
        figures=figures,
        syncs={sync.product_id: sync for sync in syncs},
        at=at,
    )
    return [card(access, seen) for access in accesses]


def with_contents(company: Company, membership: Membership) -> Any:
    """A company's accesses with what cards read of each, and when the member asked, if that waits; two queries."""
    rows = ProductAccess.objects.for_company(company).select_related("product__health", "subscription")
    going_on = Prefetch("product__incidents", Incident.objects.open(), to_attr="going_on")
    rows = rows.annotate(asked_at=asking_for_access.waits_since(membership, product=OuterRef("product")))
    return rows.prefetch_related(going_on).order_by("product__position", "product__name")


def not_had(company: Company) -> list[Product]:
    """Products that are offered, and that the company has never had; one query."""
    return list(Product.objects.offered().exclude(accesses__company=company))


def card(access: ProductAccess, seen: Seen) -> Card:
    """One card."""
    product, membership = access.product, seen.membership
    note = note_of(access, membership, is_granted=product.pk in seen.granted)
    opened_at = seen.opened.get(product.pk)
    status, label = state_of(access)
    manages = roles.allows(membership, roles.Permission.EDIT_COMPANY)
    return Card(
        slug=product.slug,
        name=product.name,
        icon=product.icon,
        text=product.description,
        url=reverse("product", args=[product.slug]),
        status=status,
        status_label=label,
        note=note,
        launch_url="" if note else reverse("product-launch", args=[product.slug]),
        analytics_url=usage_address(product.slug),
        settings_url=reverse("product-settings", args=[product.slug]) if manages else "",
        last_used=_("Opened %(ago)s") % {"ago": ago(opened_at, seen.at)} if opened_at else _("Not opened by you yet"),
        last_used_at=opened_at,
        health=health_of(product),
        sync=sync_of(seen.syncs.get(product.pk), seen.at),
        stats=tuple(stat(figure) for figure in seen.figures.get(product.pk, ())),
    )


def state_of(access: ProductAccess) -> tuple[str, str]:
    """The state of an access as a word of badges and in words."""
    if not access.is_open:
        return access.closed_reason or "closed", access.get_closed_reason_display() or _("Closed")
    mine = access.subscription
    if mine and mine.status == Status.TRIALING:
        return str(mine.status), _("Trial until %(day)s") % {"day": short(mine.period_ends_at)}
    if mine and mine.status == Status.PAST_DUE:
        return str(mine.status), _("Past due")
    return "active", _("Open")


def note_of(access: ProductAccess, membership: Membership, *, is_granted: bool) -> Note | None:
    """Why this member cannot open the product, and the next step that they can take; None where they can."""
    product, company = access.product, membership.company
    if not access.is_open:
        return Note(f"{access.why} {access.remedy}".strip() or _("It is closed."), _way_to_open(access, membership))
    if product.needs_verification and not company.is_verified:
        may = roles.allows(membership, roles.Permission.EDIT_COMPANY)
        verify = Way(_("Verify your company"), reverse("verification"))
        return Note(_("Only verified companies can open it."), verify if may else None)
    if not is_granted:
        return _not_granted(access, membership)
    if not (product.launch_url and product.client_id and product.is_active):
        return Note(_("It cannot be opened from here yet."))
    return None


def _way_to_open(access: ProductAccess, membership: Membership) -> Way | None:
    if access.closed_reason == Reason.SUSPENDED:
        if not roles.allows(membership, roles.Permission.VIEW_BILLING):
            return None
        return Way(_("See what is due"), f"{reverse('invoices')}?status=overdue")
    if not roles.allows(membership, roles.Permission.MANAGE_BILLING):
        return None
    return Way(_("See plans"), plans_address(access.product.slug))


def _not_granted(access: ProductAccess, membership: Membership) -> Note:
    """Owners give it to themselves; the others, admins too, ask for it, once, and read whom they wait for."""
    text = _("You have not been given access to it.")
    if roles.allows(membership, roles.Permission.GOVERN_COMPANY):
        return Note(text, Way(_("Give access"), reverse("members")))
    asked_at: datetime | None = getattr(access, "asked_at", None)
    if asked_at is not None:
        words = {"day": short(asked_at), "company": membership.company.name}
        return Note(_("Asked on %(day)s, waiting for owners and admins of %(company)s.") % words)
    return Note(text, Way(_("Ask for access"), reverse("product-ask", args=[access.product.slug]), is_form=True))


def health_of(product: Product) -> Wellbeing:
    """How well a product works, with the note on what goes on; nothing of one that nobody asks."""
    known: ProductHealth | None = getattr(product, "health", None)
    if known is None or known.state == State.UNKNOWN:
        return Wellbeing()
    going_on = next(iter(getattr(product, "going_on", ())), None)
    return Wellbeing(str(known.state), known.get_state_display(), going_on.note if going_on else "")


def sync_of(sync: ProductSync | None, at: datetime) -> Wellbeing:
    """How the last exchange of data went; nothing where the product told nothing."""
    if sync is None:
        return Wellbeing()
    words = {"ago": ago(sync.synced_at, at)}
    told = {
        ProductSync.State.OK: _("Synchronised %(ago)s"),
        ProductSync.State.RUNNING: _("Synchronising, begun %(ago)s"),
        ProductSync.State.FAILED: _("Synchronisation failed %(ago)s"),
    }[ProductSync.State(sync.state)]
    return Wellbeing(str(sync.state), told % words, sync.detail)


def stat(figure: ProductFigure) -> Stat:
    """A quick statistic beside the last value of an earlier day, if one is known."""
    told = Stat(figure.label, f"{figure.value:,}", _reported(figure))
    if figure.before is None or figure.before_at is None:
        return told
    more = figure.value - figure.before
    return replace(
        told,
        change=f"{abs(more):,}",
        direction="up" if more > 0 else "down" if more else "flat",
        compared=_("since %(day)s") % {"day": short(figure.before_at)},
    )


def _reported(figure: ProductFigure) -> str:
    """Where a quick statistic comes from."""
    return _("As the product reported it on %(at)s.") % {"at": date_format(localtime(figure.reported_at), "j F, H:i")}


def short(at: datetime) -> str:
    """A day in words without its year."""
    return date_format(localtime(at), "j F")


def plans_address(slug: str) -> str:
    """The plans that include a product."""
    return f"{reverse('plans')}?product={slug}"


def usage_address(slug: str) -> str:
    """What is used of a product."""
    return f"{reverse('usage')}?product={slug}"
