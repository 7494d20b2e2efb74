"""The queue as a list of snippets that nobody adds, edits, copies, deletes or chooses."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.text import Truncator
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from portal.activity.registers import RegisterIndexView
from portal.approvals import addresses
from portal.approvals.models import Approval, ApprovalQuerySet, staff_kinds
from portal.approvals.wagtail_hooks.filters import ApprovalFilters, searched
from portal.approvals.wagtail_hooks.inspecting import ApprovalInspectView
from portal.approvals.wagtail_hooks.rights import ApprovalPolicy
from portal.core.admin_choosers import Unchosen
from portal.core.http import StaffRequest

MOST_SHOWN = 99


class ApprovalIndexView(RegisterIndexView, IndexView):
    """The list, newest first."""

    default_ordering = "-asked_at"
    sheet_verb = "approvals.exported"
    export_filename = "approvals"
    list_export = [
        "label",
        "subject_label",
        "company",
        "asked_by",
        "asked_at",
        "get_status_display",
        "decided_by",
        "decided_at",
        "comment",
    ]
    export_headings = {
        "label": "Kind",
        "subject_label": "Subject",
        "get_status_display": "State",
    }

    def get(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Open the bare address, which stands in the menu, with what waits for our staff: that is what it counts."""
        if not request.GET and not self.results_only:
            return redirect(addresses.staff_waiting())
        answer: HttpResponse = super().get(request, *args, **kwargs)
        return answer

    def search_queryset(self, queryset: ApprovalQuerySet) -> ApprovalQuerySet:
        """Those whose subject or company has this name."""
        return searched(queryset, self.search_query, self.request)


class CountingMenuItem(MenuItem):
    """The way to the queue, with the number of those that wait for this person."""

    def is_shown(self, request: StaffRequest) -> bool:
        """For those who may decide something."""
        return bool(staff_kinds(request.user))

    def render_component(self, request: StaffRequest) -> LinkMenuItem:
        """Count up to a number that is many anyway."""
        item = super().render_component(request)
        waiting = Approval.objects.waiting_for_staff(request.user)[: MOST_SHOWN + 1].count()
        if waiting:
            item.label = f"{self.label} ({waiting if waiting <= MOST_SHOWN else f'{MOST_SHOWN}+'})"
        return item


def person(name: str, label: str) -> Column:
    """A column of people."""
    return Column(name, label=label, accessor=lambda row: getattr(row, name) or "–")


class ApprovalViewSet(Unchosen, SnippetViewSet):
    """Everything that waits for a decision, or was decided."""

    model = Approval
    icon = "circle-check"
    menu_label = "Approvals"
    menu_name = "approvals"
    menu_order = 150
    menu_item_class = CountingMenuItem
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = ApprovalIndexView
    inspect_view_class = ApprovalInspectView
    index_template_name = "approvals/admin/list.html"
    inspect_template_name = "approvals/admin/inspect.html"
    filterset_class = ApprovalFilters
    search_fields = ["subject_label"]
    list_export = ApprovalIndexView.list_export
    export_headings = ApprovalIndexView.export_headings
    list_display = [
        TitleColumn("subject_label", label="Subject", get_url=addresses.staff_page),
        Column("label", label="Kind"),
        Column("company", label="Company", accessor=lambda row: row.company or "–"),
        person("asked_by", "Asked by"),
        DateColumn("asked_at", label="Asked", sort_key="asked_at"),
        Column("status", label="State", accessor="get_status_display"),
        person("decided_by", "Decided by"),
        DateColumn("decided_at", label="Decided", sort_key="decided_at"),
        Column("comment", label="Comment", accessor=lambda row: Truncator(row.comment).chars(60)),
    ]

    def get_queryset(self, request: StaffRequest) -> ApprovalQuerySet:
        """The kinds that this person may decide, with what the list shows of each."""
        return Approval.objects.for_staff(request.user).with_people()

    def get_urlpatterns(self) -> list[Any]:
        """List and inspect view; there is nothing to add, edit or delete."""
        return [
            path("", self.index_view, name="list"),
            path("results/", self.index_results_view, name="list_results"),
            path("inspect/<int:pk>/", self.inspect_view, name="inspect"),
        ]


register_permission_policy(Approval, ApprovalPolicy(Approval))
register_snippet(ApprovalViewSet)
