"""Addresses that take what a form sends, and are no pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

View = Callable[..., HttpResponseBase]


def posted_from(page: str, *names: str) -> Callable[[View], View]:
    """A view for POST alone; whoever lands there otherwise, as after signing in, is led to the page with the form.

    `page` is the name of its address, `names` are the parts of this address that it takes.
    """

    def decorate(view: View) -> View:
        posted: View = require_POST(view)

        @wraps(view)
        def led(request: HttpRequest, /, **parts: Any) -> HttpResponseBase:
            if request.method in ("GET", "HEAD"):
                return redirect(reverse(page, kwargs={name: parts[name] for name in names}))
            return posted(request, **parts)

        return led

    return decorate
