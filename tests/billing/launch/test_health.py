"""A product's state follows what was seen twice; going down opens an incident, coming back closes it."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from billing.launch.models import HealthDay, Incident, ProductHealth, State
from billing.launch.retention import RULES
from billing.launch.services import health
from billing.launch.services.health import Observation
from portal.notifications.models import Notification
from tests.billing.subscriptions.world import on
from tests.cast import client_of
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db
AT = on(2026, 3, 2)
SEEN = {
    "u": Observation(State.UP, 40),
    "s": Observation(State.DEGRADED, 3000),
    "d": Observation(State.DOWN, detail="500"),
}


@pytest.fixture
def product():
    return ProductFactory.create(slug="payroll", name="Payroll")


def see(product, seen: str, *, at=AT):
    """Ask once a minute, and see this; the state after each."""
    return "".join(
        health.record(product=product, observation=SEEN[one], at=at + timedelta(minutes=minute)).state[0]
        for minute, one in enumerate(seen)
    )


@pytest.mark.parametrize(
    ("seen", "states"),
    [
        ("uu", "uu"),
        ("dd", "ud"),  # unknown, then down
        ("udu", "uuu"),
        ("udd", "uud"),
        ("uddu", "uudd"),
        ("udduu", "uuddu"),
        ("uddudu", "uudddd"),
        ("ussuu", "uuddu"),  # degraded begins with a d as well
        ("usd", "uud"),
    ],
)
def test_state_follows_what_was_seen_twice(product, seen, states):
    assert see(product, seen) == states


def test_two_that_differ_leave_the_state_they_found(product):
    see(product, "usd")
    assert ProductHealth.objects.get().state == State.DOWN
    see(product, "su", at=AT + timedelta(hours=1))
    assert ProductHealth.objects.get().state == State.UP


def test_an_incident_begins_when_it_goes_down_and_ends_when_it_comes_back(product, staff):
    see(product, "udddduu")
    incident = Incident.objects.get()
    assert (incident.started_at, incident.ended_at) == (AT + timedelta(minutes=2), AT + timedelta(minutes=6))
    assert incident.cause == "500"
    told = list(Notification.objects.order_by("pk").values_list("recipient__email", "subject", "url"))
    url = reverse("wagtailsnippets_launch_incident:edit", args=[incident.pk])
    assert told == [
        ("staff@portal.example", "Payroll does not work", url),
        ("staff@portal.example", "Payroll works again", url),
    ]
    assert "It did not for 4" in Notification.objects.latest("pk").body


def test_what_is_slow_is_no_incident(product, staff):
    see(product, "usss")
    assert ProductHealth.objects.get().state == State.DEGRADED
    assert not Incident.objects.exists()
    assert not Notification.objects.exists()


def test_those_who_keep_products_are_told_and_nobody_else(product, finance, support, owner, staff):
    see(product, "dd")
    assert set(Notification.objects.values_list("recipient__email", flat=True)) == {
        "finance@portal.example",
        "staff@portal.example",
    }


def test_days_are_those_of_the_clock_on_the_wall(product):
    see(product, "us", at=on(2026, 3, 2, 23, 59))
    see(product, "d", at=on(2026, 3, 3, 12))
    rows = HealthDay.objects.of(product)
    assert [(str(row.checked_on), row.checks, row.failures, row.degraded, row.mean_ms) for row in rows] == [
        ("2026-03-02", 1, 0, 0, 40),
        ("2026-03-03", 2, 1, 1, 3000),
    ]


def test_what_was_seen_earlier_is_counted_and_changes_nothing(product):
    see(product, "uu", at=AT)
    see(product, "dd", at=AT - timedelta(hours=1))
    assert ProductHealth.objects.get().state == State.UP
    assert HealthDay.objects.get().checks == 4
    assert not Incident.objects.exists()


def test_products_do_not_share_their_health(product):
    other = ProductFactory.create(slug="erp")
    see(product, "dd")
    see(other, "uu")
    assert dict(ProductHealth.objects.values_list("product__slug", "state")) == {"payroll": "down", "erp": "up"}
    assert Incident.objects.get().product == product


@pytest.mark.django_db(transaction=True)
def test_two_workers_open_one_incident(product):
    see(product, "ud")
    barrier = Barrier(2)

    def work() -> None:
        barrier.wait()
        health.record(product=product, observation=SEEN["d"], at=AT + timedelta(minutes=5))
        connection.close()

    threads = [Thread(target=work) for _worker in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Incident.objects.count() == 1
    assert HealthDay.objects.get().checks == 4


def test_health_is_kept_for_ninety_days(product):
    see(product, "udduu", at=AT)
    see(product, "dd", at=AT + timedelta(days=10))
    now = AT + timedelta(days=95)
    gone = RULES["product_health"].expired(now - timedelta(days=RULES["product_health"].days))
    assert [rows.count() for rows in gone] == [1, 1]
    assert timezone.localdate(now - timedelta(days=90)) > HealthDay.objects.of(product)[0].checked_on


def test_support_writes_the_note_and_makes_no_incidents(product, support, editor):
    see(product, "dd")
    incident = Incident.objects.get()
    url = reverse("wagtailsnippets_launch_incident:edit", args=[incident.pk])
    client = client_of(support)
    assert client.post(url, {"note": "We are at it.", "started_at": "2020-01-01"}).status_code == 302
    incident.refresh_from_db()
    assert incident.note == "We are at it."
    assert incident.started_at == AT + timedelta(minutes=1)
    assert client.get(reverse("wagtailsnippets_launch_incident:list")).status_code == 200
    assert client.get("/admin/snippets/launch/incident/add/").status_code in (302, 403, 404)
    assert client.get(reverse("wagtailsnippets_launch_incident:delete", args=[incident.pk])).status_code != 200
    assert client_of(editor).post(url, {"note": "No."}).status_code != 200
    incident.refresh_from_db()
    assert incident.note == "We are at it."


def test_the_list_tells_begin_and_end_by_the_portals_clock(product, support):
    see(product, "dd")
    Incident.objects.update(started_at=on(2026, 11, 1, 23, 30), ended_at=on(2026, 11, 2, 0, 10))
    page = client_of(support).get(reverse("wagtailsnippets_launch_incident:list")).content.decode()
    assert "1 Nov 2026, 11:30 p.m." in page
    assert "2 Nov 2026, 12:10 a.m." in page
