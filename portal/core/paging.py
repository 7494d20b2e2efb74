"""Pages of lists that may be very long: a page costs the same however many rows there are."""

import json
from typing import Any

from django.core.paginator import EmptyPage, InvalidPage, Page, Paginator
from django.utils.functional import cached_property

MOST_COUNTED = 2_000
# No list is longer; the database takes no larger number to begin after than 2^63.
FURTHEST = 10**12


class LongPage(Page[Any]):
    """One page; `has_more` was seen while it was read."""

    has_more = False

    def has_next(self) -> bool:
        """Whether rows follow."""
        return self.has_more


class CappedCountMixin:
    """Counts up to 2,000 rows; of more, the number is the database's estimate and `is_estimated` is true.

    With an estimate any page may be asked for, and one more row than it shows is read to learn whether others follow.
    """

    object_list: Any
    per_page: int
    is_estimated = False

    @cached_property
    def count(self) -> int:
        """How many rows there are, or about how many."""
        unordered = self.object_list.order_by()
        counted: int = unordered[: MOST_COUNTED + 1].count()
        if counted <= MOST_COUNTED:
            return counted
        self.is_estimated = True
        return max(estimated(unordered), counted)

    def validate_number(self, number: Any) -> int:
        """Check the number of a page. Raises PageNotAnInteger, and EmptyPage below 1 or above what was counted."""
        base: Any = super()
        try:
            checked: int = base.validate_number(number)
        except EmptyPage:
            if not (self.count and self.is_estimated and 0 < int(number) * self.per_page <= FURTHEST):
                raise
            checked = int(number)
        return checked

    def page(self, number: Any) -> LongPage:
        """Read a page. Raises as `validate_number`, and EmptyPage when it lies behind the last row."""
        checked = self.validate_number(number)
        start = (checked - 1) * self.per_page
        rows = list(self.object_list[start : start + self.per_page + 1])
        if not rows and checked > 1:
            raise EmptyPage("That page contains no results")
        paginator: Any = self
        found = LongPage(rows[: self.per_page], checked, paginator)
        found.has_more = len(rows) > self.per_page
        return found

    def get_page(self, number: Any) -> LongPage:
        """Read a page; the first one for a number that makes no sense, or lies behind the last row."""
        try:
            return self.page(number)
        except InvalidPage:
            return self.page(1)


class LongPaginator(CappedCountMixin, Paginator[Any]):
    """Pages of a long list."""


def estimated(rows: Any) -> int:
    """How many rows the database's planner expects, from its statistics."""
    plan = json.loads(rows.explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])
