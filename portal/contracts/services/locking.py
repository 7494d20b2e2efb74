"""The one way to a contract that is about to change: `contracts.lock(contract)`, by its module `locking`.

Locks are taken in this order: approvals, company, contract, its signers, invoices, number series.
"""

from portal.accounts.models import Company
from portal.contracts.models import Contract, Signer


def lock(contract: Contract) -> Contract:
    """The contract as it is now, with its company, under lock until the open transaction ends."""
    return Contract.objects.select_for_update(of=("self",)).select_related("company").get(pk=contract.pk)


def lock_charged(contract: Contract) -> Contract:
    """The same where what it charges may change: whose money moves is locked first, so that no invoice run is at it."""
    list(Company.objects.filter(contracts=contract.pk).select_for_update(no_key=True, of=("self",)).values_list("pk"))
    return lock(contract)


def lock_signers(contract: Contract) -> list[Signer]:
    """Everybody who signs a contract that is locked, as they sign, under lock and with the people."""
    signers = contract.signers.select_for_update(of=("self",)).select_related("user").in_order()
    return list(signers)
