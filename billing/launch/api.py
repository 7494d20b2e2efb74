"""What products tell of companies, and what companies set for them."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing.catalog.product_api import ProductView, ReceiptSerializer, product_of
from billing.catalog.receipts import Rejected
from billing.launch.models import ProductFigure, ProductSync
from billing.launch.services import activity_reports, naming, state_reports
from billing.launch.services import settings as product_settings
from billing.launch.services.activity_reports import Report
from billing.launch.services.state_reports import Figure
from portal.core.api.problems import by_field
from portal.core.names import ONE_LINE

MOST_REPORTS = 200
NAME_LENGTH = 100


class MomentSerializerField(serializers.DateTimeField):
    """A moment with its offset: without one nobody knows when it is."""

    default_error_messages: ClassVar[dict[str, Any]] = {"naive": _("Say the offset, as in 2026-03-01T08:30:00Z.")}

    def enforce_timezone(self, value: Any) -> Any:
        """Refuse what the framework would take for local time."""
        if timezone.is_naive(value):
            self.fail("naive")
        return super().enforce_timezone(value)


class ReportSerializer(serializers.Serializer[Any]):
    """What happened at a company; `text` is plain and names nobody: who did it is `member`, by `sub`."""

    id = serializers.CharField(max_length=NAME_LENGTH)
    company = serializers.CharField(max_length=NAME_LENGTH, help_text="id or slug")
    text = serializers.CharField(max_length=140, validators=[ONE_LINE])
    occurred_at = MomentSerializerField()
    member = serializers.CharField(max_length=NAME_LENGTH, required=False, allow_blank=True, default="")


class FigureSerializer(serializers.ModelSerializer[ProductFigure]):
    """A quick statistic; `key` is the product's own name for it."""

    class Meta:
        model = ProductFigure
        fields: ClassVar[list[str]] = ["key", "label", "value"]
        extra_kwargs: ClassVar[dict[str, Any]] = {"label": {"validators": [ONE_LINE]}, "value": {"max_value": 10**15}}


class StatisticsSerializer(serializers.Serializer[Any]):
    """All quick statistics of a company, in their order; without `reported_at` they are those of now."""

    company = serializers.CharField(max_length=NAME_LENGTH, help_text="id or slug")
    figures: Any = serializers.ListField(child=FigureSerializer(), min_length=1, max_length=ProductFigure.MOST)
    reported_at = MomentSerializerField(required=False)

    def validate_figures(self, figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Refuse two of one key."""
        if len({figure["key"] for figure in figures}) < len(figures):
            raise serializers.ValidationError(_("Two figures have the same key."))
        return figures


class SynchronisationSerializer(serializers.ModelSerializer[ProductSync]):
    """How it stands since `synced_at`."""

    company = serializers.CharField(max_length=NAME_LENGTH, help_text="id or slug")
    synced_at = MomentSerializerField()
    detail = serializers.CharField(max_length=200, required=False, allow_blank=True, default="", validators=[ONE_LINE])

    class Meta:
        model = ProductSync
        fields: ClassVar[list[str]] = ["company", "state", "synced_at", "detail"]


class Activity(ProductView):
    """What happened at companies becomes part of their activity."""

    @extend_schema(summary="Report activity", request=ReportSerializer(many=True), responses={202: ReceiptSerializer})
    def post(self, request: Request) -> Response:
        """Take those that are right; what was sent before counts once."""
        sent = request.data
        if not isinstance(sent, list) or not 1 <= len(sent) <= MOST_REPORTS:
            raise serializers.ValidationError(_("Send a list of 1 to 200 reports."))
        reports, rejected = read(sent)
        receipt = activity_reports.record(product=product_of(request), reports=reports, at=timezone.now())
        receipt.rejected = sorted([*receipt.rejected, *rejected], key=lambda one: one.index)
        return Response(asdict(receipt), status=HTTPStatus.ACCEPTED)


def read(items: list[Any]) -> tuple[dict[int, Report], list[Rejected]]:
    """Those in the right shape by their place, and what is wrong with the others."""
    reports, rejected = {}, []
    for index, item in enumerate(items):
        one = ReportSerializer(data=item)
        if one.is_valid():
            reports[index] = Report(**one.validated_data)
        else:
            said = "; ".join(f"{name}: {' '.join(words)}" for name, words in by_field(one.errors).items())
            named = item.get("id") if isinstance(item, dict) else None
            rejected.append(Rejected(index, named if isinstance(named, str) else None, "invalid", said))
    return reports, rejected


class Statistics(ProductView):
    """Quick statistics of a company in the product."""

    @extend_schema(summary="Set quick statistics", request=StatisticsSerializer, responses=StatisticsSerializer)
    def put(self, request: Request) -> Response:
        """Answer those that stand: the latest."""
        sent = StatisticsSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        product, data, now = product_of(request), sent.validated_data, timezone.now()
        company = naming.company(product=product, name=data["company"])
        figures = [Figure(**figure) for figure in data["figures"]]
        told = {"figures": figures, "reported_at": data.get("reported_at", now), "at": now}
        standing = state_reports.set_figures(product=product, company=company, **told)
        answer = {"company": data["company"], "figures": standing, "reported_at": standing[0].reported_at}
        return Response(StatisticsSerializer(answer).data)


class Synchronisation(ProductView):
    """How the synchronisation of a company's data with the product stands."""

    @extend_schema(
        summary="Set the state of synchronisation",
        request=SynchronisationSerializer,
        responses=SynchronisationSerializer,
    )
    def put(self, request: Request) -> Response:
        """Answer what stands: the latest."""
        sent = SynchronisationSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        product, data = product_of(request), sent.validated_data
        named = data.pop("company")
        company = naming.company(product=product, name=named)
        row = state_reports.set_sync(product=product, company=company, **data, at=timezone.now())
        return Response({"company": named, "state": row.state, "synced_at": row.synced_at, "detail": row.detail})


class SettingsSerializer(serializers.Serializer[Any]):
    """By key what holds: what the company set, else the default. `version` goes up with each change, from 0."""

    company = serializers.CharField()
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField(allow_null=True)
    settings = serializers.DictField()


class AskedSerializer(serializers.Serializer[Any]):
    """Whose settings are asked for."""

    company = serializers.CharField(max_length=NAME_LENGTH)


class Settings(ProductView):
    """What a company set for the product."""

    @extend_schema(
        summary="Read settings",
        parameters=[OpenApiParameter("company", str, required=True, description="id or slug")],
        responses=SettingsSerializer,
    )
    def get(self, request: Request) -> Response:
        """Answer a value for each key of the product's schema."""
        asked = AskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        product, name = product_of(request), asked.validated_data["company"]
        mine = product_settings.of_company(naming.company(product=product, name=name), product)
        values = product_settings.effective(list(product.settings.all()), mine)
        answer = {"company": name, "version": mine.version, "updated_at": mine.updated_at, "settings": values}
        return Response(answer)
