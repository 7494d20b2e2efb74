"""Where GitHub reports to."""

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request

from portal.core.api.webhooks import WebhookView
from portal.projects.services import deliveries


class GitHubWebhookView(WebhookView):
    """What happened to repositories."""

    # GitHub's own limit is 25 MB; what is longer than this is a push of thousands of commits, which the night brings.
    largest_body: ClassVar[int] = 2 * 1024 * 1024

    def keep(self, request: Request, body: bytes, **kwargs: Any) -> bool:
        """Keep a message raw, then check it."""
        message = deliveries.receive(body=body, headers=dict(request.headers), at=timezone.now())
        return message.repeats_id is None
