"""Where the mail provider reports to."""

from typing import Any

from django.utils import timezone
from rest_framework.request import Request

from portal.core.api.webhooks import WebhookView
from portal.notifications.services import mail_events


class MailerSendView(WebhookView):
    """What became of our mail."""

    def keep(self, request: Request, body: bytes, **kwargs: Any) -> bool:
        """Keep a signed report."""
        signature = request.headers.get("Signature", "")
        return mail_events.receive(body=body, signature=signature, at=timezone.now()) is not None
