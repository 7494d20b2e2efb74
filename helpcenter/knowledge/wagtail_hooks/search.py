"""Search in the admin: synonyms and recommended pages to keep, reports of what readers did not find."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from helpcenter.knowledge.models import Promotion, SearchEvent, Synonym
from helpcenter.knowledge.wagtail_hooks.reporting import HelpReport, register
from portal.core.admin_lists import FigureColumn

PERIOD = timedelta(days=90)


class SynonymViewSet(SnippetViewSet):
    """Words that mean the same."""

    model = Synonym
    icon = "tag"
    menu_label = "Synonyms"
    list_display = ["__str__"]
    copy_view_enabled = False
    inspect_view_enabled = True


class PromotionViewSet(SnippetViewSet):
    """Pages that stand above the results of certain searches."""

    model = Promotion
    icon = "pick"
    menu_label = "Recommended results"
    list_display = ["__str__", "page", "text"]
    list_select_related = ["page"]
    copy_view_enabled = False
    inspect_view_enabled = True


class SearchViewSetGroup(SnippetViewSetGroup):
    """What editors tell the search."""

    menu_label = "Help search"
    menu_icon = "search"
    menu_order = 245
    items = (SynonymViewSet, PromotionViewSet)


register_snippet(SearchViewSetGroup)


class SearchReport(HelpReport):
    """Searches of the last 90 days, one row a query."""

    header_icon = "search"
    export_headings = {
        "query": "Search",
        "searches": "Searches",
        "clicks": "Opened",
        "click_rate": "Opened, per search",
        "average_results": "Results",
        "last_at": "Last searched",
    }
    query_column = Column("query", label="Search")
    searches_column = FigureColumn("searches", label="Searches")
    last_column = DateColumn("last_at", label="Last searched")

    def events(self) -> Any:
        """What was searched lately."""
        return SearchEvent.objects.since(timezone.now() - PERIOD)


class NothingFoundReport(SearchReport):
    """Searches without a result."""

    page_title = "Searches that found nothing"
    page_subtitle = "Last 90 days, most frequent first: pages or synonyms to write"
    empty = "Readers found something with every search of the last 90 days."
    index_url_name = "help-nothing-found"
    index_results_url_name = "help-nothing-found-results"
    columns = [SearchReport.query_column, SearchReport.searches_column, SearchReport.last_column]
    list_export = ["query", "searches", "last_at"]

    def get_queryset(self) -> Any:
        """One row a query."""
        return self.events().nothing_found()


class LowClicksReport(SearchReport):
    """Searches whose results are not opened."""

    page_title = "Searches that few readers follow"
    page_subtitle = "Last 90 days, at least 5 searches, fewer than 3 of 10 led to a page"
    empty = "Readers open results of every frequent search."
    index_url_name = "help-low-clicks"
    index_results_url_name = "help-low-clicks-results"
    columns = [
        SearchReport.query_column,
        SearchReport.searches_column,
        FigureColumn("clicks", label="Opened"),
        FigureColumn("click_rate", label="Opened, per search", accessor=lambda row: f"{row['click_rate']:.0%}"),
        FigureColumn("average_results", label="Results", accessor=lambda row: f"{row['average_results']:.0f}"),
        SearchReport.last_column,
    ]
    list_export = ["query", "searches", "clicks", "click_rate", "average_results", "last_at"]

    def get_queryset(self) -> Any:
        """One row a query."""
        return self.events().low_clicks()


register(NothingFoundReport, "help-nothing-found", 800)
register(LowClicksReport, "help-low-clicks", 810)
