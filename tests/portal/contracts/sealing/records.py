"""A sealed contract of the company, at every address that names one."""

from portal.accounts.models import Company, User
from portal.contracts.services import sealing
from tests.access_rows import STAFF
from tests.cast import CAST
from tests.portal.contracts.sealing.signed import job_of, signed
from tests.records import TEAM, Asked, reached


def sealed_requests(company: Company, cast: dict[str, User]) -> list[Asked]:
    """Members and staff have the file; whoever has its code may ask what it proves."""
    contract = signed(company, [cast["owner"]], [cast["staff"]])
    sealing.work(pk=job_of(contract).pk)
    file, code = f"/customer/contracts/{contract.public_id}.pdf", f"/verify/{contract.verification_code}/"
    return [
        Asked("customer/contracts/<uuid:public_id>.pdf", file, reached(*TEAM, *STAFF)),
        Asked("verify/<slug:code>/", code, dict.fromkeys(CAST, 200)),
    ]
