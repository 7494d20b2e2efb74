"""Filters of the center, and what one chooses to be told."""

import re
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django import forms
from django.apps import apps
from django.utils.http import urlencode

from portal.core.http import MemberRequest
from portal.notifications.models import ContactSettings, Notification
from portal.notifications.models.deliveries import Channel
from portal.notifications.models.notifications import NotificationQuerySet
from portal.notifications.models.phones import DIGITS, is_e164
from portal.notifications.models.preferences import time_zones
from portal.notifications.registry import kinds, sections
from portal.notifications.services import preferences

if TYPE_CHECKING:
    from portal.accounts.models import User

# Companies are offered from among the last so many notifications, so that a long list costs no more than a short one.
RECENT = 500


class CenterFilter(forms.Form):
    """What the center shows: `state=unread`, a group of kinds, and at desks without a company one of those told of."""

    state = forms.ChoiceField(choices=[("", ""), ("unread", "")], required=False)
    group = forms.ChoiceField(required=False)
    company = forms.SlugField(required=False)

    def __init__(self, data: Any, *, request: MemberRequest) -> None:
        super().__init__(data)
        groups = sorted({kind.group for kind in kinds.all()})
        cast("forms.ChoiceField", self.fields["group"]).choices = [("", ""), *((name, name) for name in groups)]
        self.groups = groups
        self.visible = Notification.objects.visible_to(request.user, company=request.company)
        self.has_companies = request.company is None
        self.full_clean()

    def chosen(self) -> dict[str, str]:
        """What is filtered by; values that are none are left out."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    def apply(self) -> NotificationQuerySet:
        """What the filters let through."""
        found, chosen = self.visible, self.chosen()
        if "state" in chosen:
            found = found.unread()
        if "group" in chosen:
            found = found.of_group(chosen["group"])
        if "company" in chosen:
            found = found.filter(company__slug=chosen["company"])
        return found

    def anchor(self, public_id: str) -> Notification | None:
        """The row that a page begins after, if it is the person's own."""
        try:
            return self.visible.filter(public_id=UUID(public_id)).first()
        except ValueError:
            return None

    def segments(self) -> list[dict[str, Any]]:
        """All or the unread, with the other filters kept."""
        kept = {name: value for name, value in self.chosen().items() if name != "state"}
        is_unread = "state" in self.chosen()
        return [
            {"label": "All", "url": "?" + urlencode(kept), "active": not is_unread},
            {"label": "Unread", "url": "?" + urlencode({"state": "unread", **kept}), "active": is_unread},
        ]

    def hidden(self) -> list[tuple[str, str]]:
        """What the choices keep."""
        return [("state", "unread")] if "state" in self.chosen() else []

    def selects(self) -> list[dict[str, Any]]:
        """The choices as the filter bar shows them."""
        chosen = self.chosen()
        offered = [("group", "Kind", "All kinds", [(name, name) for name in self.groups])]
        if self.has_companies:
            offered.append(("company", "Company", "All companies", self.companies()))
        return [
            {
                "name": name,
                "label": label,
                "options": [
                    {"value": value, "label": words, "selected": chosen.get(name, "") == value}
                    for value, words in [("", everything), *options]
                ],
            }
            for name, label, everything, options in offered
            if options
        ]

    def companies(self) -> list[tuple[str, str]]:
        """Companies that the person was told of lately."""
        recent = self.visible.newest().values_list("company", flat=True)[:RECENT]
        company = apps.get_model("accounts", "Company")
        return list(company.objects.filter(pk__in=set(recent) - {None}).order_by("name").values_list("slug", "name"))


class PreferencesForm(forms.Form):
    """One choice for each section and channel."""

    def __init__(self, data: Any, *, user: "User") -> None:
        super().__init__(data)
        self.places: dict[str, tuple[str, str]] = {}
        before = preferences.of_person(user)
        self.has_phone = bool(preferences.contact_settings(user).confirmed_phone)
        for number, section in enumerate(sections()):
            for channel in Channel:
                name = f"{channel.value}-{number}"
                self.places[name] = (section.key, channel.value)
                self.fields[name] = forms.ChoiceField(
                    label=f"{section.label}: {channel.label}",
                    choices=[(choice.value, choice.label) for choice in preferences.offered(section, channel)],
                    initial=before[section.key, channel.value],
                    disabled=channel == Channel.SMS and not self.has_phone,
                    widget=forms.Select(attrs={"class": "select", "aria-label": f"{section.label}: {channel.label}"}),
                )

    def groups(self) -> list[dict[str, Any]]:
        """Subjects by name, each with its sections and their fields: what is important first."""
        found: dict[str, list[dict[str, Any]]] = {}
        for number, section in enumerate(sections()):
            row = {
                "label": section.label,
                "urgent": section.urgent,
                "kinds": [kind.label for kind in section.kinds if kind.listed],
                "fields": [self[f"{channel.value}-{number}"] for channel in Channel],
            }
            found.setdefault(section.group, []).append(row)
        return [{"name": name, "rows": sorted(rows, key=lambda row: not row["urgent"])} for name, rows in found.items()]

    def choices(self) -> dict[tuple[str, str], str]:
        """What was chosen, by section and channel."""
        return {place: self.cleaned_data[name] for name, place in self.places.items()}


class PhoneField(forms.CharField):
    """A number as people write it, with spaces and dashes."""

    def to_python(self, value: Any) -> str:
        """Leave out what only helps the eye."""
        return re.sub(r"[\s().-]", "", super().to_python(value) or "")


class PhoneForm(forms.Form):
    """The number that a code is sent to."""

    phone = PhoneField(
        label="Mobile number",
        validators=[is_e164],
        help_text="With country code, such as +254 712 345 678.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


class CodeForm(forms.Form):
    """The code that came by SMS."""

    code = forms.RegexField(
        rf"^\s*(\d\s*){{{DIGITS}}}$",
        label="Code",
        help_text="The six digits of the SMS.",
        error_messages={"invalid": "A code has six digits."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class ContactForm(forms.ModelForm[ContactSettings]):
    """The clock of the digest."""

    digest_hour = forms.TypedChoiceField(
        label="Daily digest comes at", coerce=int, choices=[(hour, f"{hour:02}:00") for hour in range(24)]
    )
    time_zone = forms.ChoiceField(choices=time_zones, help_text="Where your clock is.")

    class Meta:
        model = ContactSettings
        fields = ["digest_hour", "time_zone"]
