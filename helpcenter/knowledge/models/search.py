"""The search index: the words of each document, and the vocabulary that each audience may know of."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import CombinedSearchVector, SearchVector, SearchVectorField
from django.db import models
from django.db.models.expressions import Func

from billing.catalog.models import Product
from helpcenter.knowledge.models.audiences import Audience
from helpcenter.knowledge.models.documents import HelpDocument, Kind
from helpcenter.knowledge.models.words import LONGEST_WORD

LANGUAGE = "english"
# A long list of pending entries makes searches slow: it is merged before it grows.
PENDING_KILOBYTES = 256


def weighted(field: str, weight: str) -> SearchVector:
    """Stems of a column, with the weight that ranking gives them."""
    return SearchVector(field, weight=weight, config=LANGUAGE)


class SearchDocument(models.Model):
    """The normalised words of a help document; the database keeps their weighted vectors."""

    document = models.OneToOneField(HelpDocument, primary_key=True, on_delete=models.CASCADE, related_name="search")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    product = models.ForeignKey(Product, null=True, on_delete=models.SET_NULL, related_name="+")
    topic = models.ForeignKey(HelpDocument, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False)
    title = models.TextField(db_collation="C")
    lead = models.TextField(blank=True, help_text="Summary and keywords.")
    headings = models.TextField(blank=True)
    body = models.TextField(blank=True)
    title_vector = models.GeneratedField(
        expression=weighted("title", "A"), output_field=SearchVectorField(), db_persist=True
    )
    vector = models.GeneratedField(
        expression=CombinedSearchVector(
            CombinedSearchVector(weighted("title", "A"), "||", weighted("lead", "B"), LANGUAGE),
            "||",
            CombinedSearchVector(weighted("headings", "C"), "||", weighted("body", "D"), LANGUAGE),
            LANGUAGE,
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["title"], name="knowledge_search_title_start"),
            GinIndex(fields=["title_vector"], name="knowledge_search_title", gin_pending_list_limit=PENDING_KILOBYTES),
            GinIndex(fields=["vector"], name="knowledge_search_vector", gin_pending_list_limit=PENDING_KILOBYTES),
        ]

    def __str__(self) -> str:
        return self.title

    def words(self) -> str:
        """All its words, for the vocabulary."""
        return f"{self.title} {self.lead} {self.headings} {self.body}"


class Word(models.Model):
    """How many documents of an audience hold a word; the empty word stands for every document."""

    word = models.CharField(max_length=LONGEST_WORD, db_collation="C", blank=True)
    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="+", db_index=False)
    frequency = models.IntegerField(default=0, help_text="Documents that hold it.")
    title_frequency = models.IntegerField(default=0, help_text="Documents that hold it in their title.")
    keys = ArrayField(models.CharField(max_length=LONGEST_WORD), default=list, help_text="See words.deletion_keys.")
    stem = models.GeneratedField(
        expression=Func(
            SearchVector("word", config=LANGUAGE), template="(tsvector_to_array(%(expressions)s))[1]", function=""
        ),
        output_field=models.TextField(null=True),
        db_persist=True,
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["word", "audience"], name="knowledge_word_once")]
        indexes: ClassVar = [
            models.Index(fields=["stem", "audience"], name="knowledge_word_stem"),
            GinIndex(fields=["keys"], name="knowledge_word_keys", gin_pending_list_limit=PENDING_KILOBYTES),
            models.Index(fields=["word"], condition=models.Q(title_frequency__gt=0), name="knowledge_word_in_titles"),
        ]

    def __str__(self) -> str:
        return self.word
