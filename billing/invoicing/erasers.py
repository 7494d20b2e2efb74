"""What is erased of a company that leaves: what was issued stays for as long as the law demands."""

from billing.invoicing.models import Invoice
from portal.accounts.models import Company
from portal.core.privacy import Eraser, Erasing, Kept


def erase_company(erasing: Erasing[Company]) -> None:
    """Forget drafts; they were never issued."""
    Invoice.objects.filter(company=erasing.owner, status=Invoice.Status.DRAFT).delete()


COMPANY = Eraser(
    "Drafts of invoices",
    erase_company,
    keeps=(
        Kept(
            "Invoices, credit notes and their PDF files, with name and address as they were",
            "Tax law demands that records of sales are kept. The amounts stay in the ledger for good, and name nobody.",
            "invoices",
        ),
    ),
)
