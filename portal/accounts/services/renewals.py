"""Papers end: members are reminded in time, and on the day the company is not verified any more."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format

from portal.accounts.models import Company, VerificationDocument
from portal.accounts.services import members
from portal.activity import services as activity
from portal.notifications.services import notices

REMIND_DAYS = (30, 7, 1)
URL = "/customer/settings/verification/"


def remind(*, today: date, at: datetime) -> int:
    """Tell who manages a company of papers that end in 30, 7 and 1 days; once each, however often it runs.

    Days that the scheduler missed are made good: each paper is told of at the nearest of the three that has passed.
    Returns how many papers were told of.
    """
    ends = VerificationDocument.objects.ending_between(today, today + timedelta(days=max(REMIND_DAYS)))
    told = 0
    for document in ends.select_related("verification__company"):
        if document.expires_on:
            told += _remind_of(document, document.expires_on, today, at)
    return told


def _remind_of(document: VerificationDocument, ends_on: date, today: date, at: datetime) -> int:
    days = (ends_on - today).days
    company = document.verification.company
    due = min(day for day in REMIND_DAYS if days <= day)
    told = notices.notify(
        kind="document_expires",
        people=members.managers(company),
        key=f"document {document.public_id} {due}",
        at=at,
        fields={
            "company": company.name,
            "document": str(document).lower(),
            "date": date_format(ends_on, "j F Y"),
        },
        url=URL,
        company=company,
    )
    return int(bool(told))


def expire(*, today: date, at: datetime) -> int:
    """End the verification of companies whose papers have ended by `today`; return of how many."""
    due = Company.objects.filter(verification=Company.Verification.VERIFIED, verification_ends_on__lte=today)
    return sum(_expire(company, today, at) for company in due)


@transaction.atomic
def _expire(company: Company, today: date, at: datetime) -> int:
    locked = members.lock(company)
    ends_on = locked.verification_ends_on
    if not locked.is_verified or ends_on is None or ends_on > today:
        return 0
    locked.expire_verification()
    locked.save(update_fields=["verification"])
    activity.record(verb="verification.expired", actor=None, company=locked, subject=locked, at=at)
    notices.notify(
        kind="verification_expired",
        people=members.managers(locked),
        key=f"company {locked.public_id} {ends_on}",
        at=at,
        fields={"company": locked.name},
        url=URL,
        company=locked,
    )
    return 1
