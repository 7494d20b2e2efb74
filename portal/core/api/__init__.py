"""What every app's API shares: errors as problem+json, and answers that are given once for each Idempotency-Key."""

from portal.core.api.idempotent import idempotent
from portal.core.api.problems import problem, problem_details

__all__ = ["idempotent", "problem", "problem_details"]
