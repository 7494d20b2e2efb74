import wagtail.fields
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0010_second_reading"),
    ]

    operations = [
        migrations.AlterField(
            model_name="troubleshootingpage",
            name="nodes",
            field=wagtail.fields.StreamField(
                [("node", 25)],
                blank=True,
                block_lookup={
                    0: (
                        "wagtail.blocks.RegexBlock",
                        (),
                        {
                            "error_messages": {"invalid": "Use small letters, digits and hyphens."},
                            "help_text": "Short name, by which answers lead here. Readers begin at the first.",
                            "max_length": 80,
                            "regex": "^[a-z0-9-]+$",
                        },
                    ),
                    1: ("wagtail.blocks.CharBlock", (), {"max_length": 250}),
                    2: ("helpcenter.knowledge.blocks.content.TextBlock", (), {}),
                    3: ("wagtail.images.blocks.ImageBlock", [], {}),
                    4: ("wagtail.blocks.CharBlock", (), {"max_length": 500, "required": False}),
                    5: ("wagtail.blocks.StructBlock", [[("image", 3), ("caption", 4)]], {}),
                    6: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("note", "Note"),
                                ("tip", "Tip"),
                                ("important", "Important"),
                                ("warning", "Warning"),
                                ("caution", "Caution"),
                            ],
                            "help_text": "Decides colour and icon.",
                        },
                    ),
                    7: ("wagtail.blocks.CharBlock", (), {"max_length": 200, "required": False}),
                    8: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": [
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
                        },
                    ),
                    9: ("wagtail.blocks.StructBlock", [[("kind", 6), ("title", 7), ("text", 8)]], {}),
                    10: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"help_text": "Such as csv, json or python.", "max_length": 40, "required": False},
                    ),
                    11: ("wagtail.blocks.TextBlock", (), {}),
                    12: ("wagtail.blocks.StructBlock", [[("language", 10), ("code", 11), ("caption", 7)]], {}),
                    13: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": [
                                "bold",
                                "italic",
                                "strikethrough",
                                "code",
                                "superscript",
                                "subscript",
                                "link",
                                "document-link",
                                "image",
                            ]
                        },
                    ),
                    14: ("wagtail.contrib.typed_table_block.blocks.TypedTableBlock", [[("text", 13)]], {}),
                    15: ("wagtail.blocks.CharBlock", (), {"max_length": 200}),
                    16: (
                        "wagtail.blocks.URLBlock",
                        (),
                        {
                            "help_text": "Where the video can be watched, if it is not a file of ours.",
                            "required": False,
                        },
                    ),
                    17: (
                        "wagtail.documents.blocks.DocumentChooserBlock",
                        (),
                        {"help_text": "An MP4 or WebM file.", "required": False},
                    ),
                    18: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": [
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
                            ],
                            "help_text": "What is said, for those who cannot hear it.",
                            "required": False,
                        },
                    ),
                    19: (
                        "wagtail.blocks.StructBlock",
                        [[("title", 15), ("url", 16), ("file", 17), ("transcript", 18)]],
                        {},
                    ),
                    20: (
                        "wagtail.blocks.StreamBlock",
                        [[("text", 2), ("image", 5), ("callout", 9), ("code", 12), ("table", 14), ("video", 19)]],
                        {"required": False},
                    ),
                    21: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Key of the question or solution that follows.",
                            "label": "Leads to",
                            "max_length": 80,
                            "required": False,
                        },
                    ),
                    22: (
                        "wagtail.blocks.PageChooserBlock",
                        (),
                        {
                            "help_text": "Page that solves it, in place of a key.",
                            "page_type": ["knowledge.HelpPage"],
                            "required": False,
                        },
                    ),
                    23: ("wagtail.blocks.StructBlock", [[("label", 1), ("goto", 21), ("page", 22)]], {}),
                    24: (
                        "wagtail.blocks.ListBlock",
                        (23,),
                        {"default": [], "help_text": "Left empty, the node is a solution.", "required": False},
                    ),
                    25: ("wagtail.blocks.StructBlock", [[("key", 0), ("title", 1), ("body", 20), ("answers", 24)]], {}),
                },
            ),
        ),
    ]
