"""The request as views see it, after the middleware."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    # Types only: nothing above core is imported when the program runs.
    from django_htmx.middleware import HtmxDetails

    from helpcenter.knowledge.models import Reader
    from portal.accounts.desks import Desk
    from portal.accounts.models import Company, Membership, User


class PortalRequest(HttpRequest):
    """A request with the desk that the person acts for; the company's parts are None at other desks."""

    desk: "Desk | None"
    company: "Company | None"
    membership: "Membership | None"
    reader: "Reader"
    htmx: "HtmxDetails"


class MemberRequest(PortalRequest):
    """A request that a permission check has let through: signed in, at a company's desk."""

    user: "User"
    desk: "Desk"
    company: "Company"
    membership: "Membership"


class StaffRequest(PortalRequest):
    """A request in the admin, which Wagtail has let through."""

    user: "User"
