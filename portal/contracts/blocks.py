"""What the text of a contract is made of."""

from typing import Any

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link"]
INLINE_FEATURES = ["bold", "italic", "link"]


class ClauseTextBlock(blocks.RichTextBlock):
    """Running text and lists; numbered lists within one another are numbered 1, 1.1, (a), (i)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": TEXT_FEATURES, **kwargs})

    class Meta:
        icon = "pilcrow"
        label = "Text"
        template = "contracts/blocks/text.html"
        description = "Paragraphs and numbered clauses, with merge fields such as {company_name}."
        preview_value = "<p>This agreement is made between {company_name} and {vendor_name}.</p>"


class ClauseHeadingBlock(blocks.StructBlock):
    """A heading within the contract."""

    text = blocks.CharBlock(max_length=250)
    level = blocks.ChoiceBlock(choices=[("2", "Section"), ("3", "Part"), ("4", "Detail")], default="2")

    class Meta:
        icon = "title"
        label = "Heading"
        template = "contracts/blocks/heading.html"
        description = "A heading; sections and parts are how readers find their way."
        preview_value = {"text": "Term and termination", "level": "2"}


class ClauseTableBlock(TypedTableBlock):
    """A table, as cover pages have them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__([("text", blocks.RichTextBlock(features=INLINE_FEATURES))], **kwargs)

    class Meta:
        icon = "table"
        label = "Table"
        template = "contracts/blocks/table.html"
        description = "Terms in rows and columns."
        preview_value = {
            "columns": [{"type": "text", "heading": "Term"}, {"type": "text", "heading": "Agreed"}],
            "rows": [{"values": ["Effective date", "{starts_on}"]}],
            "caption": "Cover page",
        }


class PageBreakBlock(blocks.StaticBlock):
    """What follows begins on a new page."""

    class Meta:
        icon = "horizontalrule"
        label = "Page break"
        template = "contracts/blocks/page_break.html"
        description = "What follows begins on a new page, on the screen and on paper."


class ContractBodyBlock(blocks.StreamBlock):
    """The text of a contract."""

    heading = ClauseHeadingBlock()
    text = ClauseTextBlock()
    table = ClauseTableBlock()
    page_break = PageBreakBlock()


class OwnFieldBlock(blocks.StructBlock):
    """A merge field of one template."""

    name = blocks.RegexBlock(
        r"^[a-z][a-z0-9_]*$",
        max_length=60,
        error_messages={"invalid": "Write small letters, digits and underscores, such as governing_law."},
        help_text="As it stands in the text between braces: governing_law for {governing_law}.",
    )
    label = blocks.CharBlock(max_length=200, help_text="What staff are asked for.")
    sample = blocks.TextBlock(required=False, max_length=2000, rows=1, help_text="What the preview shows.")

    class Meta:
        icon = "code"
        label = "Merge field"


class OwnFieldsBlock(blocks.StreamBlock):
    """The merge fields of one template."""

    field = OwnFieldBlock()
