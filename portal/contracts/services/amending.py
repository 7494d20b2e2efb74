"""What was signed is changed by another contract, which names it."""

from datetime import date, datetime
from typing import Any

from portal.accounts.models import User
from portal.contracts.models import Contract, ContractTemplate
from portal.contracts.services import drafting


def amend(
    *,
    contract: Contract,
    template: ContractTemplate,
    title: str,
    by: User | None,
    at: datetime,
    starts_on: date,
    **terms: Any,
) -> Contract:
    """Draw up a contract that changes a signed one; company, project, currency and end follow the old one.

    `terms` as for `drafting.create`. Raises what it raises.
    """
    kept = {"ends_on": contract.ends_on, "project": contract.project, "currency": contract.currency}
    return drafting.create(
        company=contract.company,
        template=template,
        title=title,
        by=by,
        at=at,
        starts_on=starts_on,
        amends=contract,
        **kept | terms,
    )
