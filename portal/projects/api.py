"""Projects for other programs: a company's own, with milestones, people and figures of repositories; no tokens."""

from typing import Any, ClassVar, cast

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import generics, serializers

from portal.accounts.permissions import MemberMay
from portal.accounts.roles import Permission
from portal.core.api.lists import Pages
from portal.core.http import MemberRequest
from portal.projects.models import Milestone, Project, ProjectDeveloper, Repository, RepositoryFigures
from portal.projects.models.projects import ProjectQuerySet


class MilestoneSerializer(serializers.ModelSerializer[Milestone]):
    """A milestone; `reached_on` is null while it is ahead."""

    id = serializers.UUIDField(source="public_id", read_only=True)

    class Meta:
        model = Milestone
        fields: ClassVar[list[str]] = ["id", "name", "description", "due_on", "reached_on"]
        read_only_fields = fields


class ProjectDeveloperSerializer(serializers.ModelSerializer[ProjectDeveloper]):
    """Who works on it, and as what; `id` is the developer's."""

    id = serializers.UUIDField(source="assignment.developer.public_id", read_only=True)
    name = serializers.CharField(source="assignment.developer.user.get_full_name", read_only=True)

    class Meta:
        model = ProjectDeveloper
        fields: ClassVar[list[str]] = ["id", "name", "role", "since_on"]
        read_only_fields = fields


class FiguresSerializer(serializers.ModelSerializer[RepositoryFigures]):
    """All of one look; `weeks` are commits of up to 52 weeks, the oldest first."""

    weeks = serializers.ListField(child=serializers.IntegerField(), read_only=True)

    class Meta:
        model = RepositoryFigures
        fields: ClassVar[list[str]] = [
            "commits", "open_pull_requests", "merged_pull_requests", "open_issues", "contributors",
            "commits_this_week", "weeks", "taken_at",
        ]  # fmt: skip
        read_only_fields = fields


class RepositorySerializer(serializers.ModelSerializer[Repository]):
    """A repository; `figures` are null while it was never read, and those of `synced_at` whatever its state is."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    name = serializers.CharField(source="full_name", read_only=True)
    figures = serializers.SerializerMethodField()
    is_stale = serializers.SerializerMethodField()

    class Meta:
        model = Repository
        fields: ClassVar[list[str]] = ["id", "name", "state", "is_stale", "is_demo", "synced_at", "figures"]
        read_only_fields = fields

    @extend_schema_field(FiguresSerializer(allow_null=True))
    def get_figures(self, repository: Repository) -> Any:
        """What was read last."""
        figures = getattr(repository, "figures", None)
        return FiguresSerializer(figures).data if figures else None

    def get_is_stale(self, repository: Repository) -> bool:
        """Whether nothing newer could be read."""
        return repository.is_stale(at=timezone.now())


class ProjectSerializer(serializers.ModelSerializer[Project]):
    """A project with how many of its milestones are reached."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    company = serializers.SlugField(source="company.slug", read_only=True)
    milestones_total = serializers.SerializerMethodField()
    milestones_reached = serializers.SerializerMethodField()

    class Meta:
        model = Project
        fields: ClassVar[list[str]] = [
            "id", "name", "company", "type", "status", "description", "labs_url", "starts_on", "ends_on", "created_at",
            "milestones_total", "milestones_reached",
        ]  # fmt: skip
        read_only_fields = fields

    def get_milestones_total(self, project: Project) -> int:
        """All of them."""
        return len(project.milestones.all())

    def get_milestones_reached(self, project: Project) -> int:
        """Those that are behind it."""
        return sum(one.reached_on is not None for one in project.milestones.all())


class ProjectDetailSerializer(ProjectSerializer):
    """The same, with all that belongs to it."""

    milestones = MilestoneSerializer(many=True, read_only=True)
    developers = ProjectDeveloperSerializer(many=True, read_only=True)
    repositories = RepositorySerializer(many=True, read_only=True)

    class Meta(ProjectSerializer.Meta):
        fields: ClassVar[list[str]] = [*ProjectSerializer.Meta.fields, "milestones", "developers", "repositories"]
        read_only_fields = fields


class ProjectFilter(django_filters.FilterSet):
    """By state and type."""

    status = django_filters.ChoiceFilter(choices=Project.Status.choices)
    type = django_filters.ChoiceFilter(choices=Project.Type.choices)

    class Meta:
        model = Project
        fields: ClassVar[list[str]] = []


class CompanyProjects(generics.GenericAPIView[Project]):
    """Those of the company in use."""

    queryset = Project.objects.none()
    permission_classes = [MemberMay.to(Permission.VIEW_COMPANY)]

    def get_queryset(self) -> ProjectQuerySet:
        """With all that answers show."""
        company = cast("MemberRequest", self.request._request).company
        return Project.objects.for_company(company).select_related("company").with_parts().newest()


class ProjectList(CompanyProjects, generics.ListAPIView[Project]):
    """The company's projects, the newest first."""

    serializer_class = ProjectSerializer
    pagination_class = Pages
    filterset_class = ProjectFilter


class ProjectDetail(CompanyProjects, generics.RetrieveAPIView[Project]):
    """One project with milestones, developers and repositories."""

    serializer_class = ProjectDetailSerializer
    lookup_field = "public_id"
