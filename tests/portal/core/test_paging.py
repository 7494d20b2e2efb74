"""Pages of long lists: every row can be reached, and counting stops where it would cost."""

import pytest
from django.core.paginator import EmptyPage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core import paging
from portal.core.paging import LongPaginator
from tests.portal.core.sample.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def capped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting stops at five."""
    monkeypatch.setattr(paging, "MOST_COUNTED", 5)


def letters(number: int) -> list[int]:
    rows = Letter.objects.bulk_create([Letter() for _ in range(number)])
    return [row.pk for row in rows]


def pages(per_page: int) -> LongPaginator:
    return LongPaginator(Letter.objects.order_by("pk"), per_page)


def keys(page: object) -> list[int]:
    return [row.pk for row in page]


def test_short_list_is_counted_exactly() -> None:
    made = letters(5)
    paginator = pages(2)
    assert [keys(paginator.page(number)) for number in (1, 2, 3)] == [made[:2], made[2:4], made[4:]]
    assert [paginator.page(number).has_next() for number in (1, 2, 3)] == [True, True, False]
    assert (paginator.count, paginator.num_pages, paginator.is_estimated) == (5, 3, False)
    with pytest.raises(EmptyPage):
        paginator.page(4)


def test_empty_list_has_one_empty_page() -> None:
    page = pages(2).get_page("7")
    assert (keys(page), page.number, page.has_other_pages()) == ([], 1, False)


@pytest.mark.usefixtures("capped")
@pytest.mark.parametrize("guess", [0, 6, 5000])
def test_long_list_is_estimated_and_read_to_its_end(monkeypatch: pytest.MonkeyPatch, guess: int) -> None:
    monkeypatch.setattr(paging, "estimated", lambda rows: guess)
    made = letters(11)
    paginator = pages(4)
    found = [paginator.page(number) for number in (1, 2, 3)]
    assert [keys(page) for page in found] == [made[:4], made[4:8], made[8:]]
    assert [page.has_next() for page in found] == [True, True, False]
    assert (paginator.count, paginator.is_estimated) == (max(guess, 6), True)
    with pytest.raises(EmptyPage):
        paginator.page(4)
    with pytest.raises(EmptyPage):
        paginator.page(0)
    assert keys(paginator.get_page(4)) == keys(paginator.get_page("x")) == made[:4]


@pytest.mark.usefixtures("capped")
def test_estimate_is_the_planners_and_no_count_of_all() -> None:
    letters(200)
    connection.cursor().execute("ANALYZE sample_letter")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        paginator = pages(10)
        assert (paginator.count, paginator.is_estimated) == (200, True)
    assert len(queries) == 2
    assert "LIMIT 6" in queries[0]["sql"]


@pytest.mark.usefixtures("capped")
def test_a_page_beyond_what_the_database_can_count_is_none() -> None:
    letters(6)
    with pytest.raises(EmptyPage):
        pages(10).page(10**18)
