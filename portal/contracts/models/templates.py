"""Texts of contracts as editors keep them."""

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin

from portal.contracts import markup
from portal.contracts.blocks import ContractBodyBlock, OwnFieldsBlock
from portal.contracts.merge_fields import KNOWN, NAMES, MergeField
from portal.core import merge_fields


class ContractTemplateQuerySet(models.QuerySet["ContractTemplate"]):
    """Templates."""

    def in_use(self) -> Self:
        """Those from which contracts can be drawn up."""
        return self.filter(live=True)


class ContractTemplate(PreviewableMixin, DraftStateMixin, LockableMixin, RevisionMixin, models.Model):
    """A text with merge fields, and how contracts of it are signed.

    `fields` are merge fields of its own, beside those that every contract fills. What is published is what new
    contracts say; those that were sent keep their text.
    """

    # As those of Contract.Type, which stands above.
    TYPES: ClassVar = [("onboarding", "Onboarding"), ("engagement", "Engagement"), ("maintenance", "Maintenance")]

    name = models.CharField(max_length=120, unique=True)
    type = models.CharField(max_length=11, choices=TYPES)
    body = StreamField(ContractBodyBlock(), use_json_field=True)
    fields = StreamField(
        OwnFieldsBlock(),
        blank=True,
        use_json_field=True,
        verbose_name="merge fields of its own",
        help_text="Gaps in the text that staff fill in for each contract; all others are filled by the portal.",
    )
    is_counter_signed = models.BooleanField(
        "counter-signed", default=True, help_text="Whether somebody of ours signs too, after the company."
    )
    signing_order = models.CharField(
        max_length=8, choices=[("in_turn", "One after another"), ("parallel", "All at once, the vendor last")],
        default="in_turn",
    )  # fmt: skip
    offer_days = models.PositiveSmallIntegerField(default=30, help_text="So long a contract can be signed.")
    renewal_months = models.PositiveSmallIntegerField(
        default=0, help_text="By so many months it goes on when it would end; 0 for an end that stands."
    )
    notice_days = models.PositiveSmallIntegerField(
        default=30, help_text="So long before a renewal the company is told."
    )
    # Where an imported text comes from, so that importing it again finds it; empty for one of ours.
    source = models.CharField(max_length=300, blank=True, editable=False)
    source_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    panels: ClassVar = [
        FieldPanel("name"),
        FieldPanel("type"),
        HelpPanel(template="contracts/admin/merge_fields.html", heading="Merge fields"),
        FieldPanel("body"),
        FieldPanel("fields"),
        MultiFieldPanel(
            [FieldPanel("is_counter_signed"), FieldPanel("signing_order"), FieldPanel("offer_days")], heading="Signing"
        ),
        MultiFieldPanel([FieldPanel("renewal_months"), FieldPanel("notice_days")], heading="Renewal"),
    ]

    objects = ContractTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=~models.Q(source=""), name="contracts_contracttemplate_source"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse merge fields that nothing fills, and terms that no contract of this type can have."""
        super().clean()
        errors: dict[str, Any] = {}
        if words := self._wrong_fields():
            errors["fields"] = words
        try:
            self._check_texts()
        except ValidationError as error:
            errors["body"] = error
        if self.type == "engagement" and self.renewal_months:
            errors["renewal_months"] = _("An engagement lasts twelve months at most and is not renewed by itself.")
        if errors:
            raise ValidationError(errors)

    def _wrong_fields(self) -> str:
        names = [field.name for field in self.own_fields]
        taken = sorted(NAMES.intersection(names))
        if taken:
            return _("The portal fills these itself, leave them out: %(names)s.") % {"names": ", ".join(taken)}
        twice = sorted({name for name in names if names.count(name) > 1})
        return _("Each name once, please: %(names)s.") % {"names": ", ".join(twice)} if twice else ""

    def _check_texts(self) -> None:
        known = [field.name for field in self.known_fields]
        for text in markup.texts_of(self.body):
            merge_fields.check(text, known)

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """One: with sample values."""
        return [("", _("With sample values"))]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The text as it is signed, with sample values."""
        return render(
            request, "contracts/preview.html", {"text": markup.shown(markup.sample(self)), "title": self.name}
        )

    @property
    def own_fields(self) -> list[MergeField]:
        """Its merge fields that whoever draws a contract up fills in."""
        values = [block.value for block in self.fields]
        return [MergeField(value["name"], value["label"], value["sample"]) for value in values]

    @property
    def known_fields(self) -> list[MergeField]:
        """All merge fields that its text can name."""
        return [*KNOWN, *self.own_fields]
