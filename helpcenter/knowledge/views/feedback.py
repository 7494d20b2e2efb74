"""Readers say whether a page was helpful."""

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from helpcenter.knowledge.forms import FeedbackForm
from helpcenter.knowledge.models import Feedback, HelpDocument
from helpcenter.knowledge.readers import reader_of
from helpcenter.knowledge.services import feedback as feedbacks
from portal.core.http import PortalRequest


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def feedback(request: PortalRequest, page_id: int) -> HttpResponse:
    """Show or take a reader's vote; a fragment of the article for htmx, a small page of its own without JavaScript."""
    document = get_object_or_404(HelpDocument.objects.readable_by(reader_of(request)).listed(), pk=page_id)
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        vote: Feedback | None = take(request, document, form)
        if not request.htmx:
            return redirect(f"{document.path}#feedback" if request.user.is_authenticated else request.path)
    else:
        vote = Feedback.objects.of_reader(page_id=page_id, user=request.user, visitor=visitor_of(request))
    template = "knowledge/feedback_form.html" if request.htmx else "knowledge/feedback.html"
    status = 422 if form.errors else 200
    return render(request, template, {"document": document, "vote": vote, "form": form}, status=status)


def visitor_of(request: PortalRequest) -> str:
    """Key of an anonymous reader, made of the secret in the cookie that every form needs; no session is begun.

    Kept pages stay open to readers who voted, and two presses of a button are one reader's.
    """
    secret = request.META.get("CSRF_COOKIE", "")
    return salted_hmac("helpcenter.knowledge.feedback", secret).hexdigest() if secret else ""


def take(request: PortalRequest, document: HelpDocument, form: FeedbackForm) -> Feedback:
    """Record the vote of whoever asks: the account, or the visitor."""
    get_token(request)
    user = request.user if request.user.is_authenticated else None
    visitor = "" if user else visitor_of(request)
    helpful, comment = form.cleaned_data["helpful"], form.cleaned_data["comment"]
    return feedbacks.vote(document=document, user=user, visitor=visitor, is_helpful=helpful, comment=comment)
