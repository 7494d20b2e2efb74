"""A company's use for its own programs."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

import django_filters
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Max, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers

from billing.usage.models import DailyUsage
from billing.usage.series import Step, Sums
from portal.accounts.permissions import MemberMay
from portal.accounts.roles import Permission
from portal.core.api.lists import Pages
from portal.core.http import MemberRequest

USUAL = timedelta(days=29)
STEPS = [(step.value, f"By the {step.value}") for step in Step]
VALUE = "Of counts and features the sum, of levels the last value, of durations the mean in milliseconds."


class UseSerializer(serializers.Serializer[Any]):
    """What was used of a metric of a product on a day or in a month."""

    company = serializers.CharField()
    product = serializers.CharField(source="product__slug")
    metric = serializers.CharField(source="metric__slug")
    kind = serializers.CharField(source="metric__kind", help_text="count, level, duration or feature")
    starts_on = serializers.DateField(source="start", help_text="The day, or the first of the month.")
    value = serializers.SerializerMethodField(help_text=VALUE)
    events = serializers.IntegerField(source="number")
    members = serializers.IntegerField(help_text="How many members it was.")

    def get_value(self, row: Mapping[str, Any]) -> int:
        """The figure that the kind of the metric asks for."""
        return Sums(int(row["sum"]), int(row["number"]), row["most"], row["levels"][0]).value(row["metric__kind"])


class FigureFilter(django_filters.FilterSet):
    """By product and metric; from a day up to, and with, another: by themselves the last 30 days."""

    product = django_filters.CharFilter(field_name="product__slug")
    metric = django_filters.CharFilter(field_name="metric__slug")
    by = django_filters.ChoiceFilter(choices=STEPS, method="unchanged", label="Grouped by day, or by month")

    class Meta:
        model = DailyUsage
        fields: tuple[str, ...] = ()

    @classmethod
    def get_filters(cls) -> Any:
        """The two days as well, whose names are words of Python."""
        days = {
            "from": django_filters.DateFilter(field_name="used_on", lookup_expr="gte"),
            "to": django_filters.DateFilter(field_name="used_on", lookup_expr="lte"),
        }
        return {**super().get_filters(), **days}

    def unchanged(self, rows: QuerySet[DailyUsage], name: str, value: str) -> QuerySet[DailyUsage]:
        """How they are grouped says `filter_queryset`, once they are narrowed."""
        return rows

    def filter_queryset(self, queryset: Any) -> Any:
        """Narrow and group them, the latest first."""
        rows, chosen = super().filter_queryset(queryset), self.form.cleaned_data
        if not chosen["from"]:
            rows = rows.filter(used_on__gte=(chosen["to"] or timezone.localdate()) - USUAL)
        start = TruncMonth("used_on") if chosen["by"] == Step.MONTH else F("used_on")
        grouped = rows.order_by().annotate(start=start).values("product__slug", "metric__slug", "metric__kind", "start")
        return grouped.annotate(
            company=F("company__slug"),
            sum=Sum("total"),
            number=Sum("events"),
            most=Max("highest"),
            members=Count("user", distinct=True),
            levels=ArrayAgg("last", order_by=("-used_on", "-last_at")),
        ).order_by("-start", "product__slug", "metric__slug")


@extend_schema(summary="List use by day or month")
class FigureList(generics.ListAPIView[DailyUsage]):
    """What the company used of its products, the latest first."""

    queryset = DailyUsage.objects.none()
    serializer_class = UseSerializer
    permission_classes = [MemberMay.to(Permission.VIEW_COMPANY)]
    pagination_class = Pages
    filterset_class = FigureFilter

    def get_queryset(self) -> QuerySet[DailyUsage]:
        """That of the company in use."""
        return DailyUsage.objects.for_company(cast("MemberRequest", self.request._request).company)
