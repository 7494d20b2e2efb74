"""Staff read use in the admin."""

from datetime import timedelta

import pytest

from billing.catalog.models import Product
from billing.usage.models import DailyUsage, EventHorizon, StaleDay
from billing.usage.services import rolling
from portal.accounts.models import User
from portal.activity.models import ActivityEvent
from tests.billing.usage.world import event, recorded
from tests.cast import client_of

pytestmark = pytest.mark.django_db
LIST = "/admin/registers/usage/"


@pytest.fixture
def used(erp: Product, sacco: Product, owner: User) -> None:
    recorded(erp, event(1, value=1234, member=str(owner.public_id)))
    recorded(sacco, event(1, company="ridgeline-sacco", metric="storage", value=12))
    rolling.roll_up()


def test_staff_read_figures_and_change_none(used: None, owner: User, support: User, finance: User, staff: User) -> None:
    row = DailyUsage.objects.get(product__slug="erp")
    for person in (support, finance, staff):
        browser = client_of(person)
        assert "Savanna Foods" in browser.get(LIST).text
        page = browser.get(f"{LIST}inspect/{row.pk}/").text
        assert ("1,234" in page, "18 Mar 2026" in page, str(owner) in page) == (True, True, True)
        assert browser.get(f"{LIST}edit/{row.pk}/").status_code == 404


def test_nobody_else_reads_them(used: None, editor: User, owner: User) -> None:
    for person in (editor, owner):
        assert "Ridgeline SACCO" not in client_of(person).get(LIST, follow=True).text
        assert client_of(person).get(LIST).status_code in (302, 403, 404)


def test_staff_have_a_day_counted_anew(used: None, support: User, erp: Product) -> None:
    """What is wrong in it is as the events say again; days of others are left alone, and it is recorded."""
    row, other = DailyUsage.objects.get(product__slug="erp"), DailyUsage.objects.get(product__slug="sacco")
    DailyUsage.objects.update(total=5)
    browser = client_of(support)
    page = f"{LIST}rebuild/{row.pk}/"
    assert page in browser.get(f"{LIST}inspect/{row.pk}/").text
    assert "made again from the events" in browser.get(page).text
    assert not StaleDay.objects.exists(), "reading does nothing"
    assert browser.post(page)["Location"] == LIST
    waiting = StaleDay.objects.get()
    assert (waiting.company, waiting.product, waiting.used_on) == (row.company, erp, row.used_on)
    rolling.roll_up()
    assert (DailyUsage.objects.get(pk=row.pk).total, DailyUsage.objects.get(pk=other.pk).total) == (1234, 5)
    event = ActivityEvent.objects.get(verb="usage.rebuilt")
    assert (event.actor, event.company, event.data["day"]) == (support, row.company, "2026-03-18")


def test_a_day_without_events_is_not_counted_anew(used: None, support: User) -> None:
    row = DailyUsage.objects.get(product__slug="erp")
    EventHorizon.objects.create(pk=1, kept_from_on=row.used_on + timedelta(days=1))
    answer = client_of(support).post(f"{LIST}rebuild/{row.pk}/")
    assert "The events of this day are deleted." in answer.text
    assert not StaleDay.objects.exists()
    assert not ActivityEvent.objects.filter(verb="usage.rebuilt").exists()


def test_nobody_else_has_a_day_counted_anew(used: None, editor: User, owner: User) -> None:
    page = f"{LIST}rebuild/{DailyUsage.objects.latest('pk').pk}/"
    for person in (editor, owner):
        assert client_of(person).post(page).status_code in (302, 403, 404)
    assert not StaleDay.objects.exists()


def test_narrowed_by_company_product_and_days(used: None, support: User, erp: Product) -> None:
    browser = client_of(support)
    queries = ("company=savanna", f"product={erp.pk}", "used_on_from=2026-03-19", "company=ridge&used_on_to=2026-03-18")
    found = [len(browser.get(f"{LIST}?{query}").context["object_list"]) for query in queries]
    assert found == [1, 1, 0, 1]
