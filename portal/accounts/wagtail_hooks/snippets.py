"""The register of companies: a list that staff search, and for each a page with what may be done in its place."""

from typing import Any

import django_filters
from django.db.models import Q
from django.urls import path
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from portal.accounts import countries
from portal.accounts.models import Company, Membership, Size
from portal.accounts.models.companies import CompanyQuerySet
from portal.accounts.wagtail_hooks import company_actions
from portal.accounts.wagtail_hooks.company_page import CompanyInspectView, page_of
from portal.core.admin_choosers import Unchosen
from portal.core.admin_lists import SparingIndexView
from portal.core.paging import CappedCountMixin

YES_OR_NO = [("yes", "Yes"), ("no", "No")]


class CompanyFilters(WagtailFilterSet):
    """Country, verification, size, Labs, active."""

    country = django_filters.ChoiceFilter(label="Country", choices=countries.choices)
    verification = django_filters.ChoiceFilter(label="Verification", choices=Company.Verification.choices)
    size = django_filters.ChoiceFilter(label="Size", choices=Size.choices)
    is_labs_customer = django_filters.ChoiceFilter(label="Labs customer", choices=YES_OR_NO, method="filter_flag")
    is_active = django_filters.ChoiceFilter(label="Active", choices=YES_OR_NO, method="filter_flag")

    class Meta:
        model = Company
        fields = ["country", "verification", "size", "is_labs_customer", "is_active"]

    def filter_flag(self, queryset: CompanyQuerySet, name: str, value: str) -> CompanyQuerySet:
        """Those for which it holds, or does not."""
        return queryset.filter(**{name: value == "yes"})


class CompanyPaginator(CappedCountMixin, WagtailPaginator):
    """Pages of the list, however long it is."""

    @property
    def items_count_label(self) -> str:
        """How many there are, or about how many."""
        return f"{'about ' if self.is_estimated else ''}{self.count} {'company' if self.count == 1 else 'companies'}"


class CompanyIndexView(SparingIndexView):
    """The list, by name."""

    default_ordering = "name"
    paginator_class = CompanyPaginator

    def get_list_more_buttons(self, instance: Company) -> list[Any]:
        """None beside the link of the row."""
        return []

    def order_queryset(self, queryset: CompanyQuerySet) -> CompanyQuerySet:
        """As asked for, and equal ones in their order."""
        return queryset.order_by(self.ordering, f"{'-' if self.ordering.startswith('-') else ''}pk")

    def search_queryset(self, queryset: CompanyQuerySet) -> CompanyQuerySet:
        """Those with this in a name or address, and those of the member who has exactly this e-mail address."""
        words = (self.search_query or "").strip()
        if not words:
            return queryset
        named = Q(name__icontains=words) | Q(legal_name__icontains=words) | Q(slug__icontains=words.lower())
        if "@" in words:
            of_member = Membership.objects.filter(user__email__iexact=words).values("company")
            named |= Q(email__icontains=words) | Q(pk__in=of_member)
        return queryset.filter(named)


class CompanyViewSet(Unchosen, SnippetViewSet):
    """Companies, to look at."""

    model = Company
    icon = "home"
    menu_label = "Companies"
    menu_name = "companies"
    menu_order = 155
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = CompanyIndexView
    inspect_view_class = CompanyInspectView
    inspect_template_name = "accounts/admin/company.html"
    filterset_class = CompanyFilters
    search_fields = ["name"]
    list_display = [
        TitleColumn("name", label="Company", get_url=page_of, sort_key="name"),
        Column("country", label="Country", accessor=lambda row: countries.name_of(row.country)),
        Column("verification", label="Verification", accessor="get_verification_display"),
        Column("size", label="Size", accessor=lambda row: row.get_size_display() or "–"),
        Column("is_labs_customer", label="Labs", accessor=lambda row: "Yes" if row.is_labs_customer else "–"),
        Column("is_active", label="Active", accessor=lambda row: "Yes" if row.is_active else "No"),
        DateColumn("created_at", label="Registered", sort_key="created_at"),
    ]

    def get_urlpatterns(self) -> list[Any]:
        """List, page, and what may be done."""
        return [
            path("", self.index_view, name="list"),
            path("results/", self.index_results_view, name="list_results"),
            path("inspect/<int:pk>/", self.inspect_view, name="inspect"),
            *(
                path(f"{name}/<int:pk>/", self.construct_view(view), name=name)
                for name, view in company_actions.ACTIONS.items()
            ),
        ]

    def register_admin_url_finder(self) -> None:
        """No address to edit at, which choosers of pages would link to."""


register_snippet(CompanyViewSet)
