"""Teams for other programs: a company's developers, decisions on them, and staff's list of developers."""

from typing import Any, ClassVar, cast
from uuid import UUID

import django_filters
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.accounts.models import Company, User
from portal.accounts.permissions import MemberMay
from portal.accounts.roles import Permission
from portal.approvals import services as approvals
from portal.core.api.lists import Pages
from portal.core.http import MemberRequest
from portal.teams.models import Assignment, Developer
from portal.teams.models.assignments import AssignmentQuerySet
from portal.teams.models.people import DeveloperQuerySet
from portal.teams.services import assignments, community, removals


class DeveloperSerializer(serializers.ModelSerializer[Developer]):
    """A developer; `agency` is null for independent ones."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    name = serializers.CharField(source="user.get_full_name", read_only=True)
    agency = serializers.CharField(source="agency.name", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Developer
        fields: ClassVar[list[str]] = [
            "id", "name", "status", "headline", "skills", "links", "github_name", "availability", "agency",
        ]  # fmt: skip
        read_only_fields = fields


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    """A developer's place in the team; `ends_on` is the first day without access."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    company = serializers.SlugField(source="company.slug", read_only=True)
    developer = DeveloperSerializer(read_only=True)

    class Meta:
        model = Assignment
        fields: ClassVar[list[str]] = ["id", "status", "company", "developer", "proposed_at", "starts_on", "ends_on"]
        read_only_fields = fields


class CommentSerializer(serializers.Serializer[Any]):
    """What to say with a decision."""

    comment = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class ReasonSerializer(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=2000)


class AssignmentFilter(django_filters.FilterSet):
    """By state; without one, those that are open."""

    status = django_filters.ChoiceFilter(choices=Assignment.Status.choices)

    class Meta:
        model = Assignment
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: Any) -> Any:
        """Narrow to the state, or to open ones."""
        return super().filter_queryset(queryset if self.form.cleaned_data["status"] else queryset.open())


class DeveloperFilter(django_filters.FilterSet):
    """By state."""

    status = django_filters.ChoiceFilter(choices=Developer.Status.choices)

    class Meta:
        model = Developer
        fields: ClassVar[list[str]] = []


def company_of(request: Request) -> Company:
    """The company in use, which the permission class has found there."""
    return cast("MemberRequest", request._request).company


class TeamList(generics.ListAPIView[Assignment]):
    """The company's developers and proposals, the newest first."""

    queryset = Assignment.objects.none()
    serializer_class = AssignmentSerializer
    permission_classes = [MemberMay.to(Permission.VIEW_COMPANY)]
    pagination_class = Pages
    filterset_class = AssignmentFilter

    def get_queryset(self) -> AssignmentQuerySet:
        """Those of the company in use."""
        return Assignment.objects.for_company(company_of(self.request)).with_people().newest()


class TeamAction(APIView):
    """Something done about one developer of the company; the answer is the assignment as it is then."""

    permission_classes = [MemberMay.to(Permission.APPROVE_DEVELOPERS)]

    def found(self, request: Request, developer_id: UUID) -> Assignment:
        """The latest assignment of the developer to the company in use. Raises Http404."""
        mine = Assignment.objects.for_company(company_of(request)).with_people().newest()
        assignment = mine.filter(developer__public_id=developer_id).first()
        if assignment is None:
            raise Http404
        return assignment

    def answer(self, assignment: Assignment) -> Response:
        """The assignment as it is now."""
        return Response(AssignmentSerializer(Assignment.objects.with_people().get(pk=assignment.pk)).data)


class Approve(TeamAction):
    """Take a proposed developer into the team."""

    @extend_schema(request=CommentSerializer, responses=AssignmentSerializer)
    def post(self, request: Request, developer_id: UUID) -> Response:
        """Approve."""
        assignment = self.found(request, developer_id)
        said = read(CommentSerializer, request)["comment"]
        decision = assignments.decision_on(assignment)
        approvals.approve(approval=decision, by=person(request), at=timezone.now(), comment=said)
        return self.answer(assignment)


class Reject(TeamAction):
    """Decline a proposed developer, with a comment."""

    @extend_schema(request=CommentSerializer, responses=AssignmentSerializer)
    def post(self, request: Request, developer_id: UUID) -> Response:
        """Reject."""
        assignment = self.found(request, developer_id)
        said = read(CommentSerializer, request)["comment"]
        decision = assignments.decision_on(assignment)
        approvals.reject(approval=decision, by=person(request), at=timezone.now(), comment=said)
        return self.answer(assignment)


class RequestRemoval(TeamAction):
    """Ask staff to remove a developer from the team."""

    @extend_schema(request=ReasonSerializer, responses=AssignmentSerializer)
    def post(self, request: Request, developer_id: UUID) -> Response:
        """Ask."""
        assignment = self.found(request, developer_id)
        why = read(ReasonSerializer, request)["reason"]
        removals.ask(assignment=assignment, by=person(request), at=timezone.now(), reason=why)
        return self.answer(assignment)


class MayApproveDevelopers(BasePermission):
    """Staff who decide on the community."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether this person is one of them."""
        return bool(request.user.is_staff and request.user.has_perm(community.PERMISSION))


class DeveloperList(generics.ListAPIView[Developer]):
    """All developers, for staff, the newest first."""

    queryset = Developer.objects.none()
    serializer_class = DeveloperSerializer
    permission_classes = [MayApproveDevelopers]
    pagination_class = Pages
    filterset_class = DeveloperFilter

    def get_queryset(self) -> DeveloperQuerySet:
        """All of them."""
        return Developer.objects.with_person().order_by("-pk")


class ApproveDeveloper(APIView):
    """Take a developer who has applied into the community."""

    permission_classes = [MayApproveDevelopers]

    @extend_schema(request=CommentSerializer, responses=DeveloperSerializer)
    def post(self, request: Request, developer_id: UUID) -> Response:
        """Approve."""
        developer = get_object_or_404(Developer.objects.with_person(), public_id=developer_id)
        said = read(CommentSerializer, request)["comment"]
        community.approve(developer=developer, by=person(request), at=timezone.now(), comment=said)
        return Response(DeveloperSerializer(Developer.objects.with_person().get(pk=developer.pk)).data)


def read(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The checked body of a request."""
    asked = kind(data=request.data)
    asked.is_valid(raise_exception=True)
    return cast("dict[str, Any]", asked.validated_data)


def person(request: Request) -> User:
    """Who asks, signed in as the permission class has seen."""
    return cast("User", request.user)
