"""The text of a contract: exactly what is signed, down to the byte."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from portal.contracts import markup
from portal.contracts.models import Contract
from portal.contracts.services import costs, merging


def render(contract: Contract, *, version: int = 1) -> str:
    """The whole text with its merge fields filled, and all that is charged as its last page, as one element.

    Later versions name themselves: none has the hash of one that was shown before, whatever else was changed.
    """
    number = contract.number
    if version > 1:
        number = _("%(number)s, version %(version)s") % {"number": number, "version": version}
    return markup.article(
        contract.template,
        values=merging.values_of(contract),
        title=contract.title,
        number=number,
        annex=_charges(contract),
    )


def _charges(contract: Contract) -> str:
    cost = costs.preview(contract)
    return render_to_string("contracts/annex.html", {"cost": cost}) if cost.periods else ""
