"""Booking movements of money, and reading what they add up to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

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


@dataclass(frozen=True, slots=True)
class Movement:
    """What is to be booked about `subject`; `reference` names what happened."""

    kind: str
    company_id: int
    reference: str
    entries: Sequence[Entry]
    subject: models.Model


def post(
    *, kind: str, company: "Company", reference: str, at: datetime, entries: Iterable[Entry], subject: models.Model
) -> LedgerTransaction:
    """Book a movement about `subject`; entries of zero are left out.

    `reference` names what happened, and is booked once. Raises AlreadyBooked, CurrencyMismatch for entries in two
    currencies, NotBalanced, and InvalidAmount for parts of a minor unit.
    """
    return post_many([Movement(kind, company.pk, reference, list(entries), subject)], at=at)[0]


@transaction.atomic
def post_many(movements: Sequence[Movement], *, at: datetime) -> list[LedgerTransaction]:
    """Book many movements, as `post` does one; none of them where one is refused."""
    parts = [_checked(movement) for movement in movements]
    keys = iter(bulk.reserve_keys(LedgerTransaction, len(movements)))
    entry_keys = iter(bulk.reserve_keys(LedgerEntry, sum(map(len, parts))))
    booked, entries, now = [], [], timezone.now()
    for movement, own in zip(movements, parts, strict=True):
        row = _transaction(movement, next(keys), str(own[0].amount.currency), at, now)
        booked.append(row)
        entries += [
            LedgerEntry(
                pk=next(entry_keys),
                transaction_id=row.pk,
                company_id=movement.company_id,
                account=entry.account,
                detail=entry.detail,
                invoice_id=entry.invoice.pk if entry.invoice else None,
                currency=row.currency,
                amount=entry.amount.amount,
            )
            for entry in own
        ]
    _insert(booked)
    bulk.copy(entries, LedgerEntry)
    return booked


def find(reference: str) -> LedgerTransaction | None:
    """The movement of this reference, where it is booked."""
    return LedgerTransaction.objects.filter(reference=reference).first()


def balance_of(company: "Company", currency: str) -> Money:
    """What the company has to its credit: over-payments and credit notes, less what was used or returned."""
    owed: Decimal = LedgerEntry.objects.of_account(Account.CUSTOMER_BALANCE, company, currency).total()
    return money.round_half_up(Money(-owed, currency))


def balances_of(companies: "Iterable[Company]") -> Mapping[tuple[int, str], Money]:
    """What each of these companies has to its credit in each currency, by its key; where it has nothing, nothing."""
    rows = LedgerEntry.objects.filter(account=Account.CUSTOMER_BALANCE, company__in=companies)
    sums = rows.values("company", "currency").annotate(owed=Sum("amount")).exclude(owed=0)
    return {
        (row["company"], row["currency"]): money.round_half_up(Money(-row["owed"], row["currency"])) for row in sums
    }


def _checked(movement: Movement) -> list[Entry]:
    """The entries that are not zero, which are whole and add up."""
    parts = [entry for entry in movement.entries if entry.amount.amount]
    currency = parts[0].amount.currency if parts else ""
    if not parts or money.total((entry.amount for entry in parts), currency).amount:
        shown = ", ".join(str(entry.amount) for entry in parts) or "nothing to book"
        raise NotBalanced(f"{movement.reference}: {shown}")
    for entry in parts:
        money.to_minor(entry.amount)
    return parts


def _transaction(movement: Movement, pk: int, currency: str, at: datetime, now: datetime) -> LedgerTransaction:
    return LedgerTransaction(
        pk=pk,
        kind=movement.kind,
        at=at,
        company_id=movement.company_id,
        currency=currency,
        reference=movement.reference,
        content_type=ContentType.objects.get_for_model(movement.subject),
        object_id=movement.subject.pk,
        subject_label=str(movement.subject)[:80],
        booked_at=now,
    )


def _insert(booked: list[LedgerTransaction]) -> None:
    try:
        with transaction.atomic():
            bulk.copy(booked, LedgerTransaction)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if REFERENCE_ONCE not in str(getattr(diagnosis, "constraint_name", "")):
            raise
        raise AlreadyBooked(_("This has been booked already.")) from None
