"""A company's billing at one look, for other programs."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.invoicing.models import InvoiceLine
from billing.payments.api import PaymentMethodSerializer
from billing.payments.models import PaymentMethod
from billing.payments.services import owing
from billing.subscriptions.pages import next_bill
from portal.accounts.models import Company
from portal.accounts.permissions import MemberMay
from portal.accounts.roles import Permission
from portal.core.api.amounts import MoneyField


class ComingLineSerializer(serializers.ModelSerializer[InvoiceLine]):
    """A line of the next bill, by what is known today; `ends_on` is the first day after its period."""

    net = MoneyField()

    class Meta:
        model = InvoiceLine
        fields: ClassVar[list[str]] = ["description", "net", "tax_percent", "tax_reason", "starts_on", "ends_on"]
        read_only_fields = fields


class NextBillSerializer(serializers.Serializer[Any]):
    """What is invoiced next; use beyond what a plan includes is not in it yet."""

    day = serializers.DateField()
    net, tax, total = (MoneyField(source=f"invoice.{name}") for name in ("net", "tax", "total"))
    lines = ComingLineSerializer(many=True)


class BillingSerializer(serializers.Serializer[Any]):
    """What the company owes today, in its currency, what comes next, and what is charged automatically.

    `next_due_on` is the first day on which something is due, past days as well.
    """

    company = serializers.SlugField(source="company.slug")
    due, overdue, balance = (MoneyField(source=f"owed.{name}") for name in ("due", "overdue", "balance"))
    next_due_on = serializers.DateField(source="owed.next_on", allow_null=True)
    next_bill = NextBillSerializer(allow_null=True)
    default_method = PaymentMethodSerializer(allow_null=True)


class CustomerBilling(APIView):
    """The billing of the company in use."""

    permission_classes = [MemberMay.to(Permission.VIEW_BILLING)]

    @extend_schema(responses=BillingSerializer, summary="Read what the company owes and what comes next")
    def get(self, request: Request) -> Response:
        """Sums, the next bill line by line, and the default payment method."""
        company: Company = vars(request)["_request"].company
        today = timezone.localdate()
        told = {
            "company": company,
            "owed": owing.of(company, today=today),
            "next_bill": next_bill(company, today=today),
            "default_method": PaymentMethod.objects.select_related("company").default_of(company),
        }
        return Response(BillingSerializer(told).data)
