"""Who may open a page or call an address of the API at a company's desk: the table of roles, asked in one place."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from portal.accounts import roles
from portal.core.http import MemberRequest

P = ParamSpec("P")
View = Callable[Concatenate[MemberRequest, P], HttpResponseBase]


def requires(permission: roles.Permission, *, to_write: roles.Permission | None = None) -> Callable[[View[P]], Any]:
    """A page of a company's desk for members who hold the permission; `to_write` is asked for what is no GET.

    The anonymous are sent to sign in, people at other desks get 404, members without the right 403.
    """

    def decorate(view: View[P]) -> Any:
        @wraps(view)
        def checked(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.membership is None:
                raise Http404
            wanted = permission if to_write is None or request.method in ("GET", "HEAD") else to_write
            if not roles.allows(request.membership, wanted):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return login_required(checked)

    return decorate


class MemberMay(BasePermission):
    """The same for the API: `MemberMay.to(Permission.VIEW_COMPANY, to_write=Permission.EDIT_COMPANY)`."""

    permission: roles.Permission
    to_write: roles.Permission

    @classmethod
    def to(cls, permission: roles.Permission, *, to_write: roles.Permission | None = None) -> type["MemberMay"]:
        """Make the permission class of a view."""
        return type(f"MemberMay_{permission}", (cls,), {"permission": permission, "to_write": to_write or permission})

    def has_permission(self, request: Request, view: Any) -> bool:
        """Raise Http404 for people at no company's desk; else ask the table."""
        if not request.user.is_authenticated:
            return False
        membership = getattr(request, "membership", None)
        if membership is None:
            raise Http404
        return roles.allows(membership, self.permission if request.method in ("GET", "HEAD") else self.to_write)
