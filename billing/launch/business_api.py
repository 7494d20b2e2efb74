"""Opening products, for other programs that a member uses."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.catalog.models import Product
from billing.launch.services import access, launching
from billing.launch.services.access import Closed
from portal.accounts.permissions import MemberMay
from portal.accounts.roles import Permission
from portal.core.api import problem
from portal.core.http import MemberRequest


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
