"""Facts that apps above may hear of: signals sent inside the transaction, each with `contract` and `at`."""

from django.dispatch import Signal

# Everybody has signed.
contract_completed = Signal()
# It bound both sides and does no more: its last day is over, or it was ended before.
contract_ended = Signal()
# It was withdrawn before everybody had signed.
contract_cancelled = Signal()
# Its periods may be invoiced from now on.
billing_enabled = Signal()
# Its line items or periods are others than before.
charges_changed = Signal()
