"""Subscriptions for other programs: each change is quoted first, then confirmed by the id of the quote.

A request without `quote` answers 200 with what it would cost; the same address with `{"quote": id}` does and charges
exactly that, and answers 201 with the subscription.
"""

from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.catalog.models import Plan, PlanPrice
from billing.subscriptions.models import Quote, QuoteLine, Subscription
from billing.subscriptions.models.subscriptions import SubscriptionQuerySet
from billing.subscriptions.services import cancelling, changes, quotes, subscribing
from portal.accounts.models import Company
from portal.accounts.permissions import MemberMay
from portal.accounts.roles import Permission
from portal.core.api import idempotent
from portal.core.api.amounts import MoneyField
from portal.core.api.lists import Pages
from portal.core.http import MemberRequest

KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key moves money once.")


class SubscriptionSerializer(serializers.ModelSerializer[Subscription]):
    """A subscription; `amount` is what a period costs without tax and use, `next_…` what comes with the next one."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    company = serializers.SlugField(source="company.slug", read_only=True)
    plan = serializers.SlugField(source="plan.slug", read_only=True)
    interval = serializers.CharField(read_only=True)
    amount = MoneyField()
    products = serializers.SlugRelatedField[Any](source="plan.products", slug_field="slug", many=True, read_only=True)
    next_plan = serializers.SlugField(source="next_price.plan.slug", read_only=True, allow_null=True, default=None)
    next_interval = serializers.CharField(source="next_price.interval", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Subscription
        fields: ClassVar[list[str]] = [
            "id", "status", "company", "plan", "interval", "seats", "amount", "products", "started_at",
            "trial_ends_at", "period_starts_at", "period_ends_at", "cancels_at_period_end", "renews_automatically",
            "next_plan", "next_interval", "next_seats", "ended_at",
        ]  # fmt: skip
        read_only_fields = fields


class QuoteLineSerializer(serializers.ModelSerializer[QuoteLine]):
    """A line of the charge, as it will stand on the invoice."""

    net = MoneyField()

    class Meta:
        model = QuoteLine
        fields: ClassVar[list[str]] = ["description", "net", "tax_percent", "tax_reason", "starts_on", "ends_on"]
        read_only_fields = fields


class QuoteSerializer(serializers.ModelSerializer[Quote]):
    """What is to be done and exactly what is charged at once; confirm it before `expires_at`."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    company = serializers.SlugField(source="company.slug", read_only=True)
    plan = serializers.SlugField(source="price.plan.slug", read_only=True)
    interval = serializers.CharField(source="price.interval", read_only=True)
    lines = QuoteLineSerializer(many=True, read_only=True)
    net, tax, total, from_balance, to_pay, per_period = (MoneyField() for _field in range(6))

    class Meta:
        model = Quote
        fields: ClassVar[list[str]] = [
            "id", "company", "action", "plan", "interval", "seats", "is_at_once", "effective_at", "trial_ends_at",
            "period_ends_at", "lines", "net", "tax", "total", "from_balance", "to_pay", "per_period", "expires_at",
        ]  # fmt: skip
        read_only_fields = fields


class AskSerializer(serializers.Serializer[Any]):
    """A quote to confirm, or what to quote."""

    quote = serializers.UUIDField(required=False, help_text="The id of a quote: do exactly what it says.")


class SubscribeSerializer(AskSerializer):
    """With which plan to begin."""

    plan = serializers.SlugField(required=False)
    interval = serializers.ChoiceField(choices=PlanPrice.Interval.choices, default=PlanPrice.Interval.MONTH)
    seats = serializers.IntegerField(required=False, min_value=1, max_value=100_000)


class OfSerializer(AskSerializer):
    """Which subscription it is about."""

    subscription = serializers.UUIDField(required=False)


class ChangeSerializer(OfSerializer):
    """What becomes different; what is left out stays."""

    plan = serializers.SlugField(required=False)
    interval = serializers.ChoiceField(choices=PlanPrice.Interval.choices, required=False)
    seats = serializers.IntegerField(required=False, min_value=1, max_value=100_000)


class CancelSerializer(OfSerializer):
    """Why it ends, and whether at once; else with the period."""

    reason = serializers.ChoiceField(choices=Subscription.CancelReason.choices, required=False)
    comment = serializers.CharField(required=False, max_length=500, default="", allow_blank=True)
    at_once = serializers.BooleanField(default=False)


class SubscriptionList(generics.ListAPIView[Subscription]):
    """The company's subscriptions, ended ones too."""

    queryset = Subscription.objects.none()
    serializer_class = SubscriptionSerializer
    permission_classes = [MemberMay.to(Permission.VIEW_COMPANY)]
    pagination_class = Pages
    filterset_fields: ClassVar[list[str]] = ["status"]

    def get_queryset(self) -> SubscriptionQuerySet:
        """Those of the company in use."""
        return Subscription.objects.for_company(company_of(self.request)).with_contents()


