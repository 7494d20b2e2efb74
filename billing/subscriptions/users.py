"""The metric “users”, which the portal counts itself: members who were granted a product of the plan."""

from collections.abc import Sequence

from billing.subscriptions.registry import Use
from billing.subscriptions.services import access

USERS = "users"


def read(questions: Sequence[Use]) -> list[int | None]:
    """How many members may use each subscription now; None for every other metric."""
    asked = {use.subscription.pk: use.subscription for use in questions if use.metric.slug == USERS}
    counted = access.members_of(list(asked.values())) if asked else {}
    return [counted[use.subscription.pk] if use.metric.slug == USERS else None for use in questions]
