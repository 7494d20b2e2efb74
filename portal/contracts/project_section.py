"""What the page of a project shows of contracts."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.contracts import rows
from portal.contracts.models import Contract
from portal.projects.models import Project
from portal.projects.registry import Section

MOST = 6


def lines(project: Project) -> list[dict[str, Any]]:
    """The newest contracts of the project that its company was sent, as components/link_list.html takes them."""
    theirs = Contract.objects.for_company(project.company).sent()
    return [line(contract) for contract in theirs.filter(project=project).newest()[:MOST]]


def line(contract: Contract) -> dict[str, Any]:
    """One of them with its days and state; every member of the company may open it."""
    days = {"first": rows.date_format(contract.starts_on, "j M Y"), "last": rows.until(contract, "j M Y")}
    without_end = _("from %(first)s, no end")
    note = without_end if contract.ends_on is None else _("%(first)s – %(last)s")
    return {
        "title": contract.title,
        "url": reverse("contract", args=[contract.public_id]),
        "note": note % days,
        "badge": contract.status,
        "badge_label": rows.state(contract),
    }


SECTION = Section("Contracts", lines)
