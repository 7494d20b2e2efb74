"""Keeps SMS in the local outbox instead of sending them."""

from portal.notifications.models import OutboxMessage


def send(*, to: str, text: str) -> str:
    """Write the text to the outbox; return its identifier there."""
    return str(OutboxMessage.objects.create(channel="sms", recipients=to, text=text).public_id)
