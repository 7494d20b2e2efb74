"""What the API's lists share: pages, and an order in which no row is lost between two of them."""

from typing import Any

from django_filters import OrderingFilter
from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """Fifty a page, two hundred at most."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class StableOrdering(OrderingFilter):
    """Ordering in which equal rows keep their order from page to page."""

    def filter(self, qs: Any, value: Any) -> Any:
        """Order as asked for, and by the key after that; empty words between commas ask for nothing."""
        wanted = [self.get_ordering_value(param) for param in value or () if param]
        return qs.order_by(*wanted, "-pk" if wanted[-1].startswith("-") else "pk") if wanted else qs
