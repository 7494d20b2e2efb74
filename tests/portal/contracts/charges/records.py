"""A real draft of the company, at every address of what it charges."""

from portal.accounts.models import Company
from tests.access import STAFF
from tests.portal.contracts.charges.made import contract, item
from tests.records import Asked, reached


def charge_requests(company: Company) -> list[Asked]:
    """Staff who keep charges reach it; a draft is not billed; its company has no business here."""
    made = contract(company, title="Of the matrix")
    item(made)
    pattern, place = "api/admin/contracts/<uuid:contract_id>/", f"/api/admin/contracts/{made.public_id}/"
    who = {"anonymous": 401, "otherwise": 403}
    return [
        Asked(f"{pattern}line-items/", f"{place}line-items/", reached(*STAFF, **who)),
        Asked(f"{pattern}enable-billing/", f"{place}enable-billing/", reached(*STAFF, answer=409, **who), "post"),
    ]
