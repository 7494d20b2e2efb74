"""What M-Pesa's results mean, in plain sentences.

The codes of results are published with Daraja's M-PESA Express; those of refused requests only in part: what is not
listed here counts as refused when Daraja answers with an `errorCode` of 4xx, and as unknown otherwise.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from billing.payments.gateways.base import Outcome, State

SUCCESS = "0"
# Asked while the customer still looks at the push.
UNDER_WAY = frozenset(["4999", "500.001.1001"])
SENTENCES: Mapping[str, str] = {
    "1": gettext_noop("There is not enough money in the M-Pesa account."),
    "2": gettext_noop("The amount is below what M-Pesa takes at once."),
    "3": gettext_noop("The amount is above what M-Pesa takes at once."),
    "4": gettext_noop("This would exceed the daily limit of the M-Pesa account."),
    "8": gettext_noop("M-Pesa could not take the payment: our account is at its limit."),
    "17": gettext_noop("M-Pesa could not take the payment just now. Try again in a minute."),
    "26": gettext_noop("M-Pesa is busy. Try again in a minute."),
    "1001": gettext_noop("Another M-Pesa request is open on this phone. Finish it and try again in a minute."),
    "1019": gettext_noop("The request on the phone has expired before the PIN was entered."),
    "1025": gettext_noop("M-Pesa could not send the request to the phone. Try again in a minute."),
    "1032": gettext_noop("The request was cancelled on the phone."),
    "1037": gettext_noop("The phone did not answer. Switch it on, unlock it and try again."),
    "2001": gettext_noop("The PIN was wrong."),
    "2028": gettext_noop("M-Pesa does not let this number pay us."),
    "8006": gettext_noop("The M-Pesa PIN is locked. Safaricom can unlock it."),
    "9999": gettext_noop("M-Pesa could not send the request to the phone. Try again in a minute."),
    "SFC_IC0003": gettext_noop("M-Pesa could not take the payment just now. Try again in a minute."),
    # Refused at once.
    "400.002.02": gettext_noop("M-Pesa did not accept this phone number or amount."),
    "500.001.1001": gettext_noop("Another M-Pesa request is open on this phone. Finish it and try again in a minute."),
    "500.003.02": gettext_noop("M-Pesa is busy. Try again in a minute."),
    "500.003.03": gettext_noop("M-Pesa is busy. Try again in a minute."),
    "phone": gettext_noop("M-Pesa wants a mobile number of Kenya, such as 0712 345 678."),
    "currency": gettext_noop("M-Pesa takes Kenyan shillings."),
    "too_much": gettext_noop("M-Pesa takes at most KES 250,000 at once."),
    "unreachable": gettext_noop("M-Pesa cannot be reached just now. Nothing was asked for; try again in a minute."),
}
# Trying again with the same number and amount leads nowhere.
FINAL = frozenset(["2", "3", "2028", "400.002.02", "phone", "currency", "too_much"])


def failed(code: object, *, reference: str = "") -> Outcome:
    """A failure by its code, in our words; what Safaricom writes beside it is for programmers."""
    word = str(code)
    message = _(SENTENCES.get(word, gettext_noop("M-Pesa did not take the payment.")))
    return Outcome(State.FAILED, reference=reference, code=word, message=message, can_retry=word not in FINAL)


def of_query(answer: Mapping[str, Any], *, reference: str) -> Outcome:
    """The answer to a status query; it names neither the amount nor the receipt."""
    code = str(answer.get("ResultCode", ""))
    if code == SUCCESS:
        return Outcome(State.SUCCEEDED, reference=reference)
    if code == "" or code in UNDER_WAY:
        return Outcome(State.PENDING, reference=reference)
    return failed(code, reference=reference)
