"""What people choose on dashboards."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from home.models import DashboardState

if TYPE_CHECKING:
    from portal.accounts.models import User


def remember(*, user: "User", kind: str, days: Mapping[str, str]) -> None:
    """Keep a range of days, as an address says it, for this person's dashboards of one kind."""
    DashboardState.objects.update_or_create(user=user, desk_kind=kind, defaults={"days": urlencode(days)})
