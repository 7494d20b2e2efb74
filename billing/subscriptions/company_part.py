"""What staff read of a company's subscriptions on its page in the admin."""

from collections.abc import Iterator

from billing.subscriptions.models import Subscription
from billing.subscriptions.services import items, telling
from portal.accounts.company_parts import Part
from portal.accounts.models import Company


def lines(company: Company) -> Iterator[str]:
    """One for each that has not ended."""
    for row in Subscription.objects.for_company(company).live().with_contents():
        state = row.get_status_display()
        turn = "ends" if row.ends_by_itself else "renews"
        yield f"{items.words(row.price, row.seats)}: {state}, {turn} on {telling.day(row.period_ends_at)}"


SUBSCRIPTIONS = Part("Subscriptions", lines)
