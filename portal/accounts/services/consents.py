"""What people agree to."""

from datetime import datetime

from django.db import transaction

from portal.accounts.models import Company, Consent, ConsentText, User
from portal.activity import services as activity

# What everybody agrees to who registers a company.
REGISTRATION = (ConsentText.Kind.TERMS, ConsentText.Kind.PRIVACY)


@transaction.atomic
def give(*, user: User, at: datetime, company: Company | None = None) -> list[Consent]:
    """Note that somebody agrees to the texts of registration, in the version of now; each version once."""
    given = []
    for kind in REGISTRATION:
        text = ConsentText.objects.current(kind).first()
        if text is None:
            continue
        consent, made = Consent.objects.get_or_create(
            user=user, text=text, defaults={"given_at": at, "company": company}
        )
        if made:
            data = {"text": str(text)}
            activity.record(verb="consent.given", actor=user, company=company, subject=user, data=data, at=at)
        given.append(consent)
    return given
