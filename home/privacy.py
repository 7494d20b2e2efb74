"""What dashboards know of people: how they left them."""

from collections.abc import Iterable

from home.models import DashboardState
from portal.accounts.models import User
from portal.core.privacy import Eraser, Erasing, Exporter, Record


def states(person: User) -> Iterable[Record]:
    """The days that the person chose last on each kind of dashboard."""
    return DashboardState.objects.filter(user=person).order_by("pk").values("desk_kind", "days").iterator()


def erase_person(erasing: Erasing[User]) -> None:
    """Forget it."""
    DashboardState.objects.filter(user=erasing.owner).delete()


PERSON = {"dashboards": Exporter(states)}
ERASER = Eraser("How you left your dashboards.", erase_person)
