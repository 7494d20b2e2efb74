"""Numbers of documents run without gaps."""

import random

import pytest
from django.db import IntegrityError, connection, transaction

from portal.core.models import NumberSeries
from portal.core.services import numbers
from tests.portal.core.threads import race


@pytest.mark.django_db
def test_numbers_count_from_one_in_each_series_and_year():
    taken = [
        numbers.next_number(series=series, year=year)
        for series, year in [("INV", 2026), ("INV", 2026), ("INV", 2027), ("CN", 2026), ("INV", 2026)]
    ]
    assert taken == [1, 2, 1, 1, 3]
    assert list(NumberSeries.objects.order_by("series", "year").values_list("series", "year", "last")) == [
        ("CN", 2026, 1),
        ("INV", 2026, 3),
        ("INV", 2027, 1),
    ]


@pytest.mark.django_db
def test_rollback_gives_the_number_back():
    assert numbers.next_number(series="INV", year=2026) == 1
    with transaction.atomic():
        assert numbers.next_number(series="INV", year=2026) == 2
        transaction.set_rollback(True)
    assert numbers.next_number(series="INV", year=2026) == 2


@pytest.mark.django_db(transaction=True)
def test_number_without_a_transaction_is_refused_and_none_is_used_up():
    with pytest.raises(transaction.TransactionManagementError):
        numbers.next_number(series="INV", year=2026)
    assert NumberSeries.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_threads_that_also_roll_back_take_exactly_one_to_n():
    chance = random.Random(7)
    fails = [[chance.random() < 0.3 for _ in range(15)] for _ in range(8)]

    def issue_many(number: int) -> list[int]:
        taken = []
        for fail in fails[number]:
            try:
                with transaction.atomic():
                    mine = numbers.next_number(series="INV", year=2026)
                    if fail:
                        raise RuntimeError
            except RuntimeError:
                continue
            taken.append(mine)
        return taken

    results = race(issue_many, threads=8)
    issued = sorted(mine for taken in results for mine in taken)
    kept = sum(not fail for thread in fails for fail in thread)
    assert issued == list(range(1, kept + 1))
    assert NumberSeries.objects.get().last == kept


@pytest.mark.django_db
def test_database_keeps_one_row_a_series_and_year():
    NumberSeries.objects.create(series="INV", year=2026)
    with pytest.raises(IntegrityError), transaction.atomic():
        NumberSeries.objects.create(series="INV", year=2026)
    assert connection.vendor == "postgresql"
