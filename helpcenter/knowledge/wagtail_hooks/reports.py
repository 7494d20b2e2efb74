"""Reports on help pages: those that do not help, those to read again, and links that lead nowhere."""

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from helpcenter.knowledge.models import BrokenLink, HelpDocument, LinkCheck
from helpcenter.knowledge.services import links
from helpcenter.knowledge.wagtail_hooks.reporting import DayColumn, HelpReport, PageColumn, register
from helpcenter.knowledge.wagtail_hooks.rights import CHECK_LINKS
from portal.accounts.models import User
from portal.core.admin_lists import FigureColumn


def comments_on(row: HelpDocument) -> str:
    """Where the comments on a page are."""
    return f"{reverse('wagtailsnippets_knowledge_feedback:list')}?page={row.pk}"


class UnhelpfulReport(HelpReport):
    """Pages that did not help somebody."""

    page_title = "Pages that do not help"
    page_subtitle = "Pages that readers voted “not helpful”, the largest share first"
    empty = "No reader has said so far that a page did not help."
    header_icon = "thumbtack"
    index_url_name = "help-unhelpful"
    index_results_url_name = "help-unhelpful-results"
    columns = [
        PageColumn(),
        FigureColumn("no_share", label="Not helpful", accessor=lambda row: f"{row.no_share} %", sort_key="no_share"),
        FigureColumn("no_votes", label="Votes “no”", sort_key="no_votes"),
        FigureColumn("votes", label="Votes", sort_key="votes"),
        TitleColumn("comments", label="Comments", accessor=lambda row: "Read", get_url=comments_on),
    ]
    list_export = ["title", "path", "no_share", "no_votes", "votes"]

    def get_queryset(self) -> QuerySet[HelpDocument]:
        """The worst first, or as the reader of the report sorts."""
        return self.order_queryset(HelpDocument.objects.listed().unhelpful())


def responsible(request: HttpRequest) -> QuerySet[User]:
    """People who are responsible for some page."""
    return User.objects.filter(pk__in=HelpDocument.objects.exclude(owner=None).values("owner"))


class StaleFilters(WagtailFilterSet):
    """Whose pages."""

    owner = django_filters.ModelChoiceFilter(queryset=responsible, label="Responsible")

    class Meta:
        model = HelpDocument
        fields = ["owner"]


class StaleReport(HelpReport):
    """Pages whose day of review has come."""

    page_title = "Pages to read again"
    page_subtitle = "Live pages whose day of review has come, the longest overdue first"
    empty = "No page is due. The day of review and who is responsible are set in a page's form, under Promote."
    header_icon = "time"
    index_url_name = "help-stale"
    index_results_url_name = "help-stale-results"
    filterset_class = StaleFilters
    columns = [
        PageColumn(),
        Column("owner", label="Responsible", accessor=lambda row: row.owner or "Nobody"),
        DayColumn("review_on", label="Due on", sort_key="review_on"),
        DateColumn("updated_at", label="Last changed", sort_key="updated_at"),
    ]
    list_export = ["title", "path", "owner", "review_on", "updated_at"]

    def get_queryset(self) -> QuerySet[HelpDocument]:
        """The longest overdue first."""
        documents = HelpDocument.objects.listed().stale(today=timezone.localdate())
        return self.order_queryset(documents.select_related("owner"))


class BrokenLinksReport(HelpReport):
    """Links of live pages that lead nowhere."""

    template_name = "knowledge/admin/broken_links.html"
    page_title = "Broken links"
    empty = "No broken link is known."
    header_icon = "link"
    index_url_name = "help-broken-links"
    index_results_url_name = "help-broken-links-results"
    columns = [
        PageColumn("page.title", "page_id"),
        Column("target", label="Link"),
        Column("reason", label="What is wrong"),
        DateColumn("found_at", label="Found"),
    ]
    list_export = ["page.title", "target", "reason", "found_at"]

    def get_queryset(self) -> QuerySet[BrokenLink]:
        """By page."""
        return BrokenLink.objects.select_related("page").order_by("page__title", "target")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the last check."""
        check, may_check = LinkCheck.objects.order_by("-pk").first(), self.request.user.has_perm(CHECK_LINKS)
        return {**super().get_context_data(*args, **kwargs), "check": check, "may_check": may_check}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The list; while a check runs, the browser asks again every five seconds."""
        response: HttpResponse = super().render_to_response(context, **kwargs)
        check = context.get("check")
        if check and check.state in {check.State.QUEUED, check.State.RUNNING}:
            response["Refresh"] = "5"
        return response

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check all links now, in the background. Raises PermissionDenied."""
        if not request.user.has_perm(CHECK_LINKS):
            raise PermissionDenied
        links.request_check(at=timezone.now())
        messages.success(request, "All links are being checked. The list follows by itself when that is done.")
        return redirect(self.index_url_name)


register(UnhelpfulReport, "help-unhelpful", 820)
register(StaleReport, "help-stale", 830)
register(BrokenLinksReport, "help-broken-links", 840)
