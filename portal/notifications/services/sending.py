"""Handing messages to providers: reserve, commit, call, record. Nothing is sent twice, not even after a crash."""

import smtplib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from anymail.exceptions import AnymailError, AnymailRequestsAPIError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone

from portal.core.models import Job
from portal.core.services import jobs
from portal.core.services.jobs import LeaseLost
from portal.notifications import sms
from portal.notifications.errors import NotAccepted, OutcomeUnknown, never_connected
from portal.notifications.models import BlockedAddress, Sending

if TYPE_CHECKING:
    from portal.accounts.models import User

S = TypeVar("S", bound=Sending)
Outcome = Sending.Outcome
SERVER_ERROR = HTTPStatus.INTERNAL_SERVER_ERROR
INTERRUPTED = "An earlier attempt was interrupted, so it may have been sent."


@dataclass(frozen=True, slots=True)
class Skip:
    """Why there is nothing to send."""

    reason: str


@dataclass(frozen=True, slots=True)
class Call:
    """What to hand over: `make` calls the provider and returns its reference."""

    address: str
    make: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it."""

    outcome: Outcome
    reason: str = ""
    address: str = ""
    reference: str = ""


def perform(*, job_type: type[S], pk: int, prepare: Callable[[S], Call | Skip]) -> bool:
    """Do one sending if it is still to be done; return whether it was."""
    return jobs.perform(job_type=job_type, pk=pk, outside=lambda job: _attempt(job, prepare), record=_record)


def _attempt(job: S, prepare: Callable[[S], Call | Skip]) -> Result:
    if job.called_at is not None:
        return Result(Outcome.UNKNOWN, INTERRUPTED, job.address)
    prepared = prepare(job)
    if isinstance(prepared, Skip):
        return Result(Outcome.SKIPPED, prepared.reason)
    _reserve(job, prepared.address)
    try:
        return Result(Outcome.SENT, "", prepared.address, prepared.make())
    except OutcomeUnknown as error:
        return Result(Outcome.UNKNOWN, str(error), prepared.address)
    except NotAccepted:
        _release(job)
        raise


def _reserve(job: Sending, address: str) -> None:
    """Write down, and commit, that the provider is about to be called. Raises LeaseLost."""
    mine = type(job)._default_manager.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts, called_at=None)
    if not mine.update(called_at=timezone.now(), address=address):
        raise LeaseLost(f"{job._meta.label} {job.pk} was given to another worker.")


def _release(job: Sending) -> None:
    type(job)._default_manager.filter(pk=job.pk, attempts=job.attempts).update(called_at=None)


def _record(job: S, result: Result) -> None:
    type(job)._default_manager.filter(pk=job.pk).update(
        outcome=result.outcome,
        reason=result.reason[:300],
        address=result.address or job.address,
        reference=result.reference[:200],
    )


def email(user: "User", compose: Callable[[], EmailMultiAlternatives]) -> Call | Skip:
    """An e-mail to a person, composed only if they can be written to."""
    if not user.is_active:
        return Skip("The account is closed.")
    blocked = BlockedAddress.objects.of(user.email).first()
    if blocked:
        return Skip(f"The address is blocked: {blocked.get_reason_display()}.")
    message = compose()
    return Call(user.email, lambda: post(message))


def text_message(user: "User", phone: str, text: str) -> Call | Skip:
    """An SMS to a person."""
    if not user.is_active:
        return Skip("The account is closed.")
    if not phone:
        return Skip("There is no confirmed mobile number.")
    return Call(phone, lambda: sms.send(to=phone, text=text))


def post(message: EmailMultiAlternatives) -> str:
    """Hand an e-mail to Django's backend; return the provider's reference. Raises NotAccepted, OutcomeUnknown."""
    backend = get_connection()
    try:
        backend.open()
    except OSError as error:
        raise NotAccepted(f"{type(error).__name__}: {error}") from error
    try:
        backend.send_messages([message])
    except (OSError, AnymailError) as error:
        kind = NotAccepted if _was_refused(error) else OutcomeUnknown
        raise kind(f"{type(error).__name__}: {error}") from error
    finally:
        with suppress(OSError):
            backend.close()
    status = getattr(message, "anymail_status", None)
    return str(getattr(status, "message_id", "") or "")


def _was_refused(error: Exception) -> bool:
    """Whether the provider surely took nothing: it said so, or never heard of it. One that hung up may have it."""
    if isinstance(error, AnymailRequestsAPIError):
        return never_connected(error) or HTTPStatus.BAD_REQUEST <= (error.status_code or 0) < SERVER_ERROR
    if isinstance(error, AnymailError):
        return True
    return isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected)
