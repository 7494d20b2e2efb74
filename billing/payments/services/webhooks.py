"""What gateways tell us: kept raw first, then checked, then acted on once by the worker, in any order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.payments.gateways.base import (
    UNKNOWN_KEY,
    About,
    BadSignature,
    Event,
    GatewayError,
    Outcome,
    Unreadable,
    gateways,
)
from billing.payments.models import Payment, PaymentMethod, Refund, WebhookMessage
from billing.payments.services import disputes, methods, outcomes, refunds, refunds_elsewhere
from portal.activity import services as activity
from portal.core.errors import DomainError
from portal.core.services import jobs

if TYPE_CHECKING:
    from portal.accounts.models import User

Signature = WebhookMessage.Signature
# What says nothing of the message, and what would be a secret in the wrong hands.
LEFT_OUT = frozenset({"authorization", "cookie", "x-forwarded-for", "forwarded"})


class NotSigned(DomainError):
    """The gateway did not sign it, or too long ago."""

    code = "not_signed"
    status = HTTPStatus.FORBIDDEN


class NotReadable(DomainError):
    """It is not what the gateway sends."""

    code = "not_readable"
    status = HTTPStatus.BAD_REQUEST


class NotFoundYet(LookupError):
    """What the webhook is about is not known here, perhaps not yet: it is tried again."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A webhook that was read, and where it says too little, what the gateway answered when asked."""

    event: Event
    outcome: Outcome | None


def receive(
    *, gateway: str, body: bytes, headers: Mapping[str, str], query: Mapping[str, str], at: datetime
) -> WebhookMessage:
    """Keep a request raw, check it, and queue it. Raises NotSigned, NotReadable: kept all the same."""
    if gateway not in gateways:
        raise NotSigned(_("Nobody signs for this gateway."))
    named = {name.lower(): value[:2000] for name, value in headers.items() if name.lower() not in LEFT_OUT}
    # It waits for this check; if we die on the way the sweeper has the worker check it.
    message = WebhookMessage.objects.create(
        gateway=gateway,
        body=body,
        headers=named,
        query={name: value[:500] for name, value in query.items()},
        received_at=at,
        created_at=at,
        available_at=at,
        queued_at=at,
    )
    return check(message=message)


def check(*, message: WebhookMessage) -> WebhookMessage:
    """Check signature and age, read the event, and queue the first message of it. Raises NotSigned, NotReadable."""
    client = gateways.get(message.gateway)
    body = bytes(message.body)
    try:
        client.verify(headers=message.headers, query=message.query, body=body, at=message.received_at)
        event = client.read(body=body, query=message.query)
    except BadSignature as error:
        _give_up(message, Signature.BAD, str(error))
        raise NotSigned(_("The signature does not fit.")) from error
    except Unreadable as error:
        _give_up(message, Signature.GOOD, str(error))
        raise NotReadable(_("This is not what this gateway sends.")) from error
    return _queue(message, event)


def process(pk: int) -> bool:
    """Act on one message if it waits; return whether it did."""
    return jobs.perform(job_type=WebhookMessage, pk=pk, outside=_hear, record=_apply)


@transaction.atomic
def replay(*, message: WebhookMessage, at: datetime, by: "User") -> WebhookMessage:
    """Have the worker act on a message again; what was recorded stays. Raises NotSigned for one without signature."""
    locked = WebhookMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if locked.signature != Signature.GOOD:
        raise NotSigned(_("It was not signed by the gateway: it is not acted on."))
    activity.record(verb="webhook.replayed", actor=by, subject=locked, at=at)
    WebhookMessage.objects.filter(pk=locked.pk).update(
        state=WebhookMessage.State.QUEUED, attempts=0, available_at=at, queued_at=None, finished_at=None, error=""
    )
    locked.refresh_from_db()
    return locked


def _give_up(message: WebhookMessage, signature: str, error: str) -> None:
    WebhookMessage.objects.filter(pk=message.pk).update(
        signature=signature, state=WebhookMessage.State.FAILED, finished_at=message.received_at, error=error[:1000]
    )


@transaction.atomic
def _queue(message: WebhookMessage, event: Event) -> WebhookMessage:
    message.signature, message.kind, message.about = Signature.GOOD, event.kind[:80], str(event.about)
    message.happened_at, message.event_id = event.at, event.id[:200]
    fields = ["signature", "kind", "about", "happened_at"]
    try:
        with transaction.atomic():
            message.save(update_fields=[*fields, "event_id"])
    except IntegrityError:
        first = WebhookMessage.objects.get(gateway=message.gateway, event_id=message.event_id)
        message.event_id, message.repeats = None, first
        message.state, message.finished_at = WebhookMessage.State.DONE, message.received_at
        message.result = _("The same event came before.")
        message.save(update_fields=[*fields, "repeats", "state", "finished_at", "result"])
        return message
    jobs.send_on_commit(job=message)
    return message


