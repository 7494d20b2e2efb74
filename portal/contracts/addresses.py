"""Where people find a contract: addresses of the portal without host, for what they are told."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.contracts.models import Contract, Signer


def page(contract: "Contract") -> str:
    """The page that the company's members have."""
    return f"/customer/contracts/{contract.public_id}/"


def signing(signer: "Signer") -> str:
    """Where this person signs: the company's at its desk, ours at the desk of staff."""
    desk = "/customer" if signer.side == "company" else ""
    return f"{desk}/contracts/{signer.contract.public_id}/sign/"


def in_admin(contract: "Contract") -> str:
    """The page that staff have."""
    return f"/admin/snippets/contracts/contract/inspect/{contract.pk}/"
