"""The daily e-mail: one for each person and day of their own clock."""

from datetime import datetime, time, timedelta

from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.services import jobs
from portal.notifications import letters
from portal.notifications.models import ContactSettings, Digest, Notification
from portal.notifications.models.deliveries import DigestEntry
from portal.notifications.services import deliveries, preferences, sending

MOST_LINES = 50


def queue_due(*, at: datetime) -> int:
    """Queue the digests whose hour has come, each once, however often and wherever this runs; return how many."""
    waiting = DigestEntry.objects.filter(digest=None).order_by().values_list("recipient", flat=True).distinct()
    people = list(waiting)
    clocks = {row.user_id: row for row in ContactSettings.objects.filter(user__in=people)}
    return sum(_queue(person, clocks.get(person) or ContactSettings(), at) for person in people)


def send(pk: int) -> bool:
    """Send one digest if it is still to be sent; return whether it was."""
    return sending.perform(job_type=Digest, pk=pk, prepare=_prepare)


def _queue(recipient: int, clock: ContactSettings, at: datetime) -> bool:
    """Put what came before today's hour into today's digest; after midnight before the hour, into yesterday's."""
    due_at = _last_due(clock, at)
    entries = DigestEntry.objects.filter(recipient=recipient, digest=None, created_at__lt=due_at)
    if not entries.exists():
        return False
    digest = Digest(recipient_id=recipient, day_on=due_at.date(), created_at=at, available_at=at)
    try:
        with transaction.atomic():
            jobs.enqueue(job=digest, at=at)
            entries.update(digest=digest)
    except IntegrityError:
        # This day's digest exists: what was late for it goes with the next.
        return False
    return True


def _last_due(clock: ContactSettings, at: datetime) -> datetime:
    local = at.astimezone(clock.zone)
    due_at = datetime.combine(local.date(), time(clock.digest_hour), tzinfo=clock.zone)
    if due_at > local:
        due_at = datetime.combine(local.date() - timedelta(days=1), time(clock.digest_hour), tzinfo=clock.zone)
    return due_at


def _prepare(digest: Digest) -> sending.Call | sending.Skip:
    unread = Notification.objects.filter(digest_entry__digest=digest).unread().select_related("company").newest()
    told = list(unread)
    if not told:
        return sending.Skip("Everything was read in the portal.")
    return sending.email(digest.recipient, lambda: _message(digest, told))


def _message(digest: Digest, told: list[Notification]) -> EmailMultiAlternatives:
    heading = ngettext("%(count)d thing to know", "%(count)d things to know", len(told)) % {"count": len(told)}
    left = len(told) - MOST_LINES
    items = [
        letters.Item(row.subject, deliveries.open_url(row), row.created_at, str(row.company or ""))
        for row in told[:MOST_LINES]
    ]
    letter = letters.Letter(
        subject=heading,
        heading=heading,
        paragraphs=[_("And %(count)d more in the portal.") % {"count": left}] if left > 0 else [],
        items=items,
        action_label=_("See all notifications"),
        action_url=letters.absolute(reverse("notifications")),
        settings_url=letters.absolute(reverse("notification-settings")),
        unsubscribe_url=deliveries.unsubscribe_url(digest.recipient_id, ""),
        template="digest",
    )
    with timezone.override(preferences.contact_settings(digest.recipient).zone):
        return letters.message(letter, to=digest.recipient.email)
