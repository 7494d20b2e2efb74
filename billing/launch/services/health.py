"""What is seen of products' health: kept as a state, figures of the day and incidents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from billing.catalog.models import Product
from billing.launch.models import HealthDay, Incident, ProductHealth, State
from portal.accounts.services import staff
from portal.notifications.services import notices

# Who keeps the addresses of products is told when one does not work.
PERMISSION = "catalog.change_product"


@dataclass(frozen=True, slots=True)
class Observation:
    """What asking a product's health address once has shown; `detail` says what was wrong."""

    seen: str
    latency_ms: int = 0
    detail: str = ""


@transaction.atomic
def record(*, product: Product, observation: Observation, at: datetime) -> ProductHealth:
    """Keep what was seen; open or close an incident and tell staff where the state changed to or from down.

    What was seen before that which is kept already is only counted.
    """
    ProductHealth.objects.get_or_create(product=product)
    health = ProductHealth.objects.select_for_update().get(product=product)
    _count(product, observation, at)
    if health.checked_at and health.checked_at > at:
        return health
    before = health.state
    changed = health.observe(seen=observation.seen, latency_ms=observation.latency_ms, detail=observation.detail, at=at)
    health.save()
    if changed:
        _follow(health, before, at)
    return health


def _count(product: Product, observation: Observation, at: datetime) -> None:
    failed, limited = int(observation.seen == State.DOWN), int(observation.seen == State.DEGRADED)
    day, _made = HealthDay.objects.get_or_create(
        product=product,
        checked_on=timezone.localdate(at),
        defaults={"checks": 0, "failures": 0, "degraded": 0, "latency_ms": 0},
    )
    HealthDay.objects.filter(pk=day.pk).update(
        checks=F("checks") + 1,
        failures=F("failures") + failed,
        degraded=F("degraded") + limited,
        latency_ms=F("latency_ms") + (0 if failed else observation.latency_ms),
    )


def _follow(health: ProductHealth, before: str, at: datetime) -> None:
    if health.state == State.DOWN:
        incident = Incident.objects.create(product=health.product, started_at=at, cause=health.detail)
        _tell("product_down", incident, {"product": health.product.name, "cause": health.detail}, at)
    elif before == State.DOWN:
        for incident in Incident.objects.open().filter(product=health.product):
            _close(incident, at)
            lasted = timesince(incident.started_at, at, depth=1)
            _tell("product_up", incident, {"product": health.product.name, "lasted": lasted}, at)


def _close(incident: Incident, at: datetime) -> None:
    incident.ended_at = at
    incident.save(update_fields=["ended_at"])


def _tell(kind: str, incident: Incident, fields: dict[str, str], at: datetime) -> None:
    url = reverse("wagtailsnippets_launch_incident:edit", args=[incident.pk])
    people = staff.who_may(PERMISSION)
    notices.notify(kind=kind, people=people, key=f"incident {incident.public_id}", at=at, fields=fields, url=url)


@transaction.atomic
def forget(*, products: Iterable[Product], at: datetime) -> None:
    """Nobody asks these products any more: nothing is known of them, and what went on is over."""
    gone = list(products)
    known = ProductHealth.objects.filter(product__in=gone).exclude(state=State.UNKNOWN)
    known.update(state=State.UNKNOWN, observed=State.UNKNOWN, state_since_at=at, differing=0, detail="")
    Incident.objects.open().filter(product__in=gone).update(ended_at=at)
