"""What payments add to the Wagtail admin."""

from billing.payments.wagtail_hooks import dunning, inbox, panel, registers

__all__ = ["dunning", "inbox", "panel", "registers"]
