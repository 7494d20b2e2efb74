"""Everything about contracts that time does, in its order."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.contracts.services import ending, reminding, renewing


@dataclass(frozen=True, slots=True)
class Done:
    """How many contracts took which step."""

    expired_offers: int
    begun: int
    renewed: int
    ended: int
    reminded: int
    announced: int


def process(*, today: date, at: datetime) -> Done:
    """Do all that is due on a day of the portal's time zone, or was due before; twice or late comes to the same."""
    return Done(
        expired_offers=ending.expire_offers(today=today, at=at),
        begun=ending.begin_due(today=today, at=at),
        renewed=renewing.renew(today=today, at=at),
        ended=ending.end_due(today=today, at=at),
        reminded=reminding.remind(today=today, at=at),
        announced=renewing.announce(today=today, at=at),
    )
