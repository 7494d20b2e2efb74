"""The link below each e-mail that need not be read."""

from django.contrib.auth import get_user_model
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.core.errors import DomainError
from portal.notifications.services import deliveries, preferences


# Mail programs post without a token (RFC 8058): the signed address is the proof.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask first; a POST, of the page's button or of a mail program (RFC 8058), ends these e-mails at once."""
    try:
        user_id, section = signing.loads(token, salt=deliveries.SALT)
    except signing.BadSignature:
        raise Http404 from None
    user = get_object_or_404(get_user_model(), pk=user_id, is_active=True)
    done = request.method == "POST"
    if done:
        try:
            preferences.unsubscribe(user=user, section=section)
        except DomainError:
            raise Http404 from None
    context = {"section": section, "address": user.email, "done": done}
    return render(request, "notifications/unsubscribe.html", context)
