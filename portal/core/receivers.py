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
    # A preview of the admin is a request within the request, and takes the identifier with it.
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    if request_id:
        response["X-Request-ID"] = request_id
