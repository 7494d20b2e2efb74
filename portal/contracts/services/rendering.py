"""The text of a contract: exactly what is signed, down to the byte."""

from portal.contracts import markup
from portal.contracts.models import Contract
from portal.contracts.services import merging


def render(contract: Contract) -> str:
    """The whole text with its merge fields filled, as one element."""
    values = merging.values_of(contract)
    return markup.article(contract.template, values=values, title=contract.title, number=contract.number)
