"""Numbers of documents, without gaps."""

from django.db import transaction

from portal.core.models import NumberSeries


def next_numbers(*, series: str, year: int, count: int) -> range:
    """Give the next numbers of a series in a year: 1, 2, 3 … without gaps.

    Take them last in the transaction that issues the documents: the series stays locked until that ends, and a rollback
    gives the numbers back. Raises TransactionManagementError where no transaction is open.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A number is taken inside the transaction that uses it.")
    NumberSeries.objects.bulk_create([NumberSeries(series=series, year=year)], ignore_conflicts=True)
    row = NumberSeries.objects.select_for_update().get(series=series, year=year)
    row.last += count
    row.save(update_fields=["last"])
    return range(row.last - count + 1, row.last + 1)


def next_number(*, series: str, year: int) -> int:
    """Give the next number, as `next_numbers` does."""
    return next_numbers(series=series, year=year, count=1)[0]
