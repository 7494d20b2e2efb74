"""Parts of the page that take longer: the browser asks for each once the page is there."""

from collections.abc import Callable
from typing import Any

from billing.usage import people
from billing.usage.choice import Choice
from portal.core.http import MemberRequest

Context = dict[str, Any]


def members(request: MemberRequest, choice: Choice) -> Context:
    """Who used what was chosen, the busiest first."""
    return people.page(request.company, choice, number=request.GET.get("page"))


READERS: dict[str, Callable[[MemberRequest, Choice], Context]] = {"members": members}
