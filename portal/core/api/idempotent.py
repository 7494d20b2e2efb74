"""POSTs that may be sent again: one effect and one answer for each Idempotency-Key."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.crypto import salted_hmac
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.views import APIView

from portal.core.errors import DomainError
from portal.core.services import idempotency

ANSWERED = (DomainError, APIException, ValidationError, PermissionDenied, Http404)
Handler = Callable[..., HttpResponseBase]


def idempotent(handler: Handler) -> Handler:
    """Let a method of an APIView answer a key that it has seen with the same bytes, and act on it once.

    The key is the caller's own, at one company; another body or address under it is refused. Refusals are answers too
    and are repeated; what failed with 500 left nothing behind and may be tried again. The handler runs inside a
    transaction and so must not call the outside world. Without the header it runs as if undecorated.
    """

    @wraps(handler)
    def answer_once(view: APIView, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return handler(view, request, *args, **kwargs)
        # The stream is read before the parser takes it, so that the bytes themselves are compared.
        asked = f"{request.method} {request.path}\n".encode() + request.body
        # Keyed: some requests hold a password, which a bare digest of all the rest would let somebody guess.
        answer = idempotency.once(
            scope=_scope(request),
            key=key,
            request=salted_hmac("portal.core.idempotency", asked, algorithm="sha256").hexdigest(),
            effect=lambda: _answer(view, handler, request, *args, **kwargs),
        )
        headers = {"Idempotent-Replayed": "true"} if answer.is_replay else {}
        return HttpResponse(answer.body, status=answer.status, content_type=answer.content_type, headers=headers)

    return answer_once


def _scope(request: Request) -> str:
    company = getattr(request, "company", None)
    return f"user {request.user.pk} company {company.pk if company else '-'}"


def _answer(view: APIView, handler: Handler, request: Request, *args: Any, **kwargs: Any) -> idempotency.Answer:
    """Run the handler and render its answer; what it raised becomes an answer after its own writes are undone."""
    response: Any
    try:
        with transaction.atomic():
            response = handler(view, request, *args, **kwargs)
    except ANSWERED as error:
        response = view.handle_exception(error)
    response = view.finalize_response(request, response, *args, **kwargs)
    if hasattr(response, "render"):
        response.render()
    return idempotency.Answer(response.status_code, response.content, response["Content-Type"])
