"""One notification through one channel."""

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.activity import services as activity
from portal.core.errors import Conflict
from portal.notifications import letters
from portal.notifications.models import Delivery, Notification
from portal.notifications.registry import kinds
from portal.notifications.services import preferences, sending

if TYPE_CHECKING:
    from portal.accounts.models import User

SALT = "notifications.unsubscribe"
LONGEST_SMS = 300


class OutcomeKnown(Conflict):
    """It is known what came of the message, or it is on its way."""

    code = "outcome_known"


@transaction.atomic
def send_again(*, delivery: Delivery, by: "User", at: datetime) -> None:
    """Let the sweeper queue a message again of which nobody knows whether it was sent. Raises OutcomeKnown."""
    locked = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if locked.outcome != Delivery.Outcome.UNKNOWN:
        raise OutcomeKnown(_("Only messages whose outcome is unknown can be sent again."))
    Delivery.objects.filter(pk=locked.pk).update(
        state=Delivery.State.QUEUED,
        outcome=Delivery.Outcome.NONE,
        reason="",
        attempts=0,
        called_at=None,
        queued_at=None,
        finished_at=None,
        available_at=at,
    )
    activity.record(verb="delivery.sent_again", actor=by, subject=locked.notification.recipient, at=at)


def send(pk: int) -> bool:
    """Send one delivery if it is still to be sent; return whether it was."""
    return sending.perform(job_type=Delivery, pk=pk, prepare=_prepare)


def unsubscribe_url(user_id: int, section: str) -> str:
    """The signed address that ends e-mails of a section to this person, without signing in; "" ends digests."""
    token = signing.dumps([user_id, section], salt=SALT, compress=True)
    return letters.absolute(reverse("notifications-unsubscribe", args=[token]))


def open_url(notification: Notification) -> str:
    """The address that marks it as read and leads on to the thing."""
    return letters.absolute(reverse("notification-open", args=[notification.public_id]))


def _prepare(delivery: Delivery) -> sending.Call | sending.Skip:
    notification = Notification.objects.select_related("recipient", "company").get(pk=delivery.notification_id)
    user = notification.recipient
    if delivery.channel == Delivery.Channel.SMS:
        phone = preferences.contact_settings(user).confirmed_phone
        text = f"{notification.subject[: LONGEST_SMS - 100]} {open_url(notification)}"
        return sending.text_message(user, phone, text)
    return sending.email(user, lambda: _message(notification))


def _message(notification: Notification) -> EmailMultiAlternatives:
    rules = kinds.get(notification.kind) if notification.kind in kinds else None
    letter = letters.Letter(
        subject=notification.subject,
        heading=notification.subject,
        paragraphs=letters.paragraphs_of(notification.body),
        action_label=rules.action if rules and notification.url else "",
        action_url=open_url(notification) if notification.url else "",
        footnote=f"This concerns {notification.company}." if notification.company else "",
        settings_url=letters.absolute(reverse("notification-settings")),
        unsubscribe_url="" if not rules or rules.urgent else unsubscribe_url(notification.recipient_id, rules.section),
        template=quote(notification.kind, safe=""),
    )
    message = letters.message(letter, to=notification.recipient.email)
    for file in rules.attach(notification) if rules and rules.attach else ():
        message.attach(file.name, file.content, file.content_type)
    return message
