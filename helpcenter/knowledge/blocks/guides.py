"""What tutorials and troubleshooters are made of, beside an introduction."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from wagtail import blocks
from wagtail.blocks import StructBlockValidationError

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
    goto = blocks.CharBlock(required=False, max_length=80, help_text="Key of the node that follows.")
    page = blocks.PageChooserBlock(
        required=False, page_type="knowledge.HelpPage", help_text="Page that solves it, in place of a node."
    )

    def clean(self, value: Any) -> Any:
        """Demand that the answer leads somewhere."""
        cleaned = super().clean(value)
        if not cleaned["goto"] and not cleaned["page"]:
            error = ValidationError("Name the node that follows, or choose a page.")
            raise StructBlockValidationError(block_errors={"goto": error})
        return cleaned


class NodeBlock(blocks.StructBlock):
    """One question of a troubleshooter with its answers; without answers it is a solution."""

    key = blocks.RegexBlock(
        regex=r"^[a-z0-9-]+$",
        max_length=80,
        help_text="Name of the node, by which answers lead to it. The first node is the start.",
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