class QuotedView(APIView):
    """Quotes what is asked, or confirms a quote of its action."""

    permission_classes = [MemberMay.to(Permission.MANAGE_BILLING)]
    action: ClassVar[str]
    serializer_class: ClassVar[type[AskSerializer]]

    @idempotent
    def answer(self, request: Request) -> Response:
        """Confirm, or quote."""
        asked = self.serializer_class(data=request.data)
        asked.is_valid(raise_exception=True)
        values: dict[str, Any] = dict(asked.validated_data)
        now, user = timezone.now(), cast("MemberRequest", request._request).user
        if "quote" in values:
            mine = Quote.objects.for_company(company_of(request)).filter(action=self.action)
            quote = get_object_or_404(mine, public_id=values["quote"])
            done = quotes.confirm(quote=quote, by=user, at=now)
            shown = Subscription.objects.with_contents().get(pk=done.pk)
            return Response(SubscriptionSerializer(shown).data, status=status.HTTP_201_CREATED)
        quote = self.quote(company_of(request), values, by=user, at=now)
        rows: QuerySet[Quote] = Quote.objects.select_related("company", "price__plan").prefetch_related("lines")
        return Response(QuoteSerializer(rows.get(pk=quote.pk)).data)

    def quote(self, company: Company, values: dict[str, Any], **by: Any) -> Quote:
        """Ask the service."""
        raise NotImplementedError


def answers(request: type[AskSerializer], name: str) -> Any:
    """What the schema says of such an address."""
    return extend_schema(
        request=request, responses={200: QuoteSerializer, 201: SubscriptionSerializer}, parameters=[KEY],
        operation_id=name,
    )  # fmt: skip


class Subscribe(QuotedView):
    """Begins a subscription."""

    action = Quote.Action.SUBSCRIBE
    serializer_class = SubscribeSerializer

    @answers(SubscribeSerializer, "subscribe")
    def post(self, request: Request) -> HttpResponseBase:
        """Say what a plan costs, or subscribe exactly so."""
        return self.answer(request)

    def quote(self, company: Company, values: dict[str, Any], **by: Any) -> Quote:
        """What beginning with the plan costs."""
        plan = plan_of(company, needed(values, "plan"))
        return subscribing.quote(company=company, **{**values, "plan": plan}, **by)


class Change(QuotedView):
    """Changes plan, interval or seats."""

    action = Quote.Action.CHANGE
    serializer_class = ChangeSerializer

    @answers(ChangeSerializer, "subscription_change")
    def put(self, request: Request) -> HttpResponseBase:
        """Say what a change costs, or change exactly so."""
        return self.answer(request)

    def quote(self, company: Company, values: dict[str, Any], **by: Any) -> Quote:
        """What the change costs."""
        mine = subscription_of(company, values)
        if "plan" in values:
            values["plan"] = plan_of(company, values["plan"])
        return changes.quote(subscription=mine, **values, **by)


class Cancel(QuotedView):
    """Cancels a subscription."""

    action = Quote.Action.CANCEL
    serializer_class = CancelSerializer

    @answers(CancelSerializer, "subscription_cancel")
    def post(self, request: Request) -> HttpResponseBase:
        """Say what cancelling means, or cancel exactly so."""
        return self.answer(request)

    def quote(self, company: Company, values: dict[str, Any], **by: Any) -> Quote:
        """What cancelling means."""
        mine = subscription_of(company, values)
        return cancelling.quote(subscription=mine, reason=values.pop("reason", ""), **values, **by)


class Resume(QuotedView):
    """Lets a subscription that is to end go on."""

    action = Quote.Action.RESUME
    serializer_class = OfSerializer

    @answers(OfSerializer, "subscription_resume")
    def post(self, request: Request) -> HttpResponseBase:
        """Say what going on means, or do exactly so."""
        return self.answer(request)

    def quote(self, company: Company, values: dict[str, Any], **by: Any) -> Quote:
        """What going on means."""
        return cancelling.quote_resuming(subscription=subscription_of(company, values), **by)


def company_of(request: Request) -> Company:
    """The company in use."""
    return cast("MemberRequest", request._request).company


def needed(values: dict[str, Any], name: str) -> Any:
    """A value without which nothing can be quoted."""
    if name not in values:
        raise serializers.ValidationError({name: ["This field is required, or a quote to confirm."]})
    return values.pop(name)


def plan_of(company: Company, slug: str) -> Plan:
    """A plan that the company may have."""
    return get_object_or_404(Plan.objects.offered().visible_to(company), slug=slug)


def subscription_of(company: Company, values: dict[str, Any]) -> Subscription:
    """The subscription that is named; without a name the company's only one."""
    live = Subscription.objects.for_company(company).live().with_contents()
    if public_id := values.pop("subscription", None):
        return get_object_or_404(live, public_id=public_id)
    found = list(live[:2])
    if len(found) != 1:
        raise serializers.ValidationError({"subscription": ["Name one of the company's subscriptions."]})
    return found[0]
