"""What tests of money stand on: amounts, days, and the books read as a bookkeeper would."""

from datetime import UTC, date, datetime
from io import StringIO

from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Sum
from djmoney.money import Money

from billing.invoicing.models import LedgerEntry

TODAY = date(2026, 11, 21)
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def kes(amount: str | int) -> Money:
    """Kenyan shillings."""
    return Money(amount, "KES")


def accounts(**filters: object) -> dict[str, str]:
    """Debits less credits by account, with its detail where it has one; accounts at zero are left out."""
    sums = (
        LedgerEntry.objects.filter(**filters).values("account", "detail").annotate(rest=Sum("amount")).exclude(rest=0)
    )
    return {" ".join(filter(None, (row["account"], row["detail"]))): f"{row['rest']:.2f}" for row in sums}


def difference() -> str:
    """What `verify_ledger` says; nothing when the books agree."""
    try:
        call_command("verify_ledger", verbosity=0, stdout=StringIO())
    except CommandError as error:
        return str(error)
    return ""


def unguarded(statement: str) -> None:
    """Change the books as only somebody can who switches the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")
