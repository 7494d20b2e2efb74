"""All companies, for staff."""

from django.db.models import Count, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from portal.accounts.api.serializers import CustomerListSerializer
from portal.accounts.models import Company
from portal.core.api.lists import Pages, StableOrdering


class IsStaff(BasePermission):
    """People who work for the vendor."""

    def has_permission(self, request: Request, view: object) -> bool:
        """Whether this person does."""
        return bool(request.user.is_authenticated and request.user.is_staff)


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
