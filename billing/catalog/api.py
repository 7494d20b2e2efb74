"""Plans for other programs, as the company in use sees them."""

from typing import Any, ClassVar

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request

from billing.catalog.models import MeteredComponent, Plan, PlanFeature, PlanLimit, PlanPrice
from billing.catalog.models.plans import PlanQuerySet
from portal.accounts.models import Company
from portal.accounts.permissions import MemberMay
from portal.accounts.roles import Permission
from portal.core import money
from portal.core.api.lists import Pages

MONEY = {
    "type": "object",
    "properties": {"amount": {"type": "string"}, "currency": {"type": "string"}},
    "required": ["amount", "currency"],
}


@extend_schema_field(MONEY)
class MoneyField(serializers.ReadOnlyField):
    """An amount; `unit` keeps all the digits that a price of one unit may have."""

    def __init__(self, *, unit: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unit = unit

    def to_representation(self, value: Any) -> dict[str, str]:
        """Write it as the whole API does."""
        return money.as_exact_json(value) if self.unit else money.as_json(value)


class PriceSerializer(serializers.ModelSerializer[PlanPrice]):
    """What the plan costs a month or a year, in all or for each seat, in the company's currency."""

    price = MoneyField(source="amount")

    class Meta:
        model = PlanPrice
        fields: ClassVar[list[str]] = ["interval", "price", "is_per_seat"]
        read_only_fields = fields


class FeatureSerializer(serializers.ModelSerializer[PlanFeature]):
    """A line of the comparison; an empty `value` means included."""

    class Meta:
        model = PlanFeature
        fields: ClassVar[list[str]] = ["group", "label", "value"]
        read_only_fields = fields


class LimitSerializer(serializers.ModelSerializer[PlanLimit]):
    """The most that may be used of a metric."""

    metric = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)

    class Meta:
        model = PlanLimit
        fields: ClassVar[list[str]] = ["metric", "quantity"]
        read_only_fields = fields


class ComponentSerializer(serializers.ModelSerializer[MeteredComponent]):
    """What a unit costs beyond what is included; `unit_price` has up to nine decimals."""

    metric = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    unit_price = MoneyField(unit=True)

    class Meta:
        model = MeteredComponent
        fields: ClassVar[list[str]] = ["metric", "included_quantity", "unit_price"]
        read_only_fields = fields


class PlanSerializer(serializers.ModelSerializer[Plan]):
    """A plan that the company may have; `seats_max` is null where there is no maximum."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    family = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    products = serializers.SlugRelatedField[Any](slug_field="slug", many=True, read_only=True)
    prices = PriceSerializer(many=True, read_only=True)
    limits = LimitSerializer(many=True, read_only=True)
    metered_components = ComponentSerializer(source="components", many=True, read_only=True)
    features = FeatureSerializer(many=True, read_only=True)

    class Meta:
        model = Plan
        fields: ClassVar[list[str]] = [
            "id", "slug", "name", "description", "family", "level", "products", "is_recommended", "trial_days",
            "seats_min", "seats_max", "needs_verification", "prices", "limits", "metered_components", "features",
        ]  # fmt: skip
        read_only_fields = fields


class PlanFilter(django_filters.FilterSet):
    """By slug of a product or of a family."""

    product = django_filters.CharFilter(method="of_product")
    family = django_filters.CharFilter(field_name="family__slug")

    def of_product(self, found: PlanQuerySet, name: str, slug: str) -> PlanQuerySet:
        """Plans of this product, alone or in a bundle."""
        return found.filter(products__slug=slug)


def company_in_use(request: Request) -> Company:
    """The company that the request acts for; `MemberMay` has let it through."""
    company: Company = vars(request)["_request"].company
    return company


@extend_schema(summary="List plans")
class PlanList(generics.ListAPIView[Plan]):
    """Every plan that the company may have, with its prices in the company's currency."""

    permission_classes = [MemberMay.to(Permission.VIEW_COMPANY)]
    serializer_class = PlanSerializer
    pagination_class = Pages
    filterset_class = PlanFilter

    def get_queryset(self) -> PlanQuerySet:
        """Family by family, from the lowest level."""
        if getattr(self, "swagger_fake_view", False):
            return Plan.objects.none()
        company = company_in_use(self.request)
        return Plan.objects.offered().visible_to(company).with_contents().with_prices(company.currency)
