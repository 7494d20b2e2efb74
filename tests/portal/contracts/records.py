"""A contract that waits for the owner's signature, at every address that names it."""

from portal.accounts.models import Company, User
from tests.factories import ContractFactory
from tests.portal.contracts.drawn import sent
from tests.records import TEAM, Asked, reached

NO_SIGNERS = ("company_admin", "billing_member", "viewer")
SIGNING = ("sign", "delegate", "decline")


def contract_requests(company: Company, cast: dict[str, User]) -> list[Asked]:
    """Members read it, its signer signs it; of ours those who may sign for us see whose turn it is."""
    contract = sent(company, by=cast["staff"], people=[cast["owner"]], vendor=[cast["staff"]])
    key, mine, ours = str(contract.public_id), "customer/contracts/<uuid:public_id>/", "contracts/<uuid:public_id>/"
    theirs, staff = reached("owner", refused=NO_SIGNERS), reached("staff", "finance", refused=("support",))
    led_on = {
        mine: reached("owner", refused=NO_SIGNERS, answer=302),
        ours: reached("staff", "finance", refused=("support",), answer=302),
    }
    rows = [(mine, reached(*TEAM))]
    rows += [(f"{mine}{part}/", theirs) for part in SIGNING] + [(f"{ours}{part}/", staff) for part in SIGNING]
    rows += [(f"{base}viewed/", answers) for base, answers in led_on.items()]
    api = "api/customer/contracts/<uuid:contract_id>/"
    requests = [Asked(pattern, "/" + pattern.replace("<uuid:public_id>", key), answers) for pattern, answers in rows]
    signed = reached("owner", refused=NO_SIGNERS, answer=400, anonymous=401)
    renewed = ContractFactory.create(active=True, company=company, renewal_months=1)
    return [
        *requests,
        Asked(f"{mine}no-renewal/", f"/customer/contracts/{renewed.public_id}/no-renewal/", theirs),
        Asked(api, f"/api/customer/contracts/{key}/", reached(*TEAM, anonymous=401)),
        Asked(f"{api}sign/", f"/api/customer/contracts/{key}/sign/", signed, "post"),
    ]
