"""Deciding."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_COMMENT = 2000


class DecisionForm(forms.Form):
    """Yes or no, by the button that was pressed, and why."""

    decision = forms.ChoiceField(choices=[("approve", _("Approve")), ("reject", _("Reject"))], widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Comment"),
        help_text=_("Needed to reject. Whoever asked will read it."),
        max_length=LONGEST_COMMENT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def answer(self) -> dict[str, Any]:
        """What the services take: decision and comment."""
        return {"decision": self.cleaned_data["decision"], "comment": self.cleaned_data["comment"]}
