"""Several choices in one column."""

from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField


class ChoicesArrayField(ArrayField[list[str], list[str]]):
    """An array of choices, edited as checkboxes instead of a comma separated text."""

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        """Checkboxes, one for each choice of the base field."""
        kept = {key: value for key, value in kwargs.items() if key in {"label", "help_text", "required", "initial"}}
        return forms.MultipleChoiceField(
            choices=list(self.base_field.choices or []),
            widget=forms.CheckboxSelectMultiple,
            **{
                "label": self.verbose_name.capitalize(),
                "required": not self.blank,
                "help_text": self.help_text,
                **kept,
            },
        )
