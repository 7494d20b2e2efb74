"""How staff narrow the queue; the list and what is done to all of a list use the same."""

from datetime import timedelta
from typing import Any

import django_filters
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet

from portal.activity.registers import NamedFilter
from portal.approvals.models import Approval, ApprovalQuerySet, companies_named, kinds_by_decider, staff_kinds
from portal.approvals.registry import kinds
from portal.core.http import StaffRequest

DECIDERS = [("staff", "Our staff"), ("company", "The company")]
AGES = [("1", "more than a day"), ("3", "more than 3 days"), ("7", "more than a week"), ("30", "more than 30 days")]


class ApprovalFilters(WagtailFilterSet):
    """Kind, company, age, who decides, and state."""

    kind = django_filters.ChoiceFilter(label="Kind", choices=[])
    company = NamedFilter(label="Company")
    age = django_filters.ChoiceFilter(label="Asked", choices=AGES, method="filter_age", empty_label="Any time ago")
    decider = django_filters.ChoiceFilter(label="Decided by", choices=DECIDERS, method="filter_decider")
    status = django_filters.ChoiceFilter(label="State", choices=Approval.Status.choices)

    class Meta:
        model = Approval
        fields = ["kind", "company", "age", "decider", "status"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(code, kinds.get(code).label) for code in staff_kinds(self.request.user)]
        self.filters["kind"].extra["choices"] = known

    def filter_decider(self, queryset: ApprovalQuerySet, name: str, value: str) -> ApprovalQuerySet:
        """Those that staff are asked to decide, or those that companies decide themselves."""
        return queryset.filter(kind__in=kinds_by_decider(self.request.user)[value == "company"])

    def filter_age(self, queryset: ApprovalQuerySet, name: str, value: str) -> ApprovalQuerySet:
        """Those asked longer than so many days ago."""
        return queryset.filter(asked_at__lt=timezone.now() - timedelta(days=int(value)))


def listed(request: StaffRequest) -> ApprovalQuerySet:
    """What the list shows at these filters and this search; nothing, where a filter makes no sense."""
    rows = Approval.objects.for_staff(request.user)
    filters = ApprovalFilters(request.GET, request=request, queryset=rows)
    if not filters.is_valid():
        return rows.none()
    found: ApprovalQuerySet = filters.filter_queryset(rows)
    return searched(found, request.GET.get("q", ""), request)


def searched(rows: ApprovalQuerySet, text: str, request: StaffRequest) -> ApprovalQuerySet:
    """Those whose subject has these words, or whose company: of companies named in the filter, the subject alone."""
    named = [] if request.GET.get("company", "").split() else companies_named(text)
    return rows.search(text, named)
