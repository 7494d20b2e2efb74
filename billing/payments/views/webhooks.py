"""Where gateways report to."""

from typing import Any

from django.utils import timezone
from rest_framework.request import Request

from billing.payments.services import webhooks
from portal.core.api.webhooks import WebhookView


class GatewayWebhookView(WebhookView):
    """What became of payments, refunds and methods."""

    def keep(self, request: Request, body: bytes, **kwargs: Any) -> bool:
        """Keep a report raw, then check it."""
        message = webhooks.receive(
            gateway=kwargs["gateway"],
            body=body,
            headers=dict(request.headers),
            query=request.query_params.dict(),
            at=timezone.now(),
        )
        return message.repeats_id is None
