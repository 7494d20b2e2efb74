"""What people agree to, and take back."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import Company, Consent, ConsentText, User
from portal.activity import services as activity
from portal.core.errors import DomainError

# What everybody agrees to who registers a company.
REGISTRATION = (ConsentText.Kind.TERMS, ConsentText.Kind.PRIVACY)
# What everybody may agree to, and take back.
OPTIONAL = (ConsentText.Kind.NEWS,)


class NotOptional(DomainError):
    """The portal cannot be used without it."""

    code = "not_optional"


@transaction.atomic
def give(*, user: User, at: datetime, company: Company | None = None) -> list[Consent]:
    """Note that somebody agrees to the texts of registration, in the version of now; each version once."""
    return [_give(text, user, at, company) for text in _current(REGISTRATION)]


@transaction.atomic
def give_shown(*, user: User, keys: Collection[str], at: datetime) -> list[Consent]:
    """Note that somebody agrees to those texts, of the outstanding ones, that were shown: a newer one was not read."""
    return [_give(text, user, at, None) for text in outstanding(user) if str(text.pk) in keys]


@transaction.atomic
def give_optional(*, user: User, kind: str, at: datetime) -> list[Consent]:
    """Note that somebody agrees to an optional text, in the version of now. Raises NotOptional."""
    _check_optional(kind)
    return [_give(text, user, at, None) for text in _current([kind])]


@transaction.atomic
def withdraw(*, user: User, kind: str, at: datetime) -> int:
    """Take back every version of an optional text; return how many held. Raises NotOptional."""
    _check_optional(kind)
    held = Consent.objects.select_for_update().filter(user=user, text__kind=kind, withdrawn_at=None)
    withdrawn = list(held.select_related("text"))
    for consent in withdrawn:
        consent.withdrawn_at = at
        consent.save(update_fields=["withdrawn_at"])
        activity.record(verb="consent.withdrawn", actor=user, subject=user, data={"text": str(consent.text)}, at=at)
    return len(withdrawn)


def outstanding(user: User) -> list[ConsentText]:
    """Newer versions of what the person agreed to, not agreed to yet."""
    known = Consent.objects.filter(user=user, withdrawn_at=None).values_list("text", "text__kind")
    texts, kinds = {text for text, _kind in known}, {kind for _text, kind in known}
    return [text for text in _current(kinds & {str(kind) for kind in REGISTRATION}) if text.pk not in texts]


def holds(user: User, kind: str) -> bool:
    """Whether the person agrees to an optional text."""
    return Consent.objects.filter(user=user, text__kind=kind, withdrawn_at=None).exists()


def _give(text: ConsentText, user: User, at: datetime, company: Company | None) -> Consent:
    consent, made = Consent.objects.select_for_update().get_or_create(
        user=user, text=text, defaults={"given_at": at, "company": company}
    )
    if made or consent.withdrawn_at:
        consent.given_at, consent.withdrawn_at = at if consent.withdrawn_at else consent.given_at, None
        consent.save(update_fields=["given_at", "withdrawn_at"])
        data = {"text": str(text)}
        activity.record(verb="consent.given", actor=user, company=company, subject=user, data=data, at=at)
    return consent


def _current(kinds: Iterable[str]) -> list[ConsentText]:
    """The versions in force, in the order of their kinds."""
    wanted = sorted(kinds)
    found = ConsentText.objects.filter(kind__in=wanted, published_at__lte=timezone.now())
    return list(found.order_by("kind", "-published_at", "-pk").distinct("kind"))


def _check_optional(kind: str) -> None:
    if kind not in OPTIONAL:
        raise NotOptional(_("The portal cannot be used without this. You can have your data erased instead."))
