"""Subscriptions and quotes of a company, at every address that names one."""

from django.utils import timezone

from billing.subscriptions.services import cancelling
from portal.accounts.models import Company, User
from tests.billing.subscriptions.world import subscribed
from tests.factories import PlanFactory
from tests.records import Asked, reached

MAY_PAY = ("owner", "billing_member")
REFUSED = ("company_admin", "viewer")


def subscription_requests(company: Company, owner: User) -> list[Asked]:
    """A subscription, and a quote of what cancelling it means. What goes on already is not resumed (409)."""
    mine = subscribed(company, PlanFactory.create(month=3100), owner, at=timezone.now())
    quote = cancelling.quote(subscription=mine, reason="other", by=owner, at=timezone.now())
    one, key = "customer/subscriptions/<uuid:subscription_id>/", str(mine.public_id)
    rows = [(f"{one}change/", 200, "get"), (f"{one}cancel/", 200, "get"), (f"{one}keep/", 302, "post")]
    rows.append((f"{one}resume/", 409, "post"))
    requests = [
        Asked(pattern, "/" + pattern.replace("<uuid:subscription_id>", key), answers(answer), method)
        for pattern, answer, method in rows
    ]
    quoted = "customer/subscriptions/quotes/<uuid:quote_id>/"
    example = "/" + quoted.replace("<uuid:quote_id>", str(quote.public_id))
    return [*requests, Asked(quoted, example, answers(200)), Asked(quoted, example, answers(302), "post")]


def answers(answer: int) -> dict[str, int]:
    """Those who manage billing get it, other members 403, everybody else 404."""
    return reached(*MAY_PAY, answer=answer, refused=REFUSED)
