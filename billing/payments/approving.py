"""What staff decide: money goes back only when somebody other than who asks agrees; drafts at a gateway go out."""

from collections.abc import Iterator

from billing.payments.models import Payment, Refund
from billing.payments.services import refunds, releases
from portal.approvals.models import Approval
from portal.approvals.registry import Fact, Kind
from portal.approvals.telling import in_turn, tell_asker
from portal.core.money import words


def facts(approval: Approval) -> Iterator[Fact]:
    """What goes back, of which payment, and why."""
    refund = Refund.objects.select_related("payment__invoice").get(pk=approval.object_id)
    payment = refund.payment
    yield Fact("Amount", words(refund.money))
    yield Fact("Payment", f"{payment}, {words(payment.money)}")
    yield Fact("Invoice", str(payment.invoice or "–"))
    yield Fact("Reason", refund.reason)


def facts_of_release(approval: Approval) -> Iterator[Fact]:
    """What is to be paid, and where."""
    payment = Payment.objects.select_related("invoice").get(pk=approval.object_id)
    yield Fact("Amount", words(payment.asked_for))
    yield Fact("Invoice", str(payment.invoice or "–"))
    yield Fact("Gateway", payment.gateway)


KINDS = {
    releases.KIND: Kind(
        "Invoice at a gateway",
        "payments.manage_payment",
        icon="receipt",
        on_approve=in_turn(releases.on_decision, tell_asker()),
        on_reject=in_turn(releases.on_decision, tell_asker()),
        facts=facts_of_release,
    ),
    refunds.KIND: Kind(
        "Refund",
        "payments.decide_refund",
        icon="receipt",
        four_eyes=True,
        on_approve=in_turn(refunds.on_approve, tell_asker()),
        on_reject=in_turn(refunds.on_reject, tell_asker()),
        on_cancel=refunds.on_reject,
        facts=facts,
    ),
}
