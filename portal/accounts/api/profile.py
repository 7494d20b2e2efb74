"""The profile of the company in use."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.accounts.api.serializers import CompanySerializer, CustomerSerializer
from portal.accounts.models import Company, Membership
from portal.accounts.permissions import MemberMay
from portal.accounts.roles import Permission
from portal.accounts.services import companies


def in_use(request: Request) -> Membership:
    """The membership that the request acts by; `MemberMay` has let it through."""
    membership: Membership = vars(request)["_request"].membership
    return membership


def seen_by(request: Request) -> dict[str, Any]:
    """Who reads the answer, for serializers."""
    return {"membership": in_use(request)}


def change(request: Request, *, partial: bool) -> Company:
    """Change what was sent of the company's profile and billing address."""
    membership = in_use(request)
    sent = CompanySerializer(Company.objects.get(pk=membership.company_id), data=request.data, partial=partial)
    sent.is_valid(raise_exception=True)
    values: dict[str, Any] = dict(sent.validated_data)
    return companies.change(company=membership.company, values=values, by=membership.user)


class BusinessProfile(APIView):
    """The company's profile."""

    permission_classes = [MemberMay.to(Permission.VIEW_COMPANY)]

    @extend_schema(responses=CompanySerializer, summary="Read the company's profile")
    def get(self, request: Request) -> Response:
        """The profile as it is."""
        return Response(CompanySerializer(in_use(request).company, context=seen_by(request)).data)

    @extend_schema(request=CompanySerializer, responses=CompanySerializer, summary="Replace the company's profile")
    def put(self, request: Request) -> Response:
        """Change the profile; name and country are required."""
        return Response(CompanySerializer(change(request, partial=False), context=seen_by(request)).data)

    @extend_schema(request=CompanySerializer, responses=CompanySerializer, summary="Change some of the profile")
    def patch(self, request: Request) -> Response:
        """Change what is sent of the profile."""
        return Response(CompanySerializer(change(request, partial=True), context=seen_by(request)).data)


class CustomerProfile(APIView):
    """The member who asks, and the company that they act for."""

    permission_classes = [MemberMay.to(Permission.VIEW_COMPANY)]

    @extend_schema(responses=CustomerSerializer, summary="Read member and company")
    def get(self, request: Request) -> Response:
        """Member and company as they are."""
        return Response(CustomerSerializer(in_use(request), context=seen_by(request)).data)

    @extend_schema(request=CompanySerializer, responses=CustomerSerializer, summary="Change some of the company")
    def patch(self, request: Request) -> Response:
        """Change what is sent of the company's profile."""
        membership = in_use(request)
        membership.company = change(request, partial=True)
        return Response(CustomerSerializer(membership, context=seen_by(request)).data)
