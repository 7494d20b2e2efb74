"""Payments and payment methods of a company, at every address that names one."""

from portal.accounts.models import Company
from tests.billing.invoicing.conftest import issued
from tests.billing.payments.conftest import begun, card, paid
from tests.records import PAYERS, Asked, reached

MAY_PAY = ("owner", "billing_member")


def payment_requests(company: Company) -> list[Asked]:
    """A payment that arrived, one that is under way, and a card."""
    done, waiting = paid(issued(company, "10.00")), begun(issued(company, "20.00"))
    method, unpaid = card(company), issued(company, "30.00").number
    seen = reached(*PAYERS, refused=("viewer",))
    api = {**seen, "anonymous": 401}
    acted = reached(*MAY_PAY, answer=302, refused=("company_admin", "viewer"))
    asked = {**acted, **dict.fromkeys(MAY_PAY, 200)}
    center, methods = "customer/billing", "customer/billing/payment-methods"
    by_key, kept = "api/business/v1/payment-methods/<uuid:method_id>/", "<uuid:method_id>"
    rows = [
        (f"{center}/payments/<uuid:payment_id>/", done.public_id, seen, "get"),
        (f"{center}/payments/<uuid:payment_id>/receipt.pdf", done.public_id, seen, "get"),
        (f"{center}/payments/<uuid:payment_id>/cancel/", waiting.public_id, acted, "post"),
        (f"{center}/invoices/<path:number>/pay/", unpaid, asked, "get"),
        (f"{methods}/{kept}/added/", method.public_id, acted, "get"),
        (f"{methods}/{kept}/default/", method.public_id, acted, "post"),
        (f"{methods}/{kept}/remove/", method.public_id, asked, "get"),
        ("api/business/v1/payments/<uuid:payment_id>/", done.public_id, api, "get"),
        (by_key, method.public_id, api, "get"),
        (f"{by_key}default/", method.public_id, {**asked, "anonymous": 401}, "post"),
    ]
    requests = [Asked(pattern, example(pattern, str(key)), answers, method) for pattern, key, answers, method in rows]
    pay = "api/business/v1/invoices/<path:number>/pay/"
    paying = {**acted, **dict.fromkeys(MAY_PAY, 202), "anonymous": 401}
    return [*requests, Asked(pay, example(pay, str(unpaid)), paying, "post")]


def example(pattern: str, key: str) -> str:
    """The pattern with the record's name in its place."""
    before, _, rest = pattern.partition("<")
    return f"/{before}{key}{rest.partition('>')[2]}"
