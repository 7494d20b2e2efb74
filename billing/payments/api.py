"""Payments and payment methods for other programs.

A POST reserves and answers at once; the gateway is called after the commit, and `payments/<id>/` says what came of it.
So the answer that is kept for an Idempotency-Key is written in the transaction of the reservation (decision 14).
"""

from typing import Any, ClassVar, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.invoicing.models import Invoice
from billing.payments import pages
from billing.payments.forms import keeping, offered
from billing.payments.models import Payment, PaymentMethod
from billing.payments.services import methods, payments
from billing.payments.services.payments import Way
from portal.accounts.permissions import MemberMay
from portal.accounts.roles import Permission
from portal.core import money
from portal.core.api import idempotent
from portal.core.api.amounts import MoneyField
from portal.core.api.lists import Pages
from portal.core.http import MemberRequest

PAYERS = MemberMay.to(Permission.VIEW_BILLING, to_write=Permission.MANAGE_BILLING)
KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key moves money once.")


class PaymentMethodSerializer(serializers.ModelSerializer[PaymentMethod]):
    """A card that the gateway keeps."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    company = serializers.SlugField(source="company.slug", read_only=True)

    class Meta:
        model = PaymentMethod
        fields: ClassVar[list[str]] = [
            "id", "company", "gateway", "brand", "last4", "expires_on", "is_default", "added_at",
        ]  # fmt: skip
        read_only_fields = fields


class PaymentSerializer(serializers.ModelSerializer[Payment]):
    """A payment; `action_url` is where the customer has something to do while it is needs_action."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    company = serializers.SlugField(source="company.slug", read_only=True)
    invoice = serializers.CharField(source="invoice.number", read_only=True, allow_null=True)
    method = serializers.UUIDField(source="method.public_id", read_only=True, allow_null=True)
    amount = MoneyField(source="money")

    class Meta:
        model = Payment
        fields: ClassVar[list[str]] = [
            "id", "status", "company", "invoice", "amount", "gateway", "method", "receipt", "action_url",
            "failure_code", "failure_message", "created_at", "closed_at",
        ]  # fmt: skip
        read_only_fields = fields


class PaySerializer(serializers.Serializer[Any]):
    """How to pay: a saved `method`, or a `gateway`; without either the default method. `amount` alone is a part."""

    method = serializers.UUIDField(required=False)
    gateway = serializers.CharField(required=False, max_length=20)
    amount = serializers.JSONField(required=False, help_text='"1234.50", or {"amount": "1234.50", "currency": "KES"}')
    phone = serializers.RegexField(r"^\+[1-9][0-9]{7,14}$", required=False)


class AddMethodSerializer(serializers.Serializer[Any]):
    """At which gateway; without one the first that can keep methods."""

    gateway = serializers.CharField(required=False, max_length=20)


class MethodBegunSerializer(serializers.Serializer[Any]):
    """Where the customer enters the card."""

    id = serializers.UUIDField()
    gateway = serializers.CharField()
    action_url = serializers.CharField()


class PaymentList(generics.ListAPIView[Payment]):
    """The company's payments, the newest first."""

    queryset = Payment.objects.none()
    serializer_class = PaymentSerializer
    permission_classes = [PAYERS]
    pagination_class = Pages
    filterset_fields: ClassVar[list[str]] = ["status"]

    def get_queryset(self) -> QuerySet[Payment]:
        """Those of the company in use."""
        rows = Payment.objects.for_company(_company(self.request))
        return rows.select_related("company", "invoice", "method").newest()


class PaymentDetail(generics.RetrieveAPIView[Payment]):
    """One payment, as it stands now."""

    queryset = Payment.objects.none()
    serializer_class = PaymentSerializer
    permission_classes = [PAYERS]

    def get_object(self) -> Payment:
        """Of the company in use; one that is under way is asked for."""
        rows = Payment.objects.for_company(_company(self.request)).select_related("company", "invoice", "method")
        found = get_object_or_404(rows, public_id=self.kwargs["payment_id"])
        return payments.ask(payment=found, at=timezone.now()) if _is_old(found) else found


