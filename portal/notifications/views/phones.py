"""The mobile number for SMS, and the code that proves it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.core.forms import refusals_on
from portal.core.http import MemberRequest
from portal.core.posting import posted_from
from portal.notifications.forms import CodeForm, PhoneForm
from portal.notifications.services import phones, preferences


@login_required
@require_http_methods(["GET", "POST"])
def phone(request: MemberRequest) -> HttpResponse:
    """The number that one has, and the one that a code is to be sent to."""
    contact = preferences.contact_settings(request.user)
    form = PhoneForm(request.POST or None, initial={"phone": contact.phone})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            phones.ask(user=request.user, phone=form.cleaned_data["phone"], at=timezone.now())
            return redirect("notification-phone-confirm")
    context = {"form": form, "contact": contact, "waiting": phones.waiting(user=request.user, at=timezone.now())}
    return render(request, "notifications/phone.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def confirm(request: MemberRequest) -> HttpResponse:
    """The code that came."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            phones.confirm(user=request.user, code=form.cleaned_data["code"], at=timezone.now())
            messages.success(request, _("Your mobile number is confirmed."))
            return redirect("notification-settings")
    waiting = phones.waiting(user=request.user, at=timezone.now())
    if waiting is None and not form.errors:
        return redirect("notification-phone")
    context = {"form": form, "waiting": waiting}
    return render(request, "notifications/phone_code.html", context, status=422 if form.errors else 200)


@login_required
@posted_from("notification-settings")
def remove(request: MemberRequest) -> HttpResponse:
    """Forget the number."""
    phones.remove(user=request.user, at=timezone.now())
    messages.success(request, _("The mobile number is removed. We send you no SMS."))
    return redirect("notification-settings")
