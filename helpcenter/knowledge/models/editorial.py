"""What editors tell the search: words that mean the same, and pages that answer a question best."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel, PageChooserPanel

from helpcenter.knowledge.models.words import normalise


def normalised(phrases: Iterable[object]) -> list[str]:
    """Phrases as search sees them, each once."""
    return list(dict.fromkeys(filter(None, (normalise(str(phrase)) for phrase in phrases))))


class PhrasesField(ArrayField):
    """Phrases as search sees them: normalised, each once; edited as one text with commas."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(kwargs.pop("base_field", None) or models.CharField(max_length=100), **kwargs)

    def deconstruct(self) -> Any:
        """A plain array for migrations, which know nothing of this app."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.contrib.postgres.fields.ArrayField", args, kwargs

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Normalise whatever was typed."""
        if isinstance(value, list | tuple):
            value = normalised(value)
        return super().get_db_prep_value(value, connection, prepared)


class Synonym(models.Model):
    """Words or phrases that mean the same: who searches for one also finds the others."""

    phrases = PhrasesField(
        help_text="Words or phrases that mean the same, separated by commas: invoice, bill, fee note."
    )

    panels: ClassVar = [FieldPanel("phrases")]

    class Meta:
        ordering: ClassVar = ["phrases"]
        indexes: ClassVar = [GinIndex(fields=["phrases"], name="knowledge_synonym_phrases")]

    def __str__(self) -> str:
        return ", ".join(self.phrases)

    def clean(self) -> None:
        """A phrase alone means the same as nothing. Raises ValidationError."""
        if len(normalised(self.phrases or ())) < 2:
            raise ValidationError({"phrases": "Enter at least two words or phrases, separated by commas."})


class Promotion(models.Model):
    """A page that stands above the results of certain searches, for readers who may read it."""

    phrases = PhrasesField(
        verbose_name="searches", help_text="Searches that it answers, separated by commas: pay, how to pay."
    )
    page = models.ForeignKey("knowledge.HelpPage", on_delete=models.CASCADE, related_name="promotions")
    text = models.CharField(max_length=200, blank=True, help_text="Why it helps; left empty, the page's summary.")

    panels: ClassVar = [FieldPanel("phrases"), PageChooserPanel("page"), FieldPanel("text")]

    class Meta:
        verbose_name = "recommended result"
        ordering: ClassVar = ["phrases"]
        indexes: ClassVar = [GinIndex(fields=["phrases"], name="knowledge_promotion_phrases")]

    def __str__(self) -> str:
        return ", ".join(self.phrases)

    def clean(self) -> None:
        """There must be a search. Raises ValidationError."""
        if not normalised(self.phrases or ()):
            raise ValidationError({"phrases": "Enter at least one search."})
