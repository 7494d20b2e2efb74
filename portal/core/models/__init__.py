"""What every app's records are made of."""

from portal.core.models.idempotency import IdempotencyKey
from portal.core.models.jobs import Job
from portal.core.models.numbers import NumberSeries
from portal.core.models.public_id import PublicIdModel

__all__ = ["IdempotencyKey", "Job", "NumberSeries", "PublicIdModel"]
