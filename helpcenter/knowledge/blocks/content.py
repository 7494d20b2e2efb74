"""Blocks that hold content themselves and no other blocks."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from wagtail import blocks
from wagtail.blocks import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock
from wagtail.images.shortcuts import get_renditions_or_not_found

TEXT_FEATURES = [
    "bold",
    "italic",
    "strikethrough",
    "code",
    "superscript",
    "subscript",
    "ol",
    "ul",
    "hr",
    "link",
    "document-link",
]
INLINE_FEATURES = ["bold", "italic", "strikethrough", "code", "superscript", "subscript", "link", "document-link"]


SAMPLE_TABLE = {
    "columns": [{"type": "text", "heading": "Day"}, {"type": "text", "heading": "What is due"}],
    "rows": [{"values": ["5", "Payroll closes"]}, {"values": ["9", "Returns are filed"]}],
    "caption": "Month end",
}


# For screens of twice the density, and for phones.
LARGE, SMALL = "max-1600x1600|format-webp", "max-800x1600|format-webp"


class TextBlock(blocks.RichTextBlock):
    """Running text with lists and links; headings are blocks of their own, so that they carry anchors."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": TEXT_FEATURES, **kwargs})

    class Meta:
        icon = "pilcrow"
        template = "knowledge/blocks/text.html"
        description = "Paragraphs, lists and links."
        preview_value = "<p>Open <b>Payroll run</b>, choose the month, and press <b>Calculate</b>.</p>"


class HeadingValue(blocks.StructValue):
    """A heading and where links to it lead."""

    @property
    def target(self) -> str:
        """Name of the anchor: the one the editor gave, else made from the text."""
        return self.get("anchor") or slugify(self.get("text", "")) or "section"


class HeadingBlock(blocks.StructBlock):
    """A heading that the table of contents lists and that links can point at."""

    text = blocks.CharBlock(max_length=250)
    level = blocks.ChoiceBlock(
        choices=[("2", "Section"), ("3", "Part"), ("4", "Detail")],
        default="2",
        help_text="How deep in the table of contents.",
    )
    anchor = blocks.RegexBlock(
        regex=r"^[\w.:-]*$",
        required=False,
        max_length=250,
        help_text="Address of the heading; left empty, it is made from the text. Keep it once others link to it.",
        error_messages={"invalid": "Use letters, digits, hyphens, dots and underscores."},
    )

    class Meta:
        icon = "title"
        template = "knowledge/blocks/heading.html"
        value_class = HeadingValue
        form_layout = ["text", "level", "anchor"]
        description = "A heading with an anchor, listed in the table of contents."
        preview_value = {"text": "Before you start", "level": "2", "anchor": ""}


class CaptionedImageBlock(blocks.StructBlock):
    """An image with its description for those who cannot see it, and a caption for everyone."""

    image = ImageBlock()
    caption = blocks.CharBlock(required=False, max_length=500)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the two sizes, drawn together: the file is read once, and each is packed on a processor of its own."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        if value.get("image"):
            sizes = get_renditions_or_not_found(value["image"], [LARGE, SMALL])
            context |= {"large": sizes[LARGE], "small": sizes[SMALL]}
        return context

    class Meta:
        icon = "image"
        label = "Image"
        template = "knowledge/blocks/image.html"
        preview_template = "knowledge/previews/image.html"
        description = "A picture with a caption and a text alternative."


class VideoBlock(blocks.StructBlock):
    """A video of our own, or a link to one elsewhere; nothing is loaded from other hosts with the page."""

    title = blocks.CharBlock(max_length=200)
    url = blocks.URLBlock(required=False, help_text="Where the video can be watched, if it is not a file of ours.")
    file = DocumentChooserBlock(required=False, help_text="An MP4 or WebM file.")
    transcript = blocks.RichTextBlock(
        required=False, features=TEXT_FEATURES, help_text="What is said, for those who cannot hear it."
    )

    def clean(self, value: Any) -> Any:
        """Demand one source of the video."""
        cleaned = super().clean(value)
        if not cleaned["url"] and not cleaned["file"]:
            error = ValidationError("Give the address of the video, or choose a file.")
            raise StructBlockValidationError(block_errors={"url": error})
        return cleaned

    class Meta:
        icon = "media"
        template = "knowledge/blocks/video.html"
        description = "A video with its transcript."
        preview_value = {"title": "Your first payroll run", "url": "https://video.example/payroll", "transcript": ""}


class CalloutValue(blocks.StructValue):
    """A callout and the icon of its kind."""

    ICONS = {
        "note": "info",
        "tip": "lightbulb",
        "important": "circle-alert",
        "warning": "triangle-alert",
        "caution": "octagon-alert",
    }

    @property
    def icon(self) -> str:
        """Name of the icon."""
        return self.ICONS[self["kind"]]


class CalloutBlock(blocks.StructBlock):
    """Something that must not be overlooked."""

    KINDS = [
        ("note", "Note"),
        ("tip", "Tip"),
        ("important", "Important"),
        ("warning", "Warning"),
        ("caution", "Caution"),
    ]

    kind = blocks.ChoiceBlock(choices=KINDS, default="note", help_text="Decides colour and icon.")
    title = blocks.CharBlock(required=False, max_length=200)
    text = blocks.RichTextBlock(features=TEXT_FEATURES)

    class Meta:
        icon = "warning"
        template = "knowledge/blocks/callout.html"
        value_class = CalloutValue
        description = "A note, tip or warning set apart from the text."
        preview_value = {
            "kind": "tip",
            "title": "",
            "text": "<p>Run a trial calculation first: it changes nothing.</p>",
        }


class CodeBlock(blocks.StructBlock):
    """Source code or output, kept as it was written."""

    language = blocks.CharBlock(required=False, max_length=40, help_text="Such as csv, json or python.")
    code = blocks.TextBlock()
    caption = blocks.CharBlock(required=False, max_length=200)

    class Meta:
        icon = "code"
        template = "knowledge/blocks/code.html"
        description = "Code, commands or sample files."
        preview_value = {
            "language": "csv",
            "code": "employee_no,name,basic_pay\nE-001,Amina Otieno,85000.00",
            "caption": "",
        }


class TableBlock(TypedTableBlock):
    """A table with a header row; cells hold rich text with pictures."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__([("text", blocks.RichTextBlock(features=[*INLINE_FEATURES, "image"]))], **kwargs)

    def get_preview_value(self) -> Any:
        """A small table."""
        return self.to_python(SAMPLE_TABLE)

    class Meta:
        icon = "table"
        template = "knowledge/blocks/table.html"
        description = "Rows and columns."


class DownloadBlock(blocks.StructBlock):
    """A file to keep."""

    document = DocumentChooserBlock()
    title = blocks.CharBlock(required=False, max_length=200, help_text="Left empty, the title of the document.")

    class Meta:
        icon = "download"
        template = "knowledge/blocks/download.html"
        preview_template = "knowledge/previews/download.html"
        description = "A file for readers to download."


class RelatedBlock(blocks.StructBlock):
    """Links to other help pages within the text."""

    title = blocks.CharBlock(required=False, max_length=200)
    pages = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="knowledge.HelpPage"),
        help_text="Readers see those that all readers of this page may read.",
    )

    class Meta:
        icon = "link"
        template = "knowledge/blocks/related.html"
        preview_template = "knowledge/previews/related.html"
        description = "A list of pages worth reading next."
