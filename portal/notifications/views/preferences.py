"""What one wants to be told, where and when."""

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
from portal.notifications.forms import ContactForm, PreferencesForm
from portal.notifications.models import BlockedAddress
from portal.notifications.services import addresses
from portal.notifications.services import preferences as choices


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: MemberRequest) -> HttpResponse:
    """Choices by section and channel, and the hour of the digest."""
    contact = ContactForm(request.POST or None, instance=choices.contact_settings(request.user))
    form = PreferencesForm(request.POST or None, user=request.user)
    if request.method == "POST" and contact.is_valid() and form.is_valid():
        with refusals_on(form):
            choices.choose(user=request.user, choices=form.choices())
            contact.save()
            messages.success(request, _("Your notification settings are saved."))
            return redirect("notification-settings")
    status = 422 if contact.errors or form.errors else 200
    context = {"form": form, "contact": contact, "blocked": BlockedAddress.objects.of(request.user.email).first()}
    return render(request, "notifications/preferences.html", context, status=status)


@login_required
@posted_from("notification-settings")
def try_again(request: MemberRequest) -> HttpResponse:
    """Let mail be sent to one's address again."""
    addresses.lift(user=request.user, at=timezone.now())
    messages.success(request, _("We will write to %(address)s again.") % {"address": request.user.email})
    return redirect("notification-settings")
