"""Where one is signed in, and ending that."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.accounts.services import sign_ins
from portal.accounts.sign_in_middleware import SESSION_KEY
from portal.core.http import MemberRequest
from portal.core.posting import posted_from


@never_cache
@login_required
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """Browsers and programs that are signed in, this browser first."""
    now = timezone.now()
    found = sign_ins.current(user=request.user, at=now)
    context = {
        "here": [sign_in for sign_in in found if str(sign_in.public_id) == this(request)],
        "others": [sign_in for sign_in in found if str(sign_in.public_id) != this(request)],
        "programs": sign_ins.programs(user=request.user, at=now),
    }
    return render(request, "accounts/sessions.html", context)


@login_required
@posted_from("sessions")
def revoke(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Sign one browser or program out."""
    if not sign_ins.revoke(user=request.user, public_id=public_id, at=timezone.now()):
        raise Http404
    if str(public_id) != this(request):
        messages.success(request, _("Signed out there."))
    return redirect("sessions")


@login_required
@posted_from("sessions")
def revoke_others(request: MemberRequest) -> HttpResponse:
    """Sign all others out."""
    ended = sign_ins.revoke_others(user=request.user, keep=this(request), at=timezone.now())
    messages.success(request, _("Signed out elsewhere.") if ended else _("You are signed in nowhere else."))
    return redirect("sessions")


def this(request: MemberRequest) -> str:
    """The identifier of the sign-in that the request belongs to; empty where none was written down."""
    known: dict[str, str] = request.session.get(SESSION_KEY, {})
    return known.get("id", "")
