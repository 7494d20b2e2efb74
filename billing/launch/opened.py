"""Which products members opened: for archives, erasures, and how long it is known."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from allauth.idp.oidc.models import Token
from django.db.models import F, QuerySet

from billing.launch.models import LogoutMessage, ProductSession
from portal.accounts.models import Company, User
from portal.core.privacy import Eraser, Erasing, Exporter, Record, RetentionRule

COLUMNS = ("started_at", "ended_at", "ended_reason", "role")


def of_person(user: User) -> Iterable[Record]:
    """When the person opened which product, for which company."""
    rows = ProductSession.objects.filter(user=user).order_by("pk")
    return rows.values(*COLUMNS, product_name=F("product__slug"), company_name=F("company__name")).iterator()


def of_company(company: Company) -> Iterable[Record]:
    """When which product was opened, in which role."""
    rows = ProductSession.objects.filter(company=company).order_by("pk")
    return rows.values(*COLUMNS, product_name=F("product__slug")).iterator()


def erase_person(erasing: Erasing[User]) -> None:
    """Forget what the person opened; all tokens end with it."""
    Token.objects.filter(user=erasing.owner).delete()
    ProductSession.objects.filter(user=erasing.owner).delete()


def erase_company(erasing: Erasing[Company]) -> None:
    """Forget what members opened; tokens are good with their session alone."""
    ProductSession.objects.filter(company=erasing.owner).delete()


def ended_before(limit: datetime) -> "Sequence[QuerySet[Any]]":
    """Sessions that had ended by then."""
    return [ProductSession.objects.filter(ended_at__lt=limit)]


def good_until(limit: datetime) -> "Sequence[QuerySet[Any]]":
    """Codes and tokens that were no good any more by then, and messages that were sent or given up."""
    return [Token.objects.filter(expires_at__lt=limit), LogoutMessage.objects.filter(finished_at__lt=limit)]


PERSON, COMPANY = Exporter(of_person), Exporter(of_company)
BY_PERSON = Eraser("When you opened which product", erase_person)
BY_COMPANY = Eraser("When members opened which product", erase_company)
RULES = {
    "product_sessions": RetentionRule("When members opened which product", days=400, expired=ended_before, least=30),
    "product_tokens": RetentionRule("Codes, tokens and logouts of products", days=30, expired=good_until, least=15),
}
