"""The decision about a contract's billing: who makes it, what it does, and what a decider reads first."""

from collections.abc import Iterator

from django.utils.formats import date_format

from portal.approvals.models import Approval
from portal.approvals.registry import Fact, Kind
from portal.approvals.telling import in_turn, tell_asker
from portal.contracts import addresses
from portal.contracts.models import Contract
from portal.contracts.services import billing, costs
from portal.contracts.services.costs import CostPeriod
from portal.core.money import words


def period_in_words(period: CostPeriod) -> str:
    """What a period charges, line by line, as a decider reads it."""
    lines = ", ".join(f"{line.description} {words(line.amount)}" for line in period.lines)
    return f"{words(period.total)}: {lines}"


def billing_facts(approval: Approval) -> Iterator[Fact]:
    """The contract, and every period as it will be charged."""
    contract = Contract.objects.select_related("company").get(pk=approval.object_id)
    cost = costs.preview(contract)
    yield Fact("Contract", f"{contract}, {contract.get_status_display().lower()}", addresses.in_admin(contract))
    yield Fact("In all", f"{words(cost.total)}, without tax, {cost.frequency.lower()}")
    if cost.discount.amount:
        yield Fact(cost.discount_label, words(cost.discount))
    if cost.renewal:
        yield Fact("Renewal", cost.renewal)
    for period in cost.periods:
        due = date_format(period.due_on, "j M Y")
        yield Fact(due, period_in_words(period), heading="What is invoiced when")


KINDS = {
    billing.KIND: Kind(
        label="Contract billing",
        permission=billing.DECIDE,
        icon="receipt",
        four_eyes=True,
        on_approve=in_turn(billing.enable, tell_asker()),
        on_reject=tell_asker(),
        facts=billing_facts,
    )
}
