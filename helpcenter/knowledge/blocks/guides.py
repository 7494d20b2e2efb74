"""What tutorials and troubleshooters are made of, beside an introduction."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from django.utils.text import slugify
from wagtail import blocks
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError

from helpcenter.knowledge.blocks.bodies import SimpleBodyBlock


class TutorialStepBlock(blocks.StructBlock):
    """One step of a tutorial."""

    title = blocks.CharBlock(max_length=250)
    body = SimpleBodyBlock()

    class Meta:
        icon = "list-ol"
        label = "Step"
        template = "knowledge/blocks/tutorial_step.html"
        description = "One step of the tutorial, with a title."
        preview_value = {"title": "Add the first employee", "body": [("text", "<p>Open <b>Employees</b>.</p>")]}

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the anchor of the step."""
        return {**super().get_context(value, parent_context), "anchor": slugify(value["title"]) or "step"}


class AnswerBlock(blocks.StructBlock):
    """One answer to a question and where it leads: to another node, or to a page."""

    label = blocks.CharBlock(max_length=250)
    goto = blocks.CharBlock(
        required=False, max_length=80, label="Leads to", help_text="Key of the question or solution that follows."
    )
    page = blocks.PageChooserBlock(
        required=False, page_type="knowledge.HelpPage", help_text="Page that solves it, in place of a key."
    )

    def clean(self, value: Any) -> Any:
        """Demand that the answer leads somewhere, unless a draft is saved while it is written."""
        cleaned = super().clean(value)
        if not self.is_deferred_validation and not cleaned["goto"] and not cleaned["page"]:
            error = ValidationError("Name the key that follows, or choose a page.")
            raise StructBlockValidationError(block_errors={"goto": error})
        return cleaned


class NodeBlock(blocks.StructBlock):
    """One question of a troubleshooter with its answers; without answers it is a solution."""

    key = blocks.RegexBlock(
        regex=r"^[a-z0-9-]+$",
        max_length=80,
        help_text="Short name, by which answers lead here. Readers begin at the first.",
        error_messages={"invalid": "Use small letters, digits and hyphens."},
    )
    title = blocks.CharBlock(max_length=250)
    body = SimpleBodyBlock(required=False)
    answers = blocks.ListBlock(
        AnswerBlock(), required=False, default=[], help_text="Left empty, the node is a solution."
    )

    class Meta:
        icon = "help"
        label = "Question or solution"
        template = "knowledge/blocks/node.html"
        description = "A question with answers that lead on, or a solution."
        preview_value = {
            "key": "start",
            "title": "Does the payslip show a zero net pay?",
            "body": [],
            "answers": [{"label": "Yes", "goto": "zero", "page": None}, {"label": "No", "goto": "other", "page": None}],
        }


class NodesBlock(blocks.StreamBlock):
    """The questions and solutions of a troubleshooter; readers begin at the first."""

    node = NodeBlock()

    def clean(self, value: Any) -> Any:
        """Refuse keys used twice and answers that lead nowhere, unless a draft is saved while it is written."""
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        keys = [node.value["key"] for node in cleaned]
        repeated = sorted({key for key in keys if keys.count(key) > 1})
        targets = {answer["goto"] for node in cleaned for answer in node.value["answers"] if answer["goto"]}
        unknown = sorted(targets - set(keys))
        wrong = [f"Each key may be used once; used again: {', '.join(repeated)}."] if repeated else []
        wrong += [f"Answers lead to keys that nothing here has: {', '.join(unknown)}."] if unknown else []
        if wrong:
            raise StreamBlockValidationError(non_block_errors=ErrorList(wrong))
        return cleaned
