"""A dashboard that is drawn anew takes what is remembered from those drawn before, and never what is another's."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from billing.subscriptions.models import ProductAccess
from helpcenter.knowledge.widgets import articles_for_you
from home.models import DashboardPage
from portal.accounts.models import Company, Membership, User
from portal.core import page_cache
from portal.core.page_cache import Generation, ProcessStore
from portal.core.widgets import Figure, statistics
from tests.cast import client_of
from tests.factories import MembershipFactory, ProductAccessFactory, ProductFactory
from tests.helpcenter.knowledge import pages

pytestmark = pytest.mark.usefixtures("portal_site")
DASHBOARD = "/customer/dashboard/"


@pytest.fixture(autouse=True)
def process(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has remembered nothing yet."""
    settings.PAGE_CACHE = "process"
    monkeypatch.setattr(page_cache, "generation", Generation())
    monkeypatch.setattr(page_cache, "parts", ProcessStore())


@pytest.fixture
def books(company: Company, owner: User) -> ProductAccess:
    """A product that Savanna alone may open, beside ERP, and both as long as there is its first member."""
    long_ago = timezone.now() - timedelta(days=90)
    access: ProductAccess = ProductAccessFactory.create(company=company, product=ProductFactory.create(slug="books"))
    ProductAccess.objects.update(created_at=long_ago)
    Membership.objects.update(created_at=long_ago)
    return access


def drawn(client: Client, number: int, days: str = "30") -> dict[Any, Any]:
    """What the readers of a dashboard bring that no address before this one showed."""
    context = client.get(f"{DASHBOARD}?range={days}&showing={number}").context
    results: dict[Any, Any] = context["results"]
    return results


def counts(results: dict[Any, Any]) -> tuple[Figure, Figure]:
    """Products and members."""
    return results[statistics.get("products")], results[statistics.get("members")]


def titles(results: dict[Any, Any]) -> list[str]:
    """Articles for the viewer."""
    return [document.title for document in results[articles_for_you]]


def test_each_company_counts_its_own(books: ProductAccess, owner: User, viewer: User, stranger: User) -> None:
    """Savanna: two products, two members; the other company: ERP, and one."""
    ours, theirs = client_of(owner), client_of(stranger)
    for number in range(3):
        assert [one.value for one in counts(drawn(ours, number))] == [2, 2]
        assert [one.value for one in counts(drawn(theirs, number))] == [1, 1]
        assert [one.value for one in counts(drawn(client_of(viewer), number))] == [2, 2]


def test_counts_are_of_now_and_of_the_days_that_are_shown(books: ProductAccess, company: Company, owner: User) -> None:
    ours = client_of(owner)
    assert counts(drawn(ours, 1)) == (Figure(2, 2, (2,) * 12), Figure(1, 1, (1,) * 12))
    MembershipFactory.create(company=company)
    ProductAccess.objects.filter(pk=books.pk).update(is_open=False, closed_at=timezone.now())
    assert counts(drawn(ours, 2)) == (Figure(1, 2, (*(2,) * 11, 1)), Figure(2, 1, (*(1,) * 11, 2)))
    assert counts(drawn(ours, 3, "365")) == (Figure(1, 0, (*(0,) * 9, 2, 2, 1)), Figure(2, 0, (*(0,) * 9, 1, 1, 2)))


def test_articles_are_those_that_each_may_read_now(books: ProductAccess, owner: User, stranger: User) -> None:
    pages.article("Close the books", products=[books.product])
    pages.article("Say hello")
    page_cache.generation.renew()
    page_cache.generation.look_at = 0
    ours, theirs = client_of(owner), client_of(stranger)
    for number in range(3):
        assert titles(drawn(ours, number)) == ["Say hello", "Close the books"]
        assert titles(drawn(theirs, number)) == ["Say hello"]
    ProductAccess.objects.filter(pk=books.pk).update(is_open=False)
    assert titles(drawn(ours, 4)) == ["Say hello"]


def test_days_that_one_chose_are_not_anothers(owner: User, viewer: User) -> None:
    chooser = client_of(owner)
    chooser.post("/dashboard/remember/", {"range": "7"})
    for _ in range(2):
        assert chooser.get(DASHBOARD).context["shown"] == "Last 7 days"
        assert client_of(viewer).get(DASHBOARD).context["shown"] == "Last 30 days"


def test_a_dashboard_that_is_moved_to_the_front_is_shown(owner: User, django_capture_on_commit_callbacks: Any) -> None:
    first = DashboardPage.objects.get(desk_kind="company")
    other = DashboardPage(title="Another view", slug="another-view", desk_kind="company")
    first.add_sibling(instance=other)
    client = client_of(owner)
    assert client.get(f"{DASHBOARD}?showing=1").context["page"].title == first.title
    with django_capture_on_commit_callbacks(execute=True):
        other.move(first, pos="left")
    page_cache.generation.look_at = 0
    assert client.get(f"{DASHBOARD}?showing=2").context["page"].title == "Another view"


def test_the_layout_and_the_articles_are_asked_for_once(
    books: ProductAccess, owner: User, django_assert_num_queries: Any
) -> None:
    client = client_of(owner)
    for number in range(2):
        drawn(client, number)
    with django_assert_num_queries(14):
        drawn(client, 9)
