"""Taking up what a product reports, a batch at a time: all that is right of it, in a few statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing.catalog.models import Metric, Product
from billing.catalog.receipts import Receipt, Rejected
from billing.usage.models import EventHorizon, StaleDay, UsageEvent
from billing.usage.services import checking, naming
from billing.usage.services.checking import Draft, Refused, Window
from portal.core import bulk
from portal.core.errors import DomainError

MOST_EVENTS = 1000
COLUMNS = ("event_id", "company_id", "metric_id", "user_id", "value", "occurred_at", "used_on")


class TooMany(DomainError):
    """A batch is too long."""

    code = "too_many"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@dataclass(frozen=True, slots=True)
class Known:
    """What a batch names, as the database knows it: companies with the product, members by company, metrics."""

    companies: dict[str, int]
    metrics: dict[str, int]
    members: dict[tuple[int, str], int]


def record(*, product: Product, events: Sequence[Any], at: datetime) -> Receipt:
    """Count the events of a batch that are right, once each by their id, and say what is wrong with the others.

    Of two with the same id the first stands, whatever the other says. When this returns they are safe, and their days
    wait for the roll-up. Raises TooMany.
    """
    if len(events) > MOST_EVENTS:
        raise TooMany(_("A batch has at most {most:,} events.").format(most=MOST_EVENTS))
    receipt = Receipt()
    drafts = _drafts(events, product, at, receipt)
    rows = _rows(drafts, product, receipt)
    once = {row[0]: row for row in reversed(rows)}
    # In the order of their ids: two batches with the same events do not wait for each other.
    receipt.accepted = _save([once[event_id] for event_id in sorted(once)], product, at) if once else 0
    receipt.duplicates = len(rows) - receipt.accepted
    receipt.rejected.sort(key=lambda one: one.index)
    return receipt


def _drafts(events: Iterable[Any], product: Product, at: datetime, receipt: Receipt) -> list[Draft]:
    horizon = EventHorizon.objects.values_list("kept_from_on", flat=True).first()
    window, slug, drafts = Window.at(at, kept_from=horizon), product.slug, []
    for index, event in enumerate(events):
        try:
            drafts.append(checking.draft(index, event, product=slug, window=window))
        except Refused as refused:
            receipt.rejected.append(Rejected(index, _id_of(event), refused.code, refused.detail))
    return drafts


def _id_of(event: Any) -> str | None:
    try:
        return checking.name(event, "id", checking.LONGEST_ID)
    except (Refused, AttributeError):
        return None


def _rows(drafts: Sequence[Draft], product: Product, receipt: Receipt) -> list[tuple[Any, ...]]:
    """What is written of them, as COLUMNS."""
    known, rows = _known(drafts, product), []
    for one in drafts:
        try:
            company, metric, user = _named(one, known)
        except Refused as refused:
            receipt.rejected.append(Rejected(one.index, one.event_id, refused.code, refused.detail))
        else:
            rows.append((one.event_id, company, metric, user, one.value, one.occurred_at, one.used_on))
    return rows


def _named(one: Draft, known: Known) -> tuple[int, int, int | None]:
    """Company, metric and member that an event names. Raises Refused."""
    company = known.companies.get(one.company)
    if company is None:
        raise Refused("unknown_company", _("No company of this name has the product."))
    if one.metric not in known.metrics:
        raise Refused("unknown_metric", _("The product reports no such metric."))
    user = known.members.get((company, one.member)) if one.member else None
    if one.member and user is None:
        raise Refused("unknown_member", _("This company has no such member."))
    return company, known.metrics[one.metric], user


def _known(drafts: Sequence[Draft], product: Product) -> Known:
    companies = naming.companies(product=product, names={one.company for one in drafts})
    metrics = dict(Metric.objects.filter(products=product).values_list("slug", "pk"))
    named = {(companies[one.company], one.member) for one in drafts if one.member and one.company in companies}
    return Known(companies, metrics, naming.members(named))


@transaction.atomic
def _save(rows: Sequence[Sequence[Any]], product: Product, at: datetime) -> int:
    new = bulk.add_new(UsageEvent, COLUMNS, rows, product_id=product.pk, received_at=at)
    if new:
        days = sorted({(row[1], row[6]) for row in rows})
        bulk.copy(StaleDay, ("company_id", "used_on"), days, product_id=product.pk)
    return new
