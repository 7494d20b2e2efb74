"""Approvals as lists show them at a company's desk: columns and rows of components/table.html."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from portal.approvals import addresses
from portal.approvals.models import Approval

Cell = dict[str, Any]


def pending_table(approvals: Iterable[Approval], *, mine: Collection[str]) -> dict[str, Any]:
    """What waits; `mine` are the kinds that the reader may decide."""
    columns = [_("Subject"), _("Decision"), _("Asked by"), _("Waiting"), _("For whom")]
    rows = [
        row(
            approval,
            {"value": str(approval.asked_by or _("The portal"))},
            {"value": waiting_time(approval), "sub": day(approval.asked_at)},
            waits_for(approval, mine),
        )
        for approval in approvals
    ]
    return {"columns": heads(columns), "rows": rows}


def decided_table(approvals: Iterable[Approval]) -> dict[str, Any]:
    """What was decided or withdrawn."""
    columns = [_("Subject"), _("Decision"), _("Decided by"), _("On"), _("Outcome")]
    rows = [
        row(
            approval,
            {"value": str(approval.decided_by or _("The portal"))},
            {"value": day(approval.decided_at)},
            {"value": approval.get_status_display(), "badge": approval.status},
        )
        for approval in approvals
    ]
    return {"columns": heads(columns), "rows": rows}


def nothing(*, decided: bool, searched: bool) -> dict[str, str]:
    """What stands in the place of an empty list."""
    if searched:
        text = _("Try the beginning of another word of the name.")
        return {"icon": "search", "title": _("Nothing has this name"), "text": text}
    if decided:
        text = _("Each decision stays here, with who made it and why.")
        return {"icon": "history", "title": _("Nothing has been decided yet"), "text": text}
    text = _("When somebody asks your company for a decision, it shows here and in your notifications.")
    return {"icon": "circle-check", "title": _("Nothing waits"), "text": text}


def row(approval: Approval, *cells: Cell) -> dict[str, Any]:
    """A row that leads to the approval; subject and kind stand before the other cells."""
    first: list[Cell] = [{"value": approval.subject_label}, {"value": approval.label}]
    return {"url": addresses.member_page(approval), "cells": [*first, *cells]}


def waits_for(approval: Approval, mine: Collection[str]) -> Cell:
    """Whose decision it waits for."""
    if approval.kind in mine:
        return {"value": _("Your decision"), "badge": "pending"}
    return {"value": _("Your colleagues") if approval.rules.member_may else _("Our staff")}


def waiting_time(approval: Approval) -> str:
    """How long it has waited, in one unit."""
    if timezone.now() - approval.asked_at < timedelta(minutes=1):
        return _("just now")
    return timesince(approval.asked_at, depth=1)


def heads(labels: Iterable[str]) -> list[dict[str, str]]:
    """The heads of the columns."""
    return [{"label": label} for label in labels]


def day(at: Any) -> str:
    """An instant as the reader's day."""
    return date_format(timezone.localtime(at), "j F Y")
