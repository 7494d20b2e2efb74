"""A company's team, as staff read it on the company's page in the admin."""

from collections.abc import Iterator

from django.utils.formats import date_format

from portal.accounts.company_parts import Part
from portal.accounts.models import Company
from portal.teams.models import Assignment


def lines(company: Company) -> Iterator[str]:
    """Who develops for it, where they come from, and how far it is."""
    for row in Assignment.objects.for_company(company).open().with_people().newest():
        until = f" until {date_format(row.last_day)}" if row.last_day else ""
        yield f"{row.developer} ({row.developer.source}): {row.get_status_display().lower()}{until}"


TEAM = Part("Team", lines)
