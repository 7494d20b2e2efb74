"""What people are told of payments, in the words that editors may change."""

from portal.notifications.registry import Kind

GROUP = "Billing"
PAYMENT = {"number": "INV-2026-000123", "company": "Savanna Foods", "amount": "KES 11,600.00"}
CARD = {**PAYMENT, "method": "Visa ending in 4242"}

RETURNED = {
    "amount": "KES 11,600.00",
    "company": "Savanna Foods",
    "reason": "The card's bank did not take the money back.",
}

SAMPLE_LINK = "https://portal.example/pay/ImE0…/"
LINK = "Whoever pays for you can do so by this link, without signing in: {link}"
DUE = {**PAYMENT, "due": "5 December 2026", "link": SAMPLE_LINK}
STOP = "If you have just paid, there is nothing to do: this message and your payment have crossed."
ENDING = f"{LINK}\n\n{STOP}"
REMINDERS = {
    "invoice_due_soon": (
        "An invoice is due soon",
        "Invoice {number} is due on {due}: {amount}",
        "A reminder in good time: {amount} of invoice {number} of {company} are due on {due}.\n\n"
        + LINK
        + "\n\n"
        + STOP,
    ),
    "invoice_due_today": (
        "An invoice is due today",
        "Invoice {number} is due today: {amount}",
        "{amount} of invoice {number} of {company} are due today.\n\n" + ENDING,
    ),
    "invoice_overdue": (
        "An invoice is overdue",
        "Invoice {number} is overdue: {amount}",
        "{amount} of invoice {number} of {company} were due on {due}, and we have not received them. Please pay soon, "
        "so that your products stay open.\n\n" + ENDING,
    ),
}


def reminder(label: str, subject: str, body: str, *, sms: bool) -> Kind:
    """A reminder with the link by which it is paid without signing in."""
    label = f"{label} (by SMS too)" if sms else label
    return Kind(
        label, GROUP, subject, body, DUE, action="Pay now", icon="receipt", urgent=True, sms=sms, listed=not sms
    )


NOTICES = {
    **{code: reminder(*words, sms=False) for code, words in REMINDERS.items()},
    **{f"{code}_sms": reminder(*words, sms=True) for code, words in REMINDERS.items()},
    "payment_received": Kind(
        "A part of an invoice is paid",
        GROUP,
        "{amount} received for invoice {number}",
        "Thank you: we have received {amount} for invoice {number} of {company}. {due} are still to be paid.",
        {**PAYMENT, "due": "KES 3,000.00"},
        action="See the payment",
        icon="circle-check",
    ),
    "payment_failed": Kind(
        "An automatic payment failed",
        GROUP,
        "We could not charge {amount} for invoice {number}",
        "We tried to charge {method} for invoice {number} of {company}, and it did not work.\n\n{reason}\n\n"
        "Nothing has been charged. Please pay the invoice in another way, or add another card.\n\n" + LINK,
        {**CARD, "reason": "The bank declined the card.", "link": SAMPLE_LINK},
        action="Pay now",
        icon="triangle-alert",
        urgent=True,
    ),
    "payment_method_expiring": Kind(
        "A card expires soon",
        GROUP,
        "{method} expires on {last_day}",
        "{method} pays the invoices of {company} by itself, and can be charged until {last_day}.\n\n"
        "Add another card in time and make it the default, so that nothing stops.",
        {"method": "Visa ending in 4242", "company": "Savanna Foods", "last_day": "31 December 2026"},
        action="Payment methods",
        icon="credit-card",
        urgent=True,
    ),
    "payment_needs_action": Kind(
        "A payment waits for you",
        GROUP,
        "Your bank asks you to confirm {amount} for invoice {number}",
        "We charge {method} for invoice {number} of {company}, and your bank wants to hear from you first. "
        "Nothing is charged before you have confirmed it.",
        CARD,
        action="Confirm the payment",
        icon="shield-check",
        urgent=True,
    ),
    "payment_returned": Kind(
        "Money is returned",
        GROUP,
        "We return {amount} to you",
        "We return {amount} to {company}, to the account or card that it came from. That may take some days.\n\n"
        "The reason: {reason}",
        {**RETURNED, "reason": "Two users were charged that had left."},
        action="See the payment",
        icon="receipt",
        urgent=True,
    ),
    "payment_return_failed": Kind(
        "A refund did not arrive",
        GROUP,
        "We could not return {amount} to you",
        "{amount} for {company} did not reach the account or card that it came from. The money is with us, to your "
        "credit: it pays what is due, and your next invoices.\n\n"
        "If you want it returned another way, write to us and say where to.",
        RETURNED,
        action="See the payment",
        icon="triangle-alert",
        urgent=True,
    ),
    "refund_failed": Kind(
        "For staff: a refund failed",
        GROUP,
        "{amount} could not be returned to {company}",
        "{reason}\n\nThe money is booked back to the company's credit, and the company has been told. Ask where else "
        "it should go, and return it again from the payment.",
        RETURNED,
        action="See the refund",
        icon="triangle-alert",
        urgent=True,
        listed=False,
    ),
    "payment_disputed": Kind(
        "A payment was taken back",
        GROUP,
        "Your bank has taken {amount} back",
        "{payment} of {company} was taken back by your bank: {amount} are to be paid again. "
        "If that was a mistake, tell your bank, or write to us.",
        {"amount": "KES 11,600.00", "company": "Savanna Foods", "payment": "Payment 1f2e3d4c"},
        action="See the payment",
        icon="triangle-alert",
        urgent=True,
    ),
}
