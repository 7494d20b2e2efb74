"""Booking movements of money, and reading what they add up to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from djmoney.money import Money

from billing.invoicing.models import LedgerEntry, LedgerTransaction
from portal.core import bulk, money
from portal.core.errors import Conflict

if TYPE_CHECKING:
    from billing.invoicing.models import Invoice
    from portal.accounts.models import Company

Account = LedgerEntry.Account
Kind = LedgerTransaction.Kind
TRANSACTION = (
    "id", "kind", "company_id", "currency", "reference", "content_type_id", "object_id", "subject_label",
)  # fmt: skip
REFERENCE_ONCE = "invoicing_ledgertransaction_reference"


class AlreadyBooked(Conflict):
    """A movement with this reference stands in the ledger."""

    code = "already_booked"


class NotBalanced(ValueError):
    """Debits and credits differ: a mistake in the code."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One account's part: a positive amount is a debit, a negative one a credit."""

    account: str
    amount: Money
    detail: str = ""
    invoice: "Invoice | None" = None


class Part(NamedTuple):
    """An entry in the currency of its movement, without what makes many of them slow."""

    account: str
    amount: Decimal
    detail: str = ""
    invoice_id: int | None = None


ENTRY = ("transaction_id", "company_id", "currency", *Part._fields)


@dataclass(frozen=True, slots=True)
class Movement:
    """What is to be booked about `subject`; `reference` names what happened. Parts of zero are left out."""

    kind: str
    company_id: int
    currency: str
    reference: str
    parts: Sequence[Part]
    subject: models.Model


def post(
    *, kind: str, company: "Company", reference: str, at: datetime, entries: Iterable[Entry], subject: models.Model
) -> LedgerTransaction:
    """Book a movement about `subject`; entries of zero are left out.

    `reference` names what happened, and is booked once. Raises AlreadyBooked, CurrencyMismatch for entries in two
    currencies, NotBalanced, and InvalidAmount for parts of a minor unit.
    """
    named = list(entries)
    currency = str(named[0].amount.currency) if named else company.currency
    money.total((entry.amount for entry in named), currency)
    parts = [
        Part(entry.account, entry.amount.amount, entry.detail, entry.invoice.pk if entry.invoice else None)
        for entry in named
    ]
    booked = post_many([Movement(kind, company.pk, currency, reference, parts, subject)], at=at)
    return LedgerTransaction.objects.get(pk=booked[0])


@transaction.atomic
def post_many(movements: Sequence[Movement], *, at: datetime) -> list[int]:
    """Book many movements, as `post` does one, and return their keys; none of them where one is refused."""
    if not movements:
        return []
    parts = [_checked(movement) for movement in movements]
    keys = bulk.reserve_keys(LedgerTransaction, len(movements))
    booked, entries = [], []
    for key, movement, own in zip(keys, movements, parts, strict=True):
        company, currency, subject = movement.company_id, movement.currency, movement.subject
        about = (ContentType.objects.get_for_model(subject).pk, subject.pk, str(subject)[:80])
        booked.append((key, movement.kind, company, currency, movement.reference, *about))
        entries += [(key, company, currency, *part) for part in own]
    _insert(booked, at)
    bulk.copy(LedgerEntry, ENTRY, entries)
    return keys


def find(reference: str) -> LedgerTransaction | None:
    """The movement of this reference, where it is booked."""
    return LedgerTransaction.objects.filter(reference=reference).first()


def balance_of(company: "Company", currency: str) -> Money:
    """What the company has to its credit: over-payments and credit notes, less what was used or returned."""
    owed: Decimal = LedgerEntry.objects.of_account(Account.CUSTOMER_BALANCE, company, currency).total()
    return money.round_half_up(Money(-owed, currency))


def balances_of(companies: "Iterable[Company]") -> Mapping[tuple[int, str], Decimal]:
    """What each of these companies has to its credit in each currency, by its key; where it has nothing, nothing."""
    keys = bulk.among(company.pk for company in companies)
    rows = LedgerEntry.objects.filter(account=Account.CUSTOMER_BALANCE, company__in=keys)
    sums = rows.values("company", "currency").annotate(owed=Sum("amount")).exclude(owed=0)
    return {(row["company"], row["currency"]): money.rounded(-row["owed"], row["currency"]) for row in sums}


def _checked(movement: Movement) -> list[Part]:
    """The parts that are not zero, which are whole and add up."""
    parts = [part for part in movement.parts if part.amount]
    if not parts or sum((part.amount for part in parts), Decimal(0)):
        shown = ", ".join(str(part.amount) for part in parts) or "nothing to book"
        raise NotBalanced(f"{movement.reference}, {movement.currency}: {shown}")
    for part in parts:
        if part.amount != money.rounded(part.amount, movement.currency):
            raise money.InvalidAmount(
                _("%(amount)s has more digits than its currency.") % {"amount": f"{part.amount:f} {movement.currency}"}
            )
    return parts


def _insert(booked: list[tuple[Any, ...]], at: datetime) -> None:
    try:
        with transaction.atomic():
            bulk.copy(LedgerTransaction, TRANSACTION, booked, at=at, booked_at=timezone.now())
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if REFERENCE_ONCE not in str(getattr(diagnosis, "constraint_name", "")):
            raise
        raise AlreadyBooked(_("This has been booked already.")) from None
