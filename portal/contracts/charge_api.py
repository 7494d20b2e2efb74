"""What contracts charge, for programs of staff: line items of a draft, and asking for billing."""

from typing import Any, ClassVar, cast
from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.accounts.models import User
from portal.approvals.api.shapes import StaffApprovalDetailSerializer
from portal.approvals.models import Approval
from portal.contracts.models import Contract, ContractLineItem
from portal.contracts.models.charges import LONGEST_MONTHS, ContractLineItemQuerySet
from portal.contracts.services import billing, line_items
from portal.core import money
from portal.core.api import idempotent
from portal.core.api.amounts import MoneyField
from portal.core.api.lists import Pages
from portal.teams.models import Developer

KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key acts once.")


class MayKeepCharges(BasePermission):
    """Staff who keep what contracts charge."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether this person is one of them."""
        return bool(request.user.is_staff and request.user.has_perm(line_items.PERMISSION))


class LineItemSerializer(serializers.ModelSerializer[ContractLineItem]):
    """A line item; `amount` is that of each month where it is recurring, else of all; `ends_on` the first day after."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    contract = serializers.UUIDField(source="contract.public_id", read_only=True)
    company = serializers.SlugField(source="contract.company.slug", read_only=True)
    developer = serializers.UUIDField(source="developer.public_id", read_only=True, allow_null=True, default=None)
    amount = MoneyField(source="price")
    total = MoneyField()

    class Meta:
        model = ContractLineItem
        fields: ClassVar[list[str]] = [
            "id", "status", "company", "contract", "position", "kind", "description", "developer", "schedule", "amount",
            "months", "total", "starts_on", "ends_on",
        ]  # fmt: skip
        read_only_fields = fields


class NewLineItemSerializer(serializers.Serializer[Any]):
    """What is to be charged; what is not said of a training is as usual: its price, over three months."""

    kind = serializers.ChoiceField(choices=ContractLineItem.Kind.choices, default=ContractLineItem.Kind.CUSTOM)
    description = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    developer = serializers.UUIDField(required=False, allow_null=True, default=None)
    schedule = serializers.ChoiceField(choices=ContractLineItem.Schedule.choices, required=False, default="")
    amount = serializers.JSONField(required=False, help_text='"1234.50", or {"amount": "1234.50", "currency": "USD"}')
    months = serializers.IntegerField(min_value=1, max_value=LONGEST_MONTHS, required=False)
    starts_on = serializers.DateField(required=False, help_text="the contract's first day where none is given")


class LineItems(generics.ListAPIView[ContractLineItem]):
    """The line items of a contract; POST adds one to a draft."""

    queryset = ContractLineItem.objects.none()
    serializer_class = LineItemSerializer
    permission_classes = [MayKeepCharges]
    pagination_class = Pages
    filter_backends = []

    def get_queryset(self) -> ContractLineItemQuerySet:
        """In their order."""
        return _items_of(_contract(self.request, self.kwargs["contract_id"]))

    @extend_schema(
        request=NewLineItemSerializer,
        responses={201: LineItemSerializer},
        parameters=[KEY],
        operation_id="line_items_add",
    )
    @idempotent
    def post(self, request: Request, contract_id: UUID) -> HttpResponseBase:
        """Add it."""
        contract = _contract(request, contract_id)
        asked = NewLineItemSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        values = dict(asked.validated_data)
        if values["developer"]:
            values["developer"] = get_object_or_404(Developer.objects.approved(), public_id=values["developer"])
        if "amount" in values:
            values["amount"] = money.parse(values["amount"], currency=contract.currency)
        made = line_items.add(contract=contract, by=_person(request), at=timezone.now(), **values)
        item = _items_of(contract).get(pk=made.pk)
        return Response(LineItemSerializer(item).data, status=status.HTTP_201_CREATED)


class EnableBilling(APIView):
    """Asks for a contract to be billed; another person decides, at `approvals/<id>/approve/`."""

    permission_classes = [MayKeepCharges]

    @extend_schema(
        request=None,
        responses={202: StaffApprovalDetailSerializer},
        parameters=[KEY],
        operation_id="contracts_enable_billing",
    )
    @idempotent
    def post(self, request: Request, contract_id: UUID) -> HttpResponseBase:
        """Answer with the approval, whose facts name every period."""
        asked = billing.ask(contract=_contract(request, contract_id), by=_person(request), at=timezone.now())
        approval = Approval.objects.with_people().get(pk=asked.pk)
        shown = StaffApprovalDetailSerializer(approval, context={"request": request})
        return Response(shown.data, status=status.HTTP_202_ACCEPTED)


def _contract(request: Request, public_id: UUID) -> Contract:
    """A contract by its identifier. Raises Http404."""
    known = Contract.objects.visible_to(_person(request)).select_related("company")
    return get_object_or_404(known, public_id=public_id)


def _items_of(contract: Contract) -> ContractLineItemQuerySet:
    rows: ContractLineItemQuerySet = contract.line_items.select_related("contract__company", "developer")
    return rows.in_order()


def _person(request: Request) -> User:
    return cast("User", request.user)
