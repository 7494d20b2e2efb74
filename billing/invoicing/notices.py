"""What people are told of invoices, in the words that editors may change."""

from portal.notifications.registry import Kind

GROUP = "Billing"
INVOICE = {"number": "INV-2026-000123", "company": "Savanna Foods", "amount": "KES 11,600.00"}

NOTICES = {
    "invoice_issued": Kind(
        "An invoice is there",
        GROUP,
        "Invoice {number}: {amount}, due on {due}",
        "There is a new invoice for {company}: {number} over {amount}. It is due on {due}.",
        {**INVOICE, "due": "5 December 2026"},
        action="See the invoice",
        icon="receipt",
        urgent=True,
    ),
    "invoice_paid": Kind(
        "An invoice is paid",
        GROUP,
        "Invoice {number} is paid",
        "Thank you: invoice {number} of {company} over {amount} is paid. There is nothing to do.",
        INVOICE,
        action="See the invoice",
        icon="circle-check",
    ),
    "credit_note_issued": Kind(
        "A credit note is there",
        GROUP,
        "Credit note {credit_note} for invoice {number}: {amount}",
        "We have credited {amount} of invoice {number} to {company}. The reason: {reason}\n\n"
        "What was still to be paid shrinks by it; what is over is used for the next invoice.",
        {**INVOICE, "credit_note": "CN-2026-000007", "reason": "Two users were charged that had left."},
        action="See the invoice",
        icon="receipt",
        urgent=True,
    ),
}
