"""Blocks made of other blocks, and the streams that page bodies are."""

from wagtail import blocks

from helpcenter.knowledge.blocks.content import (
    CalloutBlock,
    CaptionedImageBlock,
    CodeBlock,
    DownloadBlock,
    HeadingBlock,
    RelatedBlock,
    TableBlock,
    TextBlock,
    VideoBlock,
)


class SimpleBodyBlock(blocks.StreamBlock):
    """Content inside a step, an answer or a fold: everything but further nesting."""

    text = TextBlock()
    image = CaptionedImageBlock()
    callout = CalloutBlock()
    code = CodeBlock()
    table = TableBlock()
    video = VideoBlock()

    class Meta:
        template = "knowledge/blocks/stream.html"


class StepsBlock(blocks.ListBlock):
    """Numbered steps, each with pictures, code or tables of its own."""

    def __init__(self, **kwargs: object) -> None:
        step = blocks.StructBlock(
            [("title", blocks.CharBlock(required=False, max_length=250)), ("body", SimpleBodyBlock(required=False))],
        )
        super().__init__(step, **kwargs)

    class Meta:
        icon = "list-ol"
        template = "knowledge/blocks/steps.html"
        description = "Numbered steps that may hold pictures, code and tables."
        preview_value = [
            {"title": "Open the payroll run", "body": [("text", "<p>Choose the month.</p>")]},
            {"title": "Calculate", "body": [("text", "<p>Check the totals.</p>")]},
        ]


class AccordionBlock(blocks.StructBlock):
    """Folds that open one by one."""

    items = blocks.ListBlock(
        blocks.StructBlock([("title", blocks.CharBlock(max_length=250)), ("body", SimpleBodyBlock())]),
    )

    class Meta:
        icon = "list-ul"
        template = "knowledge/blocks/accordion.html"
        description = "Questions or details that readers unfold."
        preview_value = {"items": [{"title": "Who can do this?", "body": [("text", "<p>Owners and admins.</p>")]}]}


class HelpBodyBlock(SimpleBodyBlock):
    """The body of a help page."""

    heading = HeadingBlock()
    steps = StepsBlock()
    accordion = AccordionBlock()
    download = DownloadBlock()
    related = RelatedBlock()
