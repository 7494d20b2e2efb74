"""Reckoning with days: whole months from one day to another."""

from calendar import monthrange
from datetime import date


def months_later(day: date, months: int) -> date:
    """The same day so many months later; a month too short gives its last day. Reckon from the first day, always."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def apart(starts_on: date, ends_on: date) -> tuple[int, int]:
    """How many whole months lie between two days, and how many days are left."""
    months = (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month
    if months_later(starts_on, months) > ends_on:
        months -= 1
    return months, (ends_on - months_later(starts_on, months)).days
