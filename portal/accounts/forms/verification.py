"""The form of one paper."""

from typing import Any

from django import forms

from portal.accounts.models import VerificationDocument
from portal.core import files


class DocumentForm(forms.Form):
    """One paper, and until when it is valid."""

    kind = forms.ChoiceField(label="What is it?", choices=VerificationDocument.Kind.choices)
    file = files.UploadField(kinds=files.DOCUMENTS, label="File", help_text="PDF, JPG, PNG or WEBP, at most 10 MB.")
    expires_on = forms.DateField(
        label="Expires on",
        required=False,
        help_text="The date on the document. Leave it empty if it does not expire.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def values(self) -> dict[str, Any]:
        """The paper as `verifications.add_document` takes it."""
        given = self.cleaned_data
        return {"kind": given["kind"], "upload": given["file"], "expires_on": given["expires_on"]}
