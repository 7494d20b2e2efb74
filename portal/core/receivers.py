"""What core adds to each request's log and answer."""

from typing import Any

import structlog
from django.http import HttpResponse
from django_structlog import signals


def connect() -> None:
    """Hear of every request that ends, well or not."""
    signals.bind_extra_request_finished_metadata.connect(name_request)
    signals.update_failure_response.connect(name_request)


def name_request(sender: type[Any], response: HttpResponse, **kwargs: Any) -> None:
    """Tell the reader the id under which the log has this request, so that a report can be looked up."""
    # A preview is a request within a request, and the inner one takes the context with it when it ends.
    known = structlog.contextvars.get_contextvars().get("request_id")
    if known:
        response["X-Request-ID"] = known
