"""Proof that the ledger adds up; the other apps that move money register theirs (`billing.invoicing.registry`)."""

from collections.abc import Iterator

from django.db.models import Count, F, Q, Sum

from billing.invoicing.models import LedgerEntry, LedgerTransaction
from billing.invoicing.registry import Check, ledger_checks

Account = LedgerEntry.Account


def differences() -> Iterator[str]:
    """All that does not agree, check by check, each found only when it is asked for."""
    for name in ledger_checks:
        for found in ledger_checks.get(name)():
            yield f"{name}: {found}"


def balanced() -> Iterator[str]:
    """The entries of each movement add up to zero in each currency."""
    sums = LedgerEntry.objects.values("transaction", "currency").annotate(rest=Sum("amount")).exclude(rest=0)
    for row in sums.order_by("transaction").values_list("transaction__reference", "currency", "rest").iterator():
        yield f"the entries of “{row[0]}” leave {row[1]} {row[2]:f}"


def booked_alike() -> Iterator[str]:
    """Every movement has entries, all of its own company and currency."""
    other = ~Q(entries__company=F("company")) | ~Q(entries__currency=F("currency"))
    rows = LedgerTransaction.objects.annotate(parts=Count("entries"), others=Count("entries", filter=other))
    for reference, parts in rows.filter(Q(parts=0) | Q(others__gt=0)).values_list("reference", "parts").iterator():
        yield f"“{reference}” has entries of another company or currency" if parts else f"“{reference}” has no entries"


def never_below_zero() -> Iterator[str]:
    """No company has used more of its balance than it had."""
    rows = LedgerEntry.objects.filter(account=Account.CUSTOMER_BALANCE).values("company", "currency")
    overdrawn = rows.annotate(rest=Sum("amount")).filter(rest__gt=0).order_by("company", "currency")
    for slug, currency, rest in overdrawn.values_list("company__slug", "currency", "rest").iterator():
        yield f"the balance of {slug} is {-rest:f} {currency}"


LEDGER: dict[str, Check] = {
    "movements are balanced": balanced,
    "movements are whole": booked_alike,
    "balances": never_below_zero,
}
