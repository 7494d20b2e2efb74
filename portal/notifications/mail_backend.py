"""Django's e-mail backend of a portal in development: messages become rows that staff read at /outbox/."""

from collections.abc import Sequence

from django.core.mail import EmailAttachment, EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from portal.notifications.models import OutboxMessage


class OutboxBackend(BaseEmailBackend):
    """Keeps each message as a row."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep them; return how many."""
        return len([keep(message) for message in email_messages])


def keep(message: EmailMessage) -> OutboxMessage:
    """Write one message to the outbox."""
    parts = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    html = next((str(content) for content, mimetype in parts if mimetype == "text/html"), "")
    headers = {name: str(value) for name, value in message.extra_headers.items()}
    # Their content is kept where it came from.
    if files := [file.filename or "" for file in message.attachments if isinstance(file, EmailAttachment)]:
        headers["Attachments"] = ", ".join(files)
    return OutboxMessage.objects.create(
        channel="email",
        sender=message.from_email[:254],
        recipients=", ".join(message.recipients())[:1000],
        subject=str(message.subject)[:500],
        text=str(message.body),
        html=html,
        headers=headers,
    )
