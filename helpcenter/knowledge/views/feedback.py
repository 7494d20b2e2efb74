"""Readers say whether a page was helpful."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from helpcenter.knowledge.forms import FeedbackForm
from helpcenter.knowledge.models import Feedback, HelpDocument
from helpcenter.knowledge.readers import reader_of
from helpcenter.knowledge.services import feedback as feedbacks
from portal.core.http import PortalRequest


@require_http_methods(["GET", "POST"])
def feedback(request: PortalRequest, page_id: int) -> HttpResponse:
    """Show or take a reader's vote; a fragment of the article for htmx, a small page of its own without JavaScript."""
    document = get_object_or_404(HelpDocument.objects.readable_by(reader_of(request)).listed(), pk=page_id)
    vote = Feedback.objects.of_reader(page_id=page_id, user=request.user, visitor=request.session.get("visitor", ""))
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        vote = take(request, document, form)
        if not request.htmx:
            return redirect(f"{document.path}#feedback")
    template = "knowledge/feedback_form.html" if request.htmx else "knowledge/feedback.html"
    status = 422 if form.errors else 200
    return render(request, template, {"document": document, "vote": vote, "form": form}, status=status)


def take(request: PortalRequest, document: HelpDocument, form: FeedbackForm) -> Feedback:
    """Record the vote of whoever asks: the account, or the visitor whom the session knows by a random key."""
    user = request.user if request.user.is_authenticated else None
    visitor = ""
    if user is None:
        visitor = request.session.setdefault("visitor", feedbacks.new_visitor())
    helpful, comment = form.cleaned_data["helpful"], form.cleaned_data["comment"]
    return feedbacks.vote(document=document, user=user, visitor=visitor, is_helpful=helpful, comment=comment)
