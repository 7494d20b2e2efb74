"""Products and how they are opened, for other programs that a member uses."""

from datetime import datetime
from typing import Any, ClassVar

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.catalog.models import Product
from billing.catalog.models.products import ProductQuerySet
from billing.launch import cards
from billing.launch.cards import Card
from billing.launch.services import access, launching
from billing.launch.services.access import Closed
from portal.accounts.permissions import MemberMay
from portal.accounts.roles import Permission
from portal.core.api import problem
from portal.core.api.lists import Pages
from portal.core.http import MemberRequest

# What the company never had, so that it has no state.
NOT_SUBSCRIBED = Closed.NOT_SUBSCRIBED.value


class ProductSerializer(serializers.ModelSerializer[Product]):
    """A product that is offered, and how it stands with the company and the member, as its card says it."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    status = serializers.SerializerMethodField(
        help_text="active, trialing or past_due while it is open; else why it is closed, such as suspended."
    )
    reason = serializers.SerializerMethodField(
        help_text="Why the member cannot open it and what helps, in words; null where they can."
    )
    last_opened_at = serializers.SerializerMethodField(help_text="When the member opened it last.")

    class Meta:
        model = Product
        fields: ClassVar[list[str]] = [
            "id", "slug", "name", "icon", "description", "status", "reason", "last_opened_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_status(self, product: Product) -> str:
        """The word that badges have."""
        card = self._card(product)
        return card.status if card else NOT_SUBSCRIBED

    def get_reason(self, product: Product) -> str | None:
        """What stands on the card."""
        card = self._card(product)
        if card is None:
            return WHY[Closed.NOT_SUBSCRIBED]
        return card.note.text if card.note else None

    def get_last_opened_at(self, product: Product) -> datetime | None:
        """None where the member never did."""
        card = self._card(product)
        return card.last_used_at if card else None

    def _card(self, product: Product) -> Card | None:
        known: dict[str, Card] = self.context["cards"]
        return known.get(product.slug)


@extend_schema(summary="List products")
class ProductList(generics.ListAPIView[Product]):
    """Every product that is offered: its state at the company, and whether the member can open it."""

    permission_classes = [MemberMay.to(Permission.VIEW_COMPANY)]
    serializer_class = ProductSerializer
    pagination_class = Pages

    def get_queryset(self) -> ProductQuerySet:
        """In the order in which they are shown."""
        return Product.objects.offered().order_by("position", "name", "pk")

    def get_serializer_context(self) -> dict[str, Any]:
        """Add the company's cards by product; six queries, however many there are."""
        context = super().get_serializer_context()
        if getattr(self, "swagger_fake_view", False):
            return {**context, "cards": {}}
        asked: MemberRequest = vars(self.request)["_request"]
        found = cards.of_member(asked.company, asked.membership, at=timezone.now())
        return {**context, "cards": {card.slug: card for card in found}}


class LaunchSerializer(serializers.Serializer[Any]):
    """Where to send the member's browser: the product signs the member in from there."""

    launch_url = serializers.URLField(read_only=True)


class LaunchView(APIView):
    """Where a product is opened. Asking changes nothing, and may be repeated."""

    permission_classes = [MemberMay.to(Permission.LAUNCH_PRODUCTS)]

    @extend_schema(summary="Open a product", request=None, responses=LaunchSerializer)
    def post(self, request: Request, slug: str) -> HttpResponse:
        """The address, or 403 with the reason as the problem's type."""
        asked: MemberRequest = vars(request)["_request"]
        product = get_object_or_404(Product, slug=slug)
        decision = access.decide(user=asked.user, company=asked.company, product=product)
        if decision.closed:
            return problem(status=403, detail=WHY[decision.closed], code=decision.closed.value)
        return Response({"launch_url": launching.address_of(product=product, user=asked.user)})


WHY = {reason: f"The product is closed: {reason.label[0].lower()}{reason.label[1:]}." for reason in Closed}
