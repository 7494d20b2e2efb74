"""All companies, for staff."""

from django.db.models import Count, QuerySet
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from portal.accounts.api.serializers import CustomerListSerializer
from portal.accounts.models import Company
from portal.core.api.lists import Pages, StableOrdering


class IsStaff(BasePermission):
    """For staff; for everybody else who is signed in the address does not exist."""

    def has_permission(self, request: Request, view: object) -> bool:
        """Raise Http404 for people who are no staff."""
        if request.user.is_authenticated and not request.user.is_staff:
            raise Http404
        return request.user.is_authenticated


class CompanyFilter(filters.FilterSet):
    """Ways to narrow the list."""

    status = filters.ChoiceFilter(field_name="verification", choices=Company.Verification.choices)
    q = filters.CharFilter(field_name="name", lookup_expr="icontains")
    ordering = StableOrdering(fields=["name", "created_at"])

    class Meta:
        model = Company
        fields = ["country", "industry", "is_active", "is_labs_customer"]


@extend_schema(summary="List companies (staff)")
class Customers(ListAPIView[Company]):
    """Every company, by name."""

    permission_classes = [IsStaff]
    serializer_class = CustomerListSerializer
    pagination_class = Pages
    filterset_class = CompanyFilter

    def get_queryset(self) -> QuerySet[Company]:
        """Companies with the number of their members."""
        return Company.objects.annotate(members=Count("memberships")).order_by("name", "pk")
