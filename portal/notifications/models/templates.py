"""Words of notifications as editors keep them."""

from typing import Any, ClassVar, cast

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin

from portal.core import merge_fields
from portal.notifications import letters
from portal.notifications.registry import Kind, kinds


class MessageTemplate(PreviewableMixin, DraftStateMixin, RevisionMixin, models.Model):
    """The words of one kind of notification. Published ones are used; until then the kind's own words are."""

    kind = models.CharField(max_length=60, unique=True, editable=False)
    subject = models.CharField(max_length=200, help_text="The line in the bell, and the subject of the e-mail.")
    body = models.TextField(blank=True, help_text="Leave a line free between paragraphs.")

    panels: ClassVar = [
        HelpPanel(template="notifications/admin/merge_fields.html", heading="Merge fields"),
        FieldPanel("subject"),
        FieldPanel("body"),
    ]

    class Meta:
        ordering = ["kind"]

    def __str__(self) -> str:
        return kinds.get(self.kind).label if self.kind in kinds else self.kind

    @property
    def rules(self) -> Kind:
        """What the app that tells it says of it. Raises NotRegistered when no app tells it any more."""
        return kinds.get(self.kind)

    @property
    def group(self) -> str:
        """The group of its kind."""
        return self.rules.group if self.kind in kinds else "No longer told"

    @property
    def words_in_use(self) -> str:
        """Whose words people read now."""
        return "Reworded" if self.live else "Default"

    def clean(self) -> None:
        """Refuse merge fields that nothing fills."""
        super().clean()
        known = self.rules.fields if self.kind in kinds else {}
        errors: dict[str, Any] = {}
        for name in ("subject", "body"):
            try:
                merge_fields.check(getattr(self, name), known)
            except ValidationError as error:
                errors[name] = error
        if errors:
            raise ValidationError(errors)

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """What can be looked at."""
        return [("html", "E-mail"), ("text", "E-mail as text"), ("bell", "Bell and SMS")]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The message with the sample values of the kind."""
        letter = letters.sample(self.rules, self.subject, self.body)
        if mode_name == "html":
            shown = HttpResponse(letters.html(letter))
        elif mode_name == "text":
            shown = HttpResponse(letters.text(letter), content_type="text/plain; charset=utf-8")
        else:
            shown = HttpResponse(letter.subject, content_type="text/plain; charset=utf-8")
        policy = {
            "default-src": [SELF],
            "style-src": [UNSAFE_INLINE],
            "img-src": [SELF, "data:"],
            "frame-ancestors": [SELF],
        }
        return cast("HttpResponse", csp_replace(policy)(lambda _request: shown)(request))
