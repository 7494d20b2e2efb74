"""Search and suggestions for other programs; audience applies as on the pages."""

import html
from typing import cast
from uuid import UUID

from django.utils import timezone
from django.utils.html import strip_tags
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView
from wagtail.models import Page

from helpcenter.knowledge.models import Audience
from helpcenter.knowledge.models.documents import Kind
from helpcenter.knowledge.readers import reader_of
from helpcenter.knowledge.services import counting, searching, suggesting
from portal.core.http import PortalRequest


class HitSerializer(serializers.Serializer[searching.Hit]):
    """A search result; `excerpt` is plain text around the words that were found."""

    id = serializers.SerializerMethodField()
    title = serializers.CharField(source="document.title")
    url = serializers.CharField(source="document.path")
    excerpt = serializers.SerializerMethodField()
    type = serializers.CharField(source="document.kind")
    product = serializers.SlugField(source="document.product_slug", default=None, allow_null=True)
    topic = serializers.CharField(source="document.topic", default=None, allow_null=True)

    def get_id(self, hit: searching.Hit) -> UUID:
        """The page's public identifier."""
        key: UUID = self.context["keys"][hit.document.pk]
        return key

    def get_excerpt(self, hit: searching.Hit) -> str:
        """The marked excerpt without its marks."""
        return html.unescape(strip_tags(hit.excerpt_html))


class Answers(serializers.Serializer[searching.SearchResults]):
    """A page of search results."""

    count = serializers.IntegerField(source="total")
    next = serializers.SerializerMethodField()
    previous = serializers.SerializerMethodField()
    results = HitSerializer(source="hits", many=True)

    def get_next(self, results: searching.SearchResults) -> str | None:
        """Address of the next page."""
        return self.page_address(results.page + 1) if results.page < results.pages else None

    def get_previous(self, results: searching.SearchResults) -> str | None:
        """Address of the page before."""
        return self.page_address(results.page - 1) if results.page > 1 else None

    def page_address(self, number: int) -> str:
        """This search at another page."""
        return str(replace_query_param(self.context["request"].build_absolute_uri(), "page", number))


class SearchParameters(serializers.Serializer[dict[str, object]]):
    """What a search takes; a long `q` is cut like on the page."""

    q = serializers.CharField(allow_blank=True, default="", trim_whitespace=True)
    product = serializers.SlugField(default=None)
    type = serializers.ChoiceField(choices=Kind.choices, default=None)
    page = serializers.IntegerField(min_value=1, max_value=10_000, default=1)
    page_size = serializers.IntegerField(min_value=1, max_value=50, default=10)


class SearchView(APIView):
    """Search the pages that the reader may read."""

    permission_classes = [AllowAny]

    @extend_schema(parameters=[SearchParameters], responses=Answers)
    def get(self, request: Request) -> Response:
        """One page of results; a search counts once, as on the page, with its first page."""
        asked = SearchParameters(data=request.query_params)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        reader = reader_of(cast("PortalRequest", request._request))
        filters = searching.Filters(product=values["product"], kind=values["type"])
        results = searching.search(
            values["q"],
            audience_ids=Audience.objects.readable_by(reader),
            filters=filters,
            page=values["page"],
            page_size=values["page_size"],
        )
        agent = request.headers.get("User-Agent", "")
        if counting.is_search(values["q"], page=values["page"], method=request.method, user_agent=agent):
            counting.searched(
                query=values["q"],
                normalised=results.normalised,
                results=results.total,
                reader=reader.kind,
                is_filtered=filters != searching.Filters(),
                at=timezone.now(),
            )
        shown = [hit.document.pk for hit in results.hits]
        keys = dict(Page.objects.filter(pk__in=shown).values_list("pk", "translation_key"))
        return Response(Answers(results, context={"request": request, "keys": keys}).data)


class SuggestionSerializer(serializers.Serializer[suggesting.Suggestion]):
    """A page whose title holds what was typed so far."""

    title = serializers.CharField()
    url = serializers.CharField()
    type = serializers.CharField(source="kind")
    topic = serializers.CharField()


class SuggestView(APIView):
    """Suggest pages while somebody types."""

    permission_classes = [AllowAny]

    @extend_schema(parameters=[OpenApiParameter("q", str)], responses=SuggestionSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The eight best pages."""
        audiences = Audience.objects.readable_by(reader_of(cast("PortalRequest", request._request)))
        found = suggesting.suggest(request.query_params.get("q", ""), audience_ids=audiences)
        return Response([SuggestionSerializer(suggestion).data for suggestion in found])
