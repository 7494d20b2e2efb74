"""Parts of the page that take longer: the browser asks for each once the page is there."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from billing.usage import limits as plan_limits
from billing.usage import pages, people, registry
from billing.usage import peers as others
from billing.usage.choice import Choice
from portal.accounts import roles
from portal.accounts.roles import Permission
from portal.core.http import MemberRequest

Context = dict[str, Any]


def active(request: MemberRequest, choice: Choice) -> Context:
    """How many members used what was chosen."""
    return pages.active(request.company, choice)


def limits(request: MemberRequest, choice: Choice) -> Context:
    """How near the company is to the limits of its plans."""
    return plan_limits.page(request.company, choice, today=timezone.localdate())


def suggestions(request: MemberRequest, choice: Choice) -> Context:
    """What would save money; who does not manage billing sees it too, without the button."""
    today = timezone.localdate()
    found = [one for read in registry.suggestions.all() for one in read(request.company, today)]
    may_manage = roles.allows(request.membership, Permission.MANAGE_BILLING)
    return {"suggestions": found, "may_manage": may_manage}


def peers(request: MemberRequest, choice: Choice) -> Context:
    """How the company compares with others of its size."""
    return others.page(request.company, choice, today=timezone.localdate())


def members(request: MemberRequest, choice: Choice) -> Context:
    """Who used what was chosen, the busiest first."""
    return people.page(request.company, choice, number=request.GET.get("page"))


READERS: dict[str, Callable[[MemberRequest, Choice], Context]] = {
    "active": active,
    "limits": limits,
    "suggestions": suggestions,
    "peers": peers,
    "members": members,
}
