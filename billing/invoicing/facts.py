"""Facts that apps above may hear of: signals sent inside the transaction of what happened.

Each has `at`. Invoices are issued and paid many at once: those facts have `invoices`, a list of whichever companies;
the others have `invoice`, and `credit_note` or `movement` (the ledger's) where there is one.
"""

from django.dispatch import Signal

invoices_issued = Signal()
# The run has drawn them up and left them as drafts (`registry.draft_policies`).
invoices_drafted = Signal()
# Nothing is due any more: by money, by the company's balance, or by credit notes.
invoices_paid = Signal()
# The payer's bank took back what had paid it: something is due again.
invoice_reopened = Signal()
invoice_voided = Signal()
invoice_written_off = Signal()
credit_note_issued = Signal()
# With `movement`: its cash entry names the gateway, its receivable entries the invoices that were paid, and how much.
money_received = Signal()
