"""A dashboard as its viewer left it: days, and how products are shown; an address that says otherwise goes before."""

import pytest
from django.test import Client

from home.models import DashboardState
from portal.accounts.models import Company, User
from portal.core import privacy
from tests.cast import client_of
from tests.factories import ProductAccessFactory, ProductFactory

pytestmark = pytest.mark.usefixtures("portal_site")
DASHBOARD = "/customer/dashboard/"


def days(client: Client, query: str = "") -> tuple[str, str, str]:
    """The days that a dashboard shows, in words and by their ends."""
    shown = client.get(f"{DASHBOARD}{query}").context
    return shown["shown"], shown["start"], shown["end"]


def test_days_are_kept_for_the_person_and_shared_addresses_go_before(
    company: Company, owner: User, viewer: User
) -> None:
    client = client_of(owner)
    usual = days(client)
    answer = client.post("/dashboard/remember/", {"range": "7"})
    assert (answer.status_code, answer["Location"]) == (302, f"{DASHBOARD}?range=7")
    assert days(client)[0] == "Last 7 days"
    assert days(client_of(owner))[0] == "Last 7 days"
    assert days(client_of(viewer)) == usual
    assert days(client, "?range=365")[0] == "Last 12 months"
    assert days(client)[0] == "Last 7 days"

    answer = client.post("/dashboard/remember/", {"from": "2026-01-05", "to": "2026-01-09"})
    assert answer["Location"] == f"{DASHBOARD}?from=2026-01-05&to=2026-01-09"
    assert days(client) == ("5 Jan 2026 – 9 Jan 2026", "2026-01-05", "2026-01-09")
    assert DashboardState.objects.count() == 1


@pytest.mark.parametrize("wrong", [{}, {"range": "8"}, {"from": "2026-01-09", "to": "2026-01-05"}, {"range": "\0"}])
def test_what_makes_no_sense_is_not_kept(owner: User, wrong: dict[str, str]) -> None:
    assert client_of(owner).post("/dashboard/remember/", wrong)["Location"] == DASHBOARD
    assert not DashboardState.objects.exists()


def test_what_is_kept_is_handed_out_and_erased_with_the_person(owner: User, viewer: User) -> None:
    for person in (owner, viewer):
        client_of(person).post("/dashboard/remember/", {"range": "90"})
    exporter = privacy.person_exporters.get("dashboards")
    assert list(exporter.records(owner)) == [{"desk_kind": "company", "days": "range=90"}]
    erasing = privacy.Erasing(owner, "", frozenset(), owner.joined_at)
    privacy.person_erasers.get("dashboards").erase(erasing)
    assert [state.user for state in DashboardState.objects.all()] == [viewer]


def test_products_are_found_by_name_and_their_look_is_kept(company: Company, owner: User) -> None:
    for name in ("Books", "Wages"):
        ProductAccessFactory.create(company=company, product=ProductFactory.create(slug=name.lower(), name=name))
    client = client_of(owner)

    title = 'product-card__title"><a href="/customer/products/{}/"'

    def shown(query: str = "") -> tuple[bool, bool, bool]:
        html = client.get(f"{DASHBOARD}{query}").text
        return title.format("books") in html, title.format("wages") in html, "product-card--row" in html

    assert shown() == (True, True, False)
    assert shown("?find=wag") == (False, True, False)
    assert "No product matches" in client.get(f"{DASHBOARD}?find=nothing").text
    assert shown("?view=list") == (True, True, True)
    assert shown() == (True, True, True)
    assert shown("?view=grid") == (True, True, False)
