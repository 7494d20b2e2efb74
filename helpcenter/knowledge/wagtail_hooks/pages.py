"""Help pages in the admin: a list of all, pages that must stay, and copies that share their text."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.models import Page

from helpcenter.knowledge.models import HelpIndexPage, HelpPage
from helpcenter.knowledge.services import publishing
from helpcenter.knowledge.wagtail_hooks.reporting import DayColumn


class HelpPageIndexView(IndexView):
    """The list; new pages are made in the tree, where they are to stand."""

    add_url = None
    list_filter = ["product", "reviewer", "live"]
    columns = [
        *IndexView.base_columns,
        Column("reviewer", label="Responsible", accessor=lambda page: page.reviewer or ""),
        DayColumn("review_on", label="Read again on", sort_key="review_on"),
    ]

    def annotate_queryset(self, pages: Any) -> Any:
        """With the people who are responsible."""
        return super().annotate_queryset(pages.select_related("reviewer"))


class HelpPageListing(PageListingViewSet):
    """All help pages in one list, with who keeps them right and when they are read again."""

    model = HelpPage
    index_view_class = HelpPageIndexView
    columns = HelpPageIndexView.columns
    icon = "help"
    menu_label = "Help pages"
    menu_order = 150
    add_to_admin_menu = True


@hooks.register("register_admin_viewset")
def help_page_listing() -> HelpPageListing:
    """The list of help pages."""
    return HelpPageListing("help_pages")


@hooks.register("before_delete_page")
@hooks.register("before_unpublish_page")
def keep_the_help_center(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The front of the help center is no page that one can do without."""
    if page.specific_class is not HelpIndexPage:
        return None
    messages.error(request, "The help center itself stays; delete or unpublish the pages below it.")
    return redirect("wagtailadmin_explore", page.pk)


@hooks.register("after_copy_page")
def alias_made(request: HttpRequest, page: Page, copy: Page) -> None:
    """An alias goes live without being published."""
    if copy.alias_of_id:
        publishing.write(copy.get_descendants(inclusive=True).values_list("pk", flat=True))
