import wagtail.fields
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0009_billing_widgets"),
    ]

    operations = [
        migrations.AlterField(
            model_name="dashboardpage",
            name="body",
            field=wagtail.fields.StreamField(
                [
                    ("announcements", 0),
                    ("finish_setup", 2),
                    ("stat_cards", 6),
                    ("products", 8),
                    ("approvals", 10),
                    ("quick_actions", 16),
                    ("billing_summary", 18),
                    ("next_bill", 20),
                    ("plans_and_limits", 22),
                    ("articles", 24),
                    ("activity", 26),
                    ("usage_chart", 28),
                    ("product_activity", 30),
                    ("team", 32),
                    ("my_companies", 32),
                    ("my_decisions", 32),
                    ("agency_developers", 32),
                    ("text", 34),
                ],
                blank=True,
                block_lookup={
                    0: ("wagtail.blocks.StructBlock", [[]], {}),
                    1: ("wagtail.blocks.CharBlock", (), {"default": "Finish setting up", "max_length": 80}),
                    2: ("wagtail.blocks.StructBlock", [[("title", 1)]], {}),
                    3: ("wagtail.blocks.CharBlock", (), {"max_length": 80, "required": False}),
                    4: ("wagtail.blocks.ChoiceBlock", [], {"choices": []}),
                    5: (
                        "wagtail.blocks.ListBlock",
                        (4,),
                        {"help_text": "Each viewer sees those of the viewer's own desk."},
                    ),
                    6: ("wagtail.blocks.StructBlock", [[("title", 3), ("statistics", 5)]], {}),
                    7: ("wagtail.blocks.CharBlock", (), {"default": "Your products", "max_length": 80}),
                    8: ("wagtail.blocks.StructBlock", [[("title", 7)]], {}),
                    9: ("wagtail.blocks.CharBlock", (), {"default": "Approvals waiting", "max_length": 80}),
                    10: ("wagtail.blocks.StructBlock", [[("title", 9)]], {}),
                    11: ("wagtail.blocks.CharBlock", (), {"default": "Quick actions", "max_length": 80}),
                    12: ("wagtail.blocks.CharBlock", (), {"max_length": 60}),
                    13: (
                        "wagtail.blocks.RegexBlock",
                        ("^(/(?!/)|#|https?://|mailto:|tel:)[^\\s\\\\]*$",),
                        {
                            "error_messages": {
                                "invalid": "Write an address such as /help/erp/ or https://example.com/."
                            },
                            "help_text": "Write an address such as /help/erp/ or https://example.com/.",
                            "max_length": 300,
                        },
                    ),
                    14: ("wagtail.blocks.StructBlock", [[("icon", 4), ("label", 12), ("link", 13)]], {}),
                    15: ("wagtail.blocks.ListBlock", (14,), {}),
                    16: ("wagtail.blocks.StructBlock", [[("title", 11), ("actions", 15)]], {}),
                    17: ("wagtail.blocks.CharBlock", (), {"default": "Billing", "max_length": 80}),
                    18: ("wagtail.blocks.StructBlock", [[("title", 17)]], {}),
                    19: ("wagtail.blocks.CharBlock", (), {"default": "Next bill", "max_length": 80}),
                    20: ("wagtail.blocks.StructBlock", [[("title", 19)]], {}),
                    21: ("wagtail.blocks.CharBlock", (), {"default": "Plans and limits", "max_length": 80}),
                    22: ("wagtail.blocks.StructBlock", [[("title", 21)]], {}),
                    23: ("wagtail.blocks.CharBlock", (), {"default": "Articles for you", "max_length": 80}),
                    24: ("wagtail.blocks.StructBlock", [[("title", 23)]], {}),
                    25: ("wagtail.blocks.CharBlock", (), {"default": "Recent activity", "max_length": 80}),
                    26: ("wagtail.blocks.StructBlock", [[("title", 25)]], {}),
                    27: ("wagtail.blocks.CharBlock", (), {"default": "Usage", "max_length": 80}),
                    28: ("wagtail.blocks.StructBlock", [[("title", 27)]], {}),
                    29: ("wagtail.blocks.CharBlock", (), {"default": "In your products", "max_length": 80}),
                    30: ("wagtail.blocks.StructBlock", [[("title", 29)]], {}),
                    31: ("wagtail.blocks.CharBlock", (), {"max_length": 80}),
                    32: ("wagtail.blocks.StructBlock", [[("title", 31)]], {}),
                    33: ("wagtail.blocks.RichTextBlock", (), {"features": ["bold", "italic", "ol", "ul", "link"]}),
                    34: ("wagtail.blocks.StructBlock", [[("title", 3), ("text", 33)]], {}),
                },
            ),
        ),
    ]
