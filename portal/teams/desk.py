"""Pages of one kind of desk: they do not exist at any other."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.http.response import HttpResponseBase

from portal.accounts.desks import Kind
from portal.core.http import MemberRequest, PortalRequest

P = ParamSpec("P")
View = Callable[Concatenate[MemberRequest, P], HttpResponseBase]


def at_desk(kind: Kind) -> Callable[[View[P]], Any]:
    """A page for people at such a desk; the anonymous are sent to sign in, others get 404."""

    def decorate(view: View[P]) -> Any:
        @wraps(view)
        def checked(request: PortalRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.desk is None or request.desk.kind != kind:
                raise Http404
            return view(cast("MemberRequest", request), *args, **kwargs)

        return login_required(checked)

    return decorate
