"""The queue for other programs: staff decide what they may, members of a company what their company decides."""

from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

import django_filters
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.approvals import services
from portal.approvals.api.shapes import (
    DecisionSerializer,
    MemberApprovalDetailSerializer,
    MemberApprovalSerializer,
    StaffApprovalDetailSerializer,
    StaffApprovalSerializer,
)
from portal.approvals.models import Approval, ApprovalQuerySet, companies_called
from portal.core.api.described import refusals
from portal.core.api.lists import Pages, StableOrdering
from portal.core.api.moments import MomentFilter
from portal.core.http import MemberRequest
from portal.core.paging import LongPaginator

if TYPE_CHECKING:
    from portal.accounts.models import User


class IsStaff(BasePermission):
    """People who work for the vendor."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether this person does."""
        return bool(request.user.is_authenticated and request.user.is_staff)


class ApprovalFilter(django_filters.FilterSet):
    """Kind, state, company, time of asking, words of the subject; ordered by asking or deciding."""

    kind = django_filters.CharFilter()
    status = django_filters.ChoiceFilter(choices=Approval.Status.choices)
    asked_after = MomentFilter(field_name="asked_at", lookup_expr="gte")
    asked_before = MomentFilter(field_name="asked_at", lookup_expr="lt")
    q = django_filters.CharFilter(method="filter_words")
    ordering = StableOrdering(fields=[("asked_at", "asked_at"), ("decided_at", "decided_at")])

    class Meta:
        model = Approval
        fields: ClassVar[list[str]] = []

    def filter_words(self, queryset: ApprovalQuerySet, name: str, value: str) -> ApprovalQuerySet:
        """Those whose subject has words that begin so."""
        return queryset.search(value)


class StaffApprovalFilter(ApprovalFilter):
    """The same, and by company."""

    company = django_filters.CharFilter(method="filter_company", help_text="slug of the company")

    def filter_company(self, queryset: ApprovalQuerySet, name: str, value: str) -> ApprovalQuerySet:
        """Those that concern this company."""
        return queryset.filter(company__in=companies_called(value))


class ApprovalPagination(Pages):
    """Above 2,000 the count is an estimate."""

    django_paginator_class = LongPaginator


def person(request: Request) -> "User":
    """Who asks: signed in, as the permission classes have seen."""
    return cast("User", request.user)


class ForStaff:
    """What staff may decide."""

    permission_classes: Any = [IsStaff]
    detail_serializer: ClassVar[type[Any]] = StaffApprovalDetailSerializer

    def found(self, request: Request) -> ApprovalQuerySet:
        """The kinds that this person may decide."""
        return Approval.objects.for_staff(person(request)).with_people()


class ForMembers:
    """What the company in use decides, and what the member asked for there."""

    permission_classes: Any = [IsAuthenticated]
    detail_serializer: ClassVar[type[Any]] = MemberApprovalDetailSerializer

    def found(self, request: Request) -> ApprovalQuerySet:
        """What exists for this person. Raises Http404 without a company."""
        company = cast("MemberRequest", request._request).company
        if company is None:
            raise Http404
        return Approval.objects.visible_to(person(request), company=company).with_people()


@extend_schema(responses={200: StaffApprovalSerializer(many=True), **refusals(400, 403, 404)})
class StaffApprovalList(ForStaff, generics.ListAPIView[Approval]):
    """What staff may decide or have decided, the last asked first."""

    queryset = Approval.objects.none()
    serializer_class = StaffApprovalSerializer
    pagination_class = ApprovalPagination
    filterset_class = StaffApprovalFilter

    def get_queryset(self) -> ApprovalQuerySet:
        """The kinds that this person may decide."""
        return self.found(self.request).order_by("-asked_at", "-pk")


@extend_schema(responses={200: MemberApprovalSerializer(many=True), **refusals(400, 403, 404)})
class MemberApprovalList(ForMembers, generics.ListAPIView[Approval]):
    """What the company decides and what the member asked for, the last asked first."""

    queryset = Approval.objects.none()
    serializer_class = MemberApprovalSerializer
    pagination_class = ApprovalPagination
    filterset_class = ApprovalFilter

    def get_queryset(self) -> ApprovalQuerySet:
        """What exists for this person."""
        return self.found(self.request).order_by("-asked_at", "-pk")


class StaffApprovalDetail(ForStaff, APIView):
    """One approval with its facts."""

    @extend_schema(responses={200: StaffApprovalDetailSerializer, **refusals(403, 404)})
    def get(self, request: Request, public_id: UUID) -> Response:
        """What staff read before they decide."""
        return one(self, request, public_id)


class MemberApprovalDetail(ForMembers, APIView):
    """One approval with its facts."""

    @extend_schema(responses={200: MemberApprovalDetailSerializer, **refusals(403, 404)})
    def get(self, request: Request, public_id: UUID) -> Response:
        """What members read before they decide."""
        return one(self, request, public_id)


class StaffDecision(ForStaff, APIView):
    """Approve or reject as staff."""

    decision: services.Decision = "approve"

    @extend_schema(
        request=DecisionSerializer, responses={200: StaffApprovalDetailSerializer, **refusals(400, 403, 404, 409, 422)}
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """409: decided already, or its subject has moved on. 422: the reason is missing."""
        return decided(self, request, public_id, self.decision)


class MemberDecision(ForMembers, APIView):
    """Approve or reject for the company."""

    decision: services.Decision = "approve"

    @extend_schema(
        request=DecisionSerializer, responses={200: MemberApprovalDetailSerializer, **refusals(400, 403, 404, 409, 422)}
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """403: the member may not decide. 409: decided already. 422: the reason is missing."""
        return decided(self, request, public_id, self.decision)


def one(view: Any, request: Request, public_id: UUID) -> Response:
    """The approval, as the view's audience sees it."""
    approval = get_object_or_404(view.found(request), public_id=public_id)
    return Response(view.detail_serializer(approval, context={"request": request}).data)


def decided(view: Any, request: Request, public_id: UUID, decision: services.Decision) -> Response:
    """Decide, and answer with the approval as it stands then."""
    approval = get_object_or_404(view.found(request), public_id=public_id)
    asked = DecisionSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    services.decide(
        approval=approval,
        decision=decision,
        by=person(request),
        at=timezone.now(),
        comment=asked.validated_data["comment"],
    )
    return one(view, request, public_id)
