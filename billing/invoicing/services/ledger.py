"""Booking movements of money, and reading what they add up to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from djmoney.money import Money

from billing.invoicing.models import LedgerEntry, LedgerTransaction
from portal.core import money
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


@transaction.atomic
def post(
    *, kind: str, company: "Company", reference: str, at: datetime, entries: Iterable[Entry], subject: models.Model
) -> LedgerTransaction:
    """Book a movement about `subject`; entries of zero are left out.

    `reference` names what happened, and is booked once. Raises AlreadyBooked, CurrencyMismatch for entries in two
    currencies, NotBalanced, and InvalidAmount for parts of a minor unit.
    """
    parts = [entry for entry in entries if entry.amount.amount]
    currency = str(parts[0].amount.currency) if parts else ""
    if not parts or money.total((entry.amount for entry in parts), currency).amount:
        raise NotBalanced(f"{reference}: {', '.join(str(entry.amount) for entry in parts) or 'nothing to book'}")
    for entry in parts:
        money.to_minor(entry.amount)
    booked = LedgerTransaction(
        kind=kind,
        at=at,
        company=company,
        currency=currency,
        reference=reference,
        content_type=ContentType.objects.get_for_model(subject),
        object_id=subject.pk,
        subject_label=str(subject)[:80],
    )
    _insert(booked)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            transaction=booked,
            company=company,
            account=entry.account,
            detail=entry.detail,
            invoice=entry.invoice,
            currency=currency,
            amount=entry.amount.amount,
        )
        for entry in parts
    )
    return booked


def find(reference: str) -> LedgerTransaction | None:
    """The movement of this reference, where it is booked."""
    return LedgerTransaction.objects.filter(reference=reference).first()


def balance_of(company: "Company", currency: str) -> Money:
    """What the company has to its credit: over-payments and credit notes, less what was used or returned."""
    owed: Decimal = LedgerEntry.objects.of_account(Account.CUSTOMER_BALANCE, company, currency).total()
    return money.round_half_up(Money(-owed, currency))


def _insert(booked: LedgerTransaction) -> None:
    try:
        with transaction.atomic():
            booked.save(force_insert=True)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if REFERENCE_ONCE not in str(getattr(diagnosis, "constraint_name", "")):
            raise
        raise AlreadyBooked(_("This has been booked already.")) from None
