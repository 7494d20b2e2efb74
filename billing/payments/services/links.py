"""Links by which an invoice is paid without signing in: whoever has one sees that invoice and nothing else."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from billing.invoicing.models import Invoice

SALT = "billing.payments.links"
VALID = timedelta(days=90)


def token_of(invoice: Invoice) -> str:
    """The signed token of an invoice, which begins to expire now."""
    return signing.dumps(invoice.public_id.hex, salt=SALT)


def path_to(invoice: Invoice) -> str:
    """The address without host."""
    return reverse("pay-link", args=[token_of(invoice)])


def url_to(invoice: Invoice) -> str:
    """The whole address, for e-mails."""
    return f"{settings.BASE_URL}{path_to(invoice)}"


def invoice_of(token: str) -> Invoice | None:
    """The invoice of a token that we signed in the last ninety days; None for any other, and for drafts."""
    try:
        public_id = signing.loads(token, salt=SALT, max_age=VALID)
    except signing.BadSignature:
        return None
    rows = Invoice.objects.exclude(status=Invoice.Status.DRAFT).select_related("company")
    return rows.filter(public_id=public_id).first()
