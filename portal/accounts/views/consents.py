"""Agreeing to newer texts, and to what is optional."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.accounts.consent_gate import SESSION_KEY
from portal.accounts.models import ConsentText
from portal.accounts.services import consents
from portal.accounts.views.privacy import GET_OR_POST
from portal.accounts.views.second_factor import wanted
from portal.core.http import MemberRequest
from portal.core.posting import posted_from


@never_cache
@login_required
@GET_OR_POST
def agree(request: MemberRequest) -> HttpResponse:
    """Newer versions of what one agreed to; agreeing to what was shown leads on."""
    if request.method == "POST":
        consents.give_shown(user=request.user, keys=request.POST.getlist("text"), at=timezone.now())
    texts = consents.outstanding(request.user)
    if not texts:
        request.session.pop(SESSION_KEY, None)
        return redirect(wanted(request))
    return render(request, "accounts/privacy/consents.html", {"texts": texts, "next": wanted(request)})


@login_required
@posted_from("privacy")
def choose(request: MemberRequest, kind: str) -> HttpResponse:
    """Agree to an optional text, or take it back."""
    if kind not in ConsentText.Kind.values:
        raise Http404
    if "withdraw" in request.POST:
        consents.withdraw(user=request.user, kind=kind, at=timezone.now())
        messages.success(request, _("You do not agree to it any more."))
    else:
        consents.give_optional(user=request.user, kind=kind, at=timezone.now())
        messages.success(request, _("Thank you. You can take it back here whenever you like."))
    return redirect("privacy")
