"""What a verdict is called on the page, in plain words; and the form that asks for one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.contracts import certificate
from portal.contracts.sealing.findings import BROKEN, ENCRYPTED, NOT_PDF, Seal, Stamp
from portal.contracts.services import verifying
from portal.contracts.services.verifying import Verdict
from portal.contracts.verifiers import Fact
from portal.core import files


@dataclass(frozen=True, slots=True)
class Words:
    """Title and text of a verdict; `kind` is that of the alert."""

    kind: str
    title: Promise
    text: Promise


WORDS = {
    verifying.KNOWN: Words(
        "success",
        gettext_lazy("This is the document that we sealed"),
        gettext_lazy("The file is byte for byte the one in our records. Nothing was changed since it was sealed."),
    ),
    verifying.EXTENDED: Words(
        "danger",
        gettext_lazy("Something was added after we sealed it"),
        gettext_lazy(
            "The file begins with a document of ours, but it goes on with something that is not from us. What it shows "
            "may differ from what was signed. Ask for the original, or verify the file that we sent by e-mail."
        ),
    ),
    verifying.CHANGED: Words(
        "danger",
        gettext_lazy("This document was changed after we sealed it"),
        gettext_lazy("The file has a seal of ours, and the seal is broken. Do not rely on what it says."),
    ),
    verifying.UNKNOWN: Words(
        "warning",
        gettext_lazy("The seal is ours, but the file is not in our records"),
        gettext_lazy(
            "The seal holds: what it covers was not changed. Still, it is not byte for byte a document that we handed "
            "out. Write to us before you rely on it."
        ),
    ),
    verifying.FOREIGN: Words(
        "neutral",
        gettext_lazy("Not a document of ours"),
        gettext_lazy("The file has a seal or signature, but none of ours, and we do not know the file."),
    ),
    verifying.UNSEALED: Words(
        "neutral",
        gettext_lazy("Not a document of ours"),
        gettext_lazy(
            "The file has no seal, and we do not know it. A copy that was printed or saved anew has lost its seal: "
            "verify the file as it came by e-mail."
        ),
    ),
    ENCRYPTED: Words(
        "warning",
        gettext_lazy("This file is protected by a password"),
        gettext_lazy("We do not know it and cannot look inside. Documents of ours have no password."),
    ),
    NOT_PDF: Words("warning", gettext_lazy("This is not a PDF"), gettext_lazy("Choose the PDF that came by e-mail.")),
    BROKEN: Words(
        "warning",
        gettext_lazy("This file cannot be read"),
        gettext_lazy(
            "It is damaged or not whole, and not a document that we know. Choose the PDF that came by e-mail."
        ),
    ),
    verifying.TOO_HARD: Words(
        "warning",
        gettext_lazy("This file is too much for us"),
        gettext_lazy("We do not know it, and looking inside took too long. It proves nothing."),
    ),
}


class VerifyForm(forms.Form):
    """A code, or a file."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("It stands on the last page of the document, such as 7KQ2-M4XD-91TB-0AZV."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    file = files.UploadField(kinds=files.PDF, label=gettext_lazy("PDF"), required=False)

    def clean_code(self) -> str:
        """The code without what nobody has in one; it becomes part of an address."""
        return "".join(letter for letter in self.cleaned_data["code"] if letter.isascii() and letter.isalnum())

    def clean(self) -> dict[str, Any]:
        """Demand one of the two."""
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("code")) == bool(cleaned.get("file")):
            raise forms.ValidationError(_("Enter the code, or choose the file: one of the two."))
        return cleaned


def page_of(verdict: Verdict) -> dict[str, Any]:
    """What the page shows of a verdict."""
    found = verdict.findings
    seals = _seals(found.seals) if found else []
    stamps = _stamps(found.stamps) if found else []
    return {"words": WORDS[verdict.outcome], "proof": verdict.proof, "seals": [*seals, *stamps]}


def _seals(seals: Iterable[Seal]) -> list[Fact]:
    return [(_("Seal of %(name)s") % {"name": seal.by}, _state(seal)) for seal in seals]


def _state(seal: Seal) -> str:
    if not seal.is_intact:
        return _("Broken: what it covers was changed.")
    if seal.is_changed_after:
        return _("It holds, but something was added after it.")
    if not seal.is_ours:
        return _("It holds; the certificate is none of ours of today.")
    return _("It holds: nothing was changed. Sealed with our certificate.")


def _stamps(stamps: Iterable[Stamp]) -> list[Fact]:
    return [(_("Time stamp of %(name)s") % {"name": stamp.authority}, _time(stamp)) for stamp in stamps]


def _time(stamp: Stamp) -> str:
    at = certificate.instant(datetime.fromisoformat(stamp.at))
    if not stamp.is_sound:
        return _("Broken.")
    if not stamp.is_trusted:
        return _("%(at)s. It holds; whether its authority can be trusted is not for us to say.") % {"at": at}
    return _("%(at)s. It holds, and we trust its authority.") % {"at": at}
