"""Notifications for other programs: one's own, at the company in use."""

from typing import Any, cast
from uuid import UUID

import django_filters
from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.core.api.lists import Pages
from portal.core.api.moments import MomentFilter
from portal.core.http import MemberRequest
from portal.notifications.models import Notification
from portal.notifications.models.notifications import NotificationQuerySet
from portal.notifications.registry import codes_of_group
from portal.notifications.services import reading


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    """One notification; `url` is an address of the portal without host."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    status = serializers.ChoiceField(choices=["unread", "read"], read_only=True)
    group = serializers.CharField(read_only=True)
    company = serializers.SlugField(source="company.slug", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Notification
        fields = ["id", "status", "kind", "group", "subject", "body", "url", "company", "created_at", "read_at"]
        read_only_fields = fields


class NotificationFilter(django_filters.FilterSet):
    """Unread ones, those of a kind or a group of kinds, of a company, of a span of time."""

    unread = django_filters.BooleanFilter(field_name="read_at", lookup_expr="isnull")
    group = django_filters.CharFilter(method="filter_group")
    company = django_filters.CharFilter(field_name="company__slug")
    created_after = MomentFilter(field_name="created_at", lookup_expr="gte")
    created_before = MomentFilter(field_name="created_at", lookup_expr="lt")

    class Meta:
        model = Notification
        fields = ["kind"]

    def filter_group(self, queryset: Any, name: str, value: str) -> Any:
        """Those of the kinds of a group."""
        return queryset.filter(kind__in=codes_of_group(value))


COUNT = inline_serializer("UnreadCount", {"unread": serializers.IntegerField(help_text="100 stands for 100 or more.")})
MARKED = inline_serializer("MarkedRead", {"marked": serializers.IntegerField()})


def own(request: Request) -> NotificationQuerySet:
    """What whoever asks may read at the company in use."""
    asked = _asked(request)
    return Notification.objects.visible_to(asked.user, company=asked.company).select_related("company")


def _asked(request: Request) -> MemberRequest:
    inner = cast("MemberRequest", request._request)
    # Authentication by token happens inside the API.
    cast("HttpRequest", inner).user = request.user
    return inner


class NotificationList(generics.ListAPIView[Notification]):
    """Notifications, the newest first."""

    queryset = Notification.objects.none()
    serializer_class = NotificationSerializer
    pagination_class = Pages
    filterset_class = NotificationFilter

    def get_queryset(self) -> NotificationQuerySet:
        """Those of whoever asks."""
        return own(self.request).newest()


class NotificationDetail(generics.RetrieveAPIView[Notification]):
    """One notification."""

    queryset = Notification.objects.none()
    serializer_class = NotificationSerializer
    lookup_field = "public_id"

    def get_queryset(self) -> NotificationQuerySet:
        """Those of whoever asks."""
        return own(self.request)


class UnreadCount(APIView):
    """How many notifications wait to be read."""

    @extend_schema(responses=COUNT)
    def get(self, request: Request) -> Response:
        """Count them."""
        asked = _asked(request)
        return Response({"unread": reading.unread_count(user=asked.user, company=asked.company)})


class Read(APIView):
    """Marks one notification as read; again changes nothing."""

    @extend_schema(request=None, responses=NotificationSerializer)
    def patch(self, request: Request, public_id: UUID) -> Response:
        """Mark it."""
        found = own(request).filter(public_id=public_id)
        generics.get_object_or_404(found)
        _mark(request, found)
        return Response(NotificationSerializer(found.get()).data)


class ReadAll(APIView):
    """Marks all notifications at the company in use as read."""

    @extend_schema(request=None, responses=MARKED)
    def post(self, request: Request) -> Response:
        """Mark them."""
        return Response({"marked": _mark(request, own(request))})


def _mark(request: Request, found: NotificationQuerySet) -> int:
    asked = _asked(request)
    return reading.mark_read(notifications=found, user=asked.user, company=asked.company, at=timezone.now())
