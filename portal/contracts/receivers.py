"""What happens to contracts that their charges follow."""

from datetime import datetime

from portal.contracts import facts
from portal.contracts.models import Contract
from portal.contracts.services import billing


def ended(sender: type, contract: Contract, at: datetime, **rest: object) -> None:
    """It binds nobody any more: nothing that is not due yet is charged."""
    billing.stop(contract=contract, at=at)


def connect() -> None:
    """Listen; once, however often it is called."""
    facts.contract_ended.connect(ended, dispatch_uid="contracts.contract_ended")
