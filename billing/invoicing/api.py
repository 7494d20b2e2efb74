"""Invoices for other programs."""

from typing import Any, ClassVar, cast

import django_filters
from django.utils import timezone
from rest_framework import generics, serializers

from billing.invoicing.models import Invoice, InvoiceLine
from billing.invoicing.models.invoices import InvoiceQuerySet
from portal.accounts.permissions import MemberMay
from portal.accounts.roles import Permission
from portal.core.api.amounts import MoneyField
from portal.core.api.lists import Pages, StableOrdering
from portal.core.http import MemberRequest

ISSUED = [(value, label) for value, label in Invoice.Status.choices if value != Invoice.Status.DRAFT]


class LineSerializer(serializers.ModelSerializer[InvoiceLine]):
    """A line; `ends_on` is the first day after its period."""

    unit_price = MoneyField(source="price")
    net = MoneyField()

    class Meta:
        model = InvoiceLine
        fields: ClassVar[list[str]] = [
            "position", "description", "quantity", "unit_price", "net", "tax_percent", "tax_reason", "starts_on",
            "ends_on",
        ]  # fmt: skip
        read_only_fields = fields


class RateSerializer(serializers.Serializer[Any]):
    """The tax of one rate; `reason` says why none is charged."""

    name = serializers.CharField()
    percent = serializers.DecimalField(max_digits=6, decimal_places=3)
    reason = serializers.CharField()
    net = MoneyField()
    tax = MoneyField()


class InvoiceSerializer(serializers.ModelSerializer[Invoice]):
    """An invoice; `due` is what is still to be paid."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    company = serializers.SlugField(source="company.slug", read_only=True)
    net, tax, total, due = MoneyField(), MoneyField(), MoneyField(), MoneyField()

    class Meta:
        model = Invoice
        fields: ClassVar[list[str]] = [
            "id", "number", "status", "company", "issued_on", "due_on", "net", "tax", "total", "due", "issued_at",
            "closed_at",
        ]  # fmt: skip
        read_only_fields = fields


class WholeInvoiceSerializer(InvoiceSerializer):
    """An invoice with its lines and its tax by rate."""

    lines = LineSerializer(many=True, read_only=True)
    taxes = RateSerializer(source="tax_lines", many=True, read_only=True)

    class Meta(InvoiceSerializer.Meta):
        fields: ClassVar[list[str]] = [*InvoiceSerializer.Meta.fields, "note", "lines", "taxes"]
        read_only_fields = fields


class InvoiceFilter(django_filters.FilterSet):
    """By state and day of issue; `overdue` for those whose day has passed."""

    status = django_filters.ChoiceFilter(choices=ISSUED)
    issued_from = django_filters.DateFilter(field_name="issued_on", lookup_expr="gte")
    issued_to = django_filters.DateFilter(field_name="issued_on", lookup_expr="lte")
    overdue = django_filters.BooleanFilter(method="only_overdue")
    ordering = StableOrdering(fields=["issued_on", "due_on", "number"])

    class Meta:
        model = Invoice
        fields: ClassVar[list[str]] = []

    def only_overdue(self, rows: InvoiceQuerySet, name: str, value: bool) -> InvoiceQuerySet:
        """Those that are overdue today; with false, all."""
        return rows.overdue(today=timezone.localdate()) if value else rows


class InvoiceList(generics.ListAPIView[Invoice]):
    """The company's invoices, the newest first."""

    queryset = Invoice.objects.none()
    serializer_class = InvoiceSerializer
    permission_classes = [MemberMay.to(Permission.VIEW_BILLING)]
    pagination_class = Pages
    filterset_class = InvoiceFilter

    def get_queryset(self) -> InvoiceQuerySet:
        """Those of the company in use."""
        company = cast("MemberRequest", self.request._request).company
        return Invoice.objects.for_company(company).select_related("company").with_due().newest()


class InvoiceDetail(generics.RetrieveAPIView[Invoice]):
    """One invoice of the company."""

    queryset = Invoice.objects.none()
    serializer_class = WholeInvoiceSerializer
    permission_classes = [MemberMay.to(Permission.VIEW_BILLING)]
    lookup_field = "number"

    def get_queryset(self) -> InvoiceQuerySet:
        """Those of the company in use."""
        company = cast("MemberRequest", self.request._request).company
        return Invoice.objects.for_company(company).select_related("company").prefetch_related("lines").with_due()
