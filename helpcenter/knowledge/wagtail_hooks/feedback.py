"""What readers said of pages: a register to read and to answer."""

from typing import Any, cast

import django_filters
from django.contrib.admin.utils import quote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin
from wagtail.admin.widgets import Button
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from billing.catalog.models import Product
from helpcenter.knowledge.forms import AnswerForm
from helpcenter.knowledge.models import Feedback, HelpPage
from helpcenter.knowledge.services import feedback as feedbacks
from helpcenter.knowledge.wagtail_hooks.rights import FeedbackPolicy
from portal.accounts.models import User
from portal.core.admin_choosers import Unchosen
from portal.core.forms import refusals_on


def commented(request: HttpRequest) -> QuerySet[HelpPage]:
    """Pages that somebody voted on."""
    return HelpPage.objects.filter(pk__in=Feedback.objects.values("page")).order_by("title")


class FeedbackFilters(WagtailFilterSet):
    """Helpful or not, with a comment that waits or not, on which page."""

    is_helpful = django_filters.BooleanFilter(label="Helpful")
    waits = django_filters.BooleanFilter(label="Comment waits for an answer", method="filter_waits")
    product = django_filters.ModelChoiceFilter(
        field_name="page__product", queryset=Product.objects.all(), label="Product"
    )
    page = django_filters.ModelChoiceFilter(queryset=commented, label="Page")

    class Meta:
        model = Feedback
        fields = ["is_helpful", "waits", "product", "page"]

    def filter_waits(self, queryset: Any, name: str, value: bool) -> Any:
        """Comments that no editor has answered, or all the rest."""
        waiting = Feedback.objects.unanswered()
        return queryset.filter(pk__in=waiting) if value else queryset.exclude(pk__in=waiting)


class FeedbackIndexView(IndexView):
    """All votes, the newest first."""

    default_ordering = "-updated_at"

    def get_list_more_buttons(self, instance: Feedback) -> list[Any]:
        """A way to answer a comment, for those who may."""
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if instance.comment and not instance.answered_at and self.user_has_permission("answer"):
            url = reverse("wagtailsnippets_knowledge_feedback:answer", args=[quote(instance.pk)])
            buttons.append(Button("Answer", url=url, icon_name="comment", priority=5))
        return buttons


class AnswerView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Answers a comment, once."""

    model = Feedback
    permission_required = "answer"
    template_name = "knowledge/admin/answer.html"
    form_class = AnswerForm
    page_title = "Answer"
    header_icon = "comment"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the comment."""
        super().setup(request, *args, **kwargs)
        self.feedback = get_object_or_404(Feedback.objects.exclude(comment=""), pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        """Which page it is about."""
        return self.feedback.page.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the comment."""
        return {**super().get_context_data(**kwargs), "feedback": self.feedback, "submit_button_label": "Answer"}

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the answer, or show why not."""
        with refusals_on(form):
            text, by = form.cleaned_data["answer"], cast("User", self.request.user)
            feedbacks.answer(feedback=self.feedback, text=text, by=by, at=timezone.now())
            way = "by e-mail and below the page" if self.feedback.user else "below the page"
            messages.success(self.request, f"The reader sees your answer {way}.")
            return redirect("wagtailsnippets_knowledge_feedback:list")
        return self.form_invalid(form)


class FeedbackViewSet(Unchosen, SnippetViewSet):
    """Votes and comments."""

    model = Feedback
    icon = "comment"
    menu_label = "Feedback"
    menu_order = 240
    add_to_admin_menu = True
    copy_view_enabled = False
    add_to_reference_index = False
    inspect_view_enabled = True
    inspect_view_fields = [
        "page",
        "is_helpful",
        "comment",
        "user",
        "created_at",
        "answer",
        "answered_by",
        "answered_at",
    ]
    index_view_class = FeedbackIndexView
    filterset_class = FeedbackFilters
    list_display = [
        "page",
        BooleanColumn("is_helpful", label="Helpful", sort_key="is_helpful"),
        Column("comment", label="Comment", accessor=lambda row: Truncator(row.comment).chars(140)),
        Column("reader", label="Reader"),
        DateColumn("updated_at", label="When", sort_key="updated_at"),
        DateColumn("answered_at", label="Answered", sort_key="answered_at"),
    ]
    search_fields = ["comment", "page__title"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feedback]:
        """With what the list shows of each."""
        return Feedback.objects.select_related("page", "user")

    def get_urlpatterns(self) -> list[Any]:
        """The address of answering beside the usual ones."""
        answer = self.construct_view(AnswerView)
        return [*super().get_urlpatterns(), path("answer/<int:pk>/", answer, name="answer")]


register_permission_policy(Feedback, FeedbackPolicy(Feedback))
register_snippet(FeedbackViewSet)
