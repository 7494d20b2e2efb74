"""What readers searched for, and whether they found it."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Avg, Count, F, FloatField, Max, Q
from django.db.models.functions import Cast


class SearchEventQuerySet(models.QuerySet["SearchEvent"]):
    """Searches, and what editors ask of them."""

    def since(self, at: datetime) -> Self:
        """Searches from an instant on."""
        return self.filter(at__gte=at)

    def nothing_found(self) -> "models.QuerySet[SearchEvent, dict[str, Any]]":
        """Searches of the whole help center without a result, most frequent first: {query, searches, last_at}."""
        rows = self.filter(results=0, is_filtered=False).values("query")
        return rows.annotate(searches=Count("pk"), last_at=Max("at")).order_by("-searches", "query")

    def low_clicks(self, *, at_least: int = 5, below: float = 0.3) -> "models.QuerySet[SearchEvent, dict[str, Any]]":
        """Frequent searches with results that few open, most frequent first.

        {query, searches, clicks, click_rate, average_results, last_at}
        """
        rows = self.filter(results__gt=0, is_filtered=False).values("query")
        counted = rows.annotate(searches=Count("pk"), clicks=Count("pk", filter=Q(clicked_rank__isnull=False)))
        rated = counted.annotate(click_rate=Cast(F("clicks"), FloatField()) / F("searches"))
        described = rated.annotate(average_results=Avg("results"), last_at=Max("at"))
        return described.filter(searches__gte=at_least, click_rate__lt=below).order_by("-searches", "query")


class SearchEvent(models.Model):
    """One search of one reader, without a trace of who it was."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    query = models.CharField(max_length=200, help_text="Normalised.")
    results = models.PositiveIntegerField()
    reader = models.CharField(max_length=16, help_text="Kind of desk, or anonymous.")
    is_filtered = models.BooleanField(default=False)
    clicked = models.ForeignKey(
        "knowledge.HelpPage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    clicked_rank = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Place of the result opened first."
    )
    at = models.DateTimeField()

    objects = SearchEventQuerySet.as_manager()

    class Meta:
        verbose_name = "search"
        verbose_name_plural = "searches"
        indexes: ClassVar = [models.Index(fields=["at", "query"], name="knowledge_searchevent_at")]

    def __str__(self) -> str:
        return self.query
