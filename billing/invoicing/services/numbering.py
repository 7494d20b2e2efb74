"""Numbers of invoices and credit notes, without gaps in each series and year."""

from typing import TYPE_CHECKING

from portal.core.services import numbers

if TYPE_CHECKING:
    from datetime import date

    from billing.invoicing.models import BillingSettings
    from billing.invoicing.models.papers import Paper


def give(paper: "Paper", *, series: str, day: "date", settings: "BillingSettings") -> None:
    """Give a document the next number of its series; nothing else is locked after this."""
    paper.series, paper.year = series, day.year
    paper.sequence = numbers.next_number(series=series, year=day.year)
    paper.number = settings.number_format.format(series=series, year=day.year, number=paper.sequence)