class PayInvoice(APIView):
    """Pays an invoice of the company, wholly or in part."""

    permission_classes = [PAYERS]

    @extend_schema(
        request=PaySerializer, responses={202: PaymentSerializer}, parameters=[KEY], operation_id="invoices_pay"
    )
    def post(self, request: Request, number: str) -> HttpResponseBase:
        """Reserve, and after the commit call the gateway: the answer is that of the reservation."""
        answer = self.reserve(request, number)
        if answer.status_code == status.HTTP_202_ACCEPTED and "Idempotent-Replayed" not in answer:
            _carry_out(_company(request), number)
        return answer

    @idempotent
    def reserve(self, request: Request, number: str) -> Response:
        """Write down that it is to be paid."""
        company = _company(request)
        invoice = get_object_or_404(Invoice.objects.for_company(company), number=number)
        asked = PaySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        wanted = money.parse(values["amount"], currency=invoice.currency) if "amount" in values else None
        payment = payments.begin(
            invoice=invoice,
            way=_way(company, invoice, values),
            amount=wanted,
            at=timezone.now(),
            by=cast("MemberRequest", request._request).user,
        )
        return Response(PaymentSerializer(payment).data, status=status.HTTP_202_ACCEPTED)


class PaymentMethodList(generics.ListAPIView[PaymentMethod]):
    """What can be charged, the default first; POST begins to add another one."""

    queryset = PaymentMethod.objects.none()
    serializer_class = PaymentMethodSerializer
    permission_classes = [PAYERS]
    pagination_class = Pages
    filter_backends = []

    def get_queryset(self) -> QuerySet[PaymentMethod]:
        """Those of the company in use."""
        return PaymentMethod.objects.for_company(_company(self.request)).select_related("company")

    @extend_schema(request=AddMethodSerializer, responses={202: MethodBegunSerializer})
    def post(self, request: Request) -> Response:
        """Answer with the address where the customer enters the card."""
        asked = AddMethodSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        slug = asked.validated_data.get("gateway") or next((row.slug for row in keeping()), "")
        now, by = timezone.now(), cast("MemberRequest", request._request).user
        method = methods.begin(company=_company(request), gateway=slug, at=now, by=by)
        outcome = methods.carry_out(method=method, at=now, return_url=pages.method_url(method))
        begun = {"id": method.public_id, "gateway": method.gateway, "action_url": outcome.url}
        return Response(MethodBegunSerializer(begun).data, status=status.HTTP_202_ACCEPTED)


class PaymentMethodDetail(generics.RetrieveDestroyAPIView[PaymentMethod]):
    """One payment method; DELETE removes it."""

    queryset = PaymentMethod.objects.none()
    serializer_class = PaymentMethodSerializer
    permission_classes = [PAYERS]

    def get_object(self) -> PaymentMethod:
        """Of the company in use."""
        rows = PaymentMethod.objects.for_company(_company(self.request)).select_related("company")
        return get_object_or_404(rows, public_id=self.kwargs["method_id"])

    def perform_destroy(self, instance: PaymentMethod) -> None:
        """Remove it; the gateway is told by the worker."""
        by = cast("MemberRequest", self.request._request).user
        methods.remove(method=instance, at=timezone.now(), by=by)


class DefaultMethod(APIView):
    """Makes a payment method the default."""

    permission_classes = [PAYERS]

    @extend_schema(request=None, responses={200: PaymentMethodSerializer})
    def post(self, request: Request, method_id: UUID) -> Response:
        """Charge this one from now on."""
        rows = PaymentMethod.objects.for_company(_company(request)).select_related("company")
        method = get_object_or_404(rows, public_id=method_id)
        by = cast("MemberRequest", request._request).user
        chosen = methods.make_default(method=method, at=timezone.now(), by=by)
        return Response(PaymentMethodSerializer(chosen).data)


def _company(request: Request) -> Any:
    return cast("MemberRequest", request._request).company


def _way(company: Any, invoice: Invoice, values: dict[str, Any]) -> Way:
    """What was asked for, else the default method, else the first gateway that is offered."""
    kept = PaymentMethod.objects.for_company(company)
    phone = values.get("phone", "")
    if "method" in values:
        return Way(method=get_object_or_404(kept, public_id=values["method"]), phone=phone)
    if "gateway" in values:
        return Way(gateway=values["gateway"], phone=phone)
    default = PaymentMethod.objects.default_of(company)
    first = next((gateway.slug for gateway in offered(invoice.currency)), "")
    return Way(method=default, gateway="" if default else first, phone=phone)


def _carry_out(company: Any, number: str) -> None:
    """Call the gateway for what was just reserved; what we cannot do now the scheduler does."""
    waiting = Payment.objects.for_company(company).under_way().filter(invoice__number=number, called_at=None)
    payment = waiting.select_related("company", "invoice", "method").first()
    if payment:
        payments.carry_out(payment=payment, at=timezone.now())


def _is_old(payment: Payment) -> bool:
    return pages.is_to_be_asked(payment, at=timezone.now())
