"""The form of a product's settings, made of the schema that staff keep."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.catalog.models import ProductSetting
from billing.catalog.models.products import LARGEST, Value
from billing.launch.models import ProductSettings
from portal.core.names import ONE_LINE

Kind = ProductSetting.Kind


class SettingsForm(forms.Form):
    """One field for each setting; `seen` is the version that the member read."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        schema: Sequence[ProductSetting],
        values: Mapping[str, Value],
        mine: ProductSettings,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.schema, self.mine = list(schema), mine
        self.fields["seen"].initial = mine.version
        for row in self.schema:
            field = field_of(row)
            field.initial = values[row.key]
            self.fields[name_of(row)] = field

    @property
    def settings(self) -> dict[str, Value]:
        """What was chosen, by key."""
        return {row.key: self.cleaned_data[name_of(row)] for row in self.schema}

    def see(self, version: int) -> None:
        """Let the form, shown again, be about this version."""
        # Each setting is one value.
        self.data = {**dict(self.data.items()), self.add_prefix("seen"): str(version)}


def name_of(row: ProductSetting) -> str:
    """The name of a setting's field, which is no name of the form's own."""
    return f"set-{row.key}"


def field_of(row: ProductSetting) -> forms.Field:
    """The field that asks for a setting."""
    words: dict[str, Any] = {"label": row.label, "help_text": row.help_text, "required": False}
    if row.kind == Kind.NUMBER:
        return forms.IntegerField(min_value=-LARGEST, max_value=LARGEST, **words)
    if row.kind == Kind.SWITCH:
        return forms.BooleanField(**words)
    if row.kind == Kind.CHOICE:
        options = [(option, option) for option in row.options]
        error = {"required": _("Choose one of these.")}
        return forms.ChoiceField(choices=options, error_messages=error, **{**words, "required": True})
    return forms.CharField(max_length=200, validators=[ONE_LINE], **words)