def _hear(message: WebhookMessage) -> Heard:
    """Read the message, and ask the gateway where it says too little."""
    if message.signature == Signature.UNCHECKED:
        message = check(message=message)
    client = gateways.get(message.gateway)
    event = client.read(body=bytes(message.body), query=message.query)
    outcome = event.outcome
    if outcome is None and event.about == About.PAYMENT:
        payment = _payment(message.gateway, event)
        outcome = client.ask(reference=payment.reference or event.reference, key=payment.key)
    elif outcome is None and event.about == About.REFUND:
        refund = _refund(message.gateway, event)
        outcome = client.ask_refund(reference=refund.reference or event.reference, key=refund.key)
    elif outcome is None and event.about == About.METHOD and (method := _method(message.gateway, event)):
        outcome = client.ask_method(reference=method.setup_reference or event.reference, key=method.key)
    if outcome and outcome.code == UNKNOWN_KEY:
        raise GatewayError("The gateway tells of what it does not know.")
    return Heard(event, outcome)


def _apply(message: WebhookMessage, heard: Heard) -> None:
    """Record what was heard; doing it again changes nothing."""
    event, outcome, at = heard.event, heard.outcome, timezone.now()
    result = ""
    if event.about == About.PAYMENT and outcome:
        payment = outcomes.record(payment=_payment(message.gateway, event), outcome=outcome, at=at)
        result = f"{payment}: {payment.get_status_display().lower()}"
    elif event.about == About.REFUND and outcome:
        refund = _record_refund(message.gateway, event, outcome, at)
        result = f"{refund}: {refund.get_status_display().lower()}"
    elif event.about == About.DISPUTE:
        dispute = disputes.record(payment=_paid(message.gateway, event), event=event, at=at)
        result = f"{dispute}: {dispute.get_status_display().lower()}"
    elif event.about == About.METHOD and outcome and (method := _method(message.gateway, event)):
        result = _record_method(method, outcome, at)
    WebhookMessage.objects.filter(pk=message.pk).update(result=(result or _("Kept, nothing to do."))[:200])


def _record_refund(gateway: str, event: Event, outcome: Outcome, at: datetime) -> Refund:
    """One that was asked for here has our key, or is known by the gateway's name; others were made at the gateway."""
    known = Refund.objects.filter(payment__gateway=gateway, reference=event.reference)
    if event.key or not event.payment or known.exclude(key__startswith=Refund.ELSEWHERE).exists():
        return refunds.record(refund=_refund(gateway, event), outcome=outcome, at=at)
    return refunds_elsewhere.record(payment=_paid(gateway, event), event=event, outcome=outcome, at=at)


def _record_method(method: PaymentMethod, outcome: Outcome, at: datetime) -> str:
    try:
        return str(methods.record(method=method, outcome=outcome, at=at))
    except methods.NotAdded as refusal:
        return refusal.message


def _payment(gateway: str, event: Event) -> Payment:
    found = Payment.objects.filter(_named(event), gateway=gateway).order_by(F("reference").desc(nulls_last=True))
    if payment := found.first():
        return payment
    raise NotFoundYet(f"no payment {event.key or event.reference}")


def _paid(gateway: str, event: Event) -> Payment:
    """The payment of which money goes back."""
    if paid := Payment.objects.filter(gateway=gateway, reference=event.payment).first():
        return paid
    raise NotFoundYet(f"no payment {event.payment}")


def _refund(gateway: str, event: Event) -> Refund:
    if refund := Refund.objects.filter(_named(event), payment__gateway=gateway).first():
        return refund
    raise NotFoundYet(f"no refund {event.key or event.reference}")


def _method(gateway: str, event: Event) -> PaymentMethod | None:
    """A method that is being added, by our key or the name of its setup; one that is kept, by the gateway's name."""
    wanted = Q(key=event.key) if event.key else Q(setup_reference=event.reference) | Q(reference=event.reference)
    return PaymentMethod.objects.filter(wanted, gateway=gateway).select_related("company").first()


def _named(event: Event) -> Q:
    """By our key, else by the gateway's name."""
    return Q(key=event.key) if event.key else Q(reference=event.reference)
