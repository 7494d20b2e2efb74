"""The help center for other programs; audience applies as on the pages."""

from typing import ClassVar, cast

from django_filters import rest_framework as filters
from rest_framework import generics, pagination, serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from billing.catalog.models import Product
from helpcenter.knowledge.models import HelpDocument
from helpcenter.knowledge.models.documents import HelpDocumentQuerySet, Kind
from helpcenter.knowledge.readers import reader_of
from portal.core.http import PortalRequest


class DocumentSerializer(serializers.ModelSerializer[HelpDocument]):
    """A help page in lists and search results."""

    id = serializers.UUIDField(source="page.translation_key", read_only=True)
    url = serializers.CharField(source="path", read_only=True)
    excerpt = serializers.CharField(source="summary", read_only=True)
    type = serializers.ChoiceField(source="kind", choices=Kind.choices, read_only=True)
    product: serializers.SlugRelatedField[Product] = serializers.SlugRelatedField(
        slug_field="slug", read_only=True, allow_null=True
    )
    topic = serializers.CharField(source="topic.title", default=None, read_only=True, allow_null=True)

    class Meta:
        model = HelpDocument
        fields = ["id", "title", "url", "excerpt", "type", "product", "topic", "updated_at"]


class DocumentDetailSerializer(DocumentSerializer):
    """A help page with its text."""

    html = serializers.CharField(source="body", read_only=True)

    class Meta(DocumentSerializer.Meta):
        fields = [*DocumentSerializer.Meta.fields, "html", "text", "minutes", "toc"]


class HelpPagination(pagination.PageNumberPagination):
    """Fifty a page, two hundred at most."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def get_page_size(self, request: Request) -> int | None:
        """The size that is asked for, as far as allowed. Raises ValidationError for what is no size."""
        asked = request.query_params.get(self.page_size_query_param, str(self.page_size))
        if not (asked.isascii() and asked.isdecimal() and len(asked) < 10 and int(asked)):
            raise serializers.ValidationError({self.page_size_query_param: ["Give a whole number from 1 to 200."]})
        return super().get_page_size(request)


class PageFilters(filters.FilterSet):
    """Narrows the list as the search does."""

    type = filters.ChoiceFilter(field_name="kind", choices=Kind.choices)
    product = filters.CharFilter(field_name="product__slug", max_length=100)

    class Meta:
        model = HelpDocument
        fields: ClassVar[list[str]] = []


def readable(request: Request) -> HelpDocumentQuerySet:
    """Documents that whoever asks may know of."""
    documents = HelpDocument.objects.readable_by(reader_of(cast("PortalRequest", request._request)))
    return documents.select_related("page", "product", "topic").order_by("pk")


class PageList(generics.ListAPIView[HelpDocument]):
    """Help pages that the reader may read."""

    queryset = HelpDocument.objects.none()
    permission_classes = [AllowAny]
    serializer_class = DocumentSerializer
    pagination_class = HelpPagination
    filterset_class = PageFilters

    def get_queryset(self) -> HelpDocumentQuerySet:
        """Documents that the reader may know of."""
        return readable(self.request)


class PageDetail(generics.RetrieveAPIView[HelpDocument]):
    """One help page."""

    queryset = HelpDocument.objects.none()
    permission_classes = [AllowAny]
    serializer_class = DocumentDetailSerializer
    lookup_field = "page__translation_key"
    lookup_url_kwarg = "id"

    def get_queryset(self) -> HelpDocumentQuerySet:
        """Documents that the reader may know of."""
        return readable(self.request)
