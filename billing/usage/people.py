"""What members did, for their own company alone."""

from typing import Any

from django.db.models import Count, Max, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from billing.usage import figures, series
from billing.usage.choice import Choice
from portal.accounts.models import Company, Membership, User
from portal.core.paging import LongPaginator

PER_PAGE = 25
NO_MEMBER = "No longer a member"
COLUMNS = [
    {"label": "Member"},
    {"label": "Last activity"},
    {"label": "Days active", "number": True},
    {"label": "Uses", "number": True},
]
NOTHING = {
    "icon": "users",
    "title": "No member was active in these days",
    "text": "Choose more days, or another product. What products report without naming a member is not listed here.",
}


def page(company: Company, choice: Choice, *, number: str | None) -> dict[str, Any]:
    """A page of members as components/table.html takes them; as many queries for one as for all."""
    rows = series.figures(company, choice.span.period, products=choice.keys).exclude(user=None)
    by_member = (
        rows.order_by()
        .values("user")
        .annotate(
            number=Sum("total", default=0, filter=Q(metric__kind__in=figures.DONE)),
            days=Count("used_on", distinct=True),
            last=Max("last_at"),
        )
    )
    found = LongPaginator(by_member.order_by("-number", "user"), PER_PAGE).get_page(number)
    keys = [row["user"] for row in found]
    users = User.objects.in_bulk(keys)
    roles = {row.user_id: row.get_role_display() for row in Membership.objects.filter(company=company, user__in=keys)}
    return {
        "columns": COLUMNS,
        "rows": [member(row, users[row["user"]], roles.get(row["user"], "")) for row in found],
        "empty": NOTHING,
        "page": found,
        "page_url": f"{reverse('usage-part', args=['members'])}?{choice.query}&",
    }


def member(row: dict[str, Any], user: User, role: str) -> dict[str, Any]:
    """What one member did; of whom is erased, no more than that it was somebody."""
    sub = "" if user.erased_at else role or NO_MEMBER
    last = timezone.localtime(row["last"])
    return {
        "cells": [
            {"value": str(user), "sub": sub},
            {"value": date_format(last, "j M Y"), "sub": date_format(last, "H:i")},
            {"value": f"{row['days']:,}"},
            {"value": f"{row['number']:,}"},
        ]
    }
