"""Facts that apps above may hear of: signals sent inside the transaction of what happened.

Each has `at`; those of invoices `invoice`, and `credit_note` or `movement` (the ledger's) where there is one.
"""

from django.dispatch import Signal

invoice_issued = Signal()
# Nothing is due any more: by money, by the company's balance, or by credit notes.
invoice_paid = Signal()
invoice_voided = Signal()
invoice_written_off = Signal()
credit_note_issued = Signal()
# With `movement`: its cash entry names the gateway, its receivable entries the invoices that were paid, and how much.
money_received = Signal()
