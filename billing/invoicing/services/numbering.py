"""Numbers of invoices and credit notes, without gaps in each series and year."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from portal.core.services import numbers

if TYPE_CHECKING:
    from datetime import date

    from billing.invoicing.models import BillingSettings
    from billing.invoicing.models.papers import Paper


def give(papers: "Sequence[Paper]", *, series: str, day: "date", settings: "BillingSettings") -> None:
    """Give documents the next numbers of their series; nothing else is locked after this."""
    given = numbers.next_numbers(series=series, year=day.year, count=len(papers))
    for paper, sequence in zip(papers, given, strict=True):
        paper.series, paper.year, paper.sequence = series, day.year, sequence
        paper.number = settings.number_format.format(series=series, year=day.year, number=sequence)
