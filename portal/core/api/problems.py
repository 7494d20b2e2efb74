"""Errors of the API in the one shape of RFC 9457, application/problem+json."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from portal.core.errors import DomainError

Errors = dict[str, list[str]]
HEADERS = ("Retry-After", "WWW-Authenticate", "Allow")


def problem(
    *, status: int, detail: str, code: str = "", errors: Errors | None = None, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Answer with a problem; `code` becomes its type, `errors` are messages by dotted name of the field."""
    body: dict[str, Any] = {
        "type": f"urn:portal:problem:{code}" if code else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    return JsonResponse(body, status=status, headers=headers, content_type="application/problem+json")


def problem_details(exc: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Turn what a view of the API raised into a problem; None leaves what nobody foresaw to Django (status 500)."""
    if isinstance(exc, DomainError):
        errors = {exc.field: [exc.message]} if exc.field else None
        return problem(status=exc.status, detail=exc.message, code=exc.code, errors=errors, headers=exc.headers)
    if isinstance(exc, ValidationError):
        exc = exceptions.ValidationError(_of_model(exc))
    answer = exception_handler(exc, dict(context))
    if answer is None:
        return None
    headers = {name: answer[name] for name in HEADERS if name in answer}
    if isinstance(exc, exceptions.ValidationError):
        errors = by_field(exc.detail)
        loose = errors.get(api_settings.NON_FIELD_ERRORS_KEY, [_("Some of what was sent is not valid; see errors.")])
        return problem(status=exc.status_code, detail=" ".join(loose), code="invalid", errors=errors)
    return problem(
        status=answer.status_code, detail=str(answer.data["detail"]), code=answer.data["detail"].code, headers=headers
    )


def by_field(detail: object, path: str = "") -> Errors:
    """Flatten the nested errors of a serializer: {"lines": [{}, {"amount": ["…"]}]} is {"lines.1.amount": ["…"]}."""
    if isinstance(detail, Mapping):
        children = [(str(key), value) for key, value in detail.items()]
    elif isinstance(detail, Sequence) and not isinstance(detail, str):
        if all(isinstance(item, str) for item in detail):
            return {path or api_settings.NON_FIELD_ERRORS_KEY: [str(item) for item in detail]} if detail else {}
        children = [(str(index), value) for index, value in enumerate(detail)]
    else:
        return {path or api_settings.NON_FIELD_ERRORS_KEY: [str(detail)]}
    flat: Errors = {}
    for key, value in children:
        flat.update(by_field(value, f"{path}.{key}" if path else key))
    return flat


def _of_model(error: ValidationError) -> dict[str, list[str]]:
    fields = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    return {api_settings.NON_FIELD_ERRORS_KEY if name == "__all__" else name: texts for name, texts in fields.items()}
