"""The form of a product."""

from django.forms import CheckboxSelectMultiple, Select
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, ObjectList, TabbedInterface

from billing.catalog.forms import KeepsSlugForm
from portal.core import icons


class IconSelect(Select):
    """The icons that there are."""

    def __init__(self) -> None:
        super().__init__(choices=icons.choices())


SHORTCUTS = [FieldRowPanel([FieldPanel("label"), FieldPanel("icon", widget=IconSelect)]), FieldPanel("path")]
SETTINGS = [
    FieldRowPanel([FieldPanel("label"), FieldPanel("key")]),
    FieldPanel("help_text"),
    FieldRowPanel([FieldPanel("kind"), FieldPanel("default")]),
    FieldPanel("choices"),
]

PRODUCT = TabbedInterface(
    [
        ObjectList(
            [
                FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]),
                FieldPanel("description"),
                FieldRowPanel([FieldPanel("icon", widget=IconSelect), FieldPanel("position")]),
                FieldPanel("is_active", help_text="Switched off: none of its plans is offered any more."),
                FieldPanel("needs_verification"),
            ],
            heading="Product",
        ),
        ObjectList(
            [
                HelpPanel(
                    "The portal calls the health address from its own servers, also within our own network. "
                    "It sends no secrets, follows no redirect to another host, and shows nobody what the answer says."
                ),
                FieldPanel("launch_url"),
                FieldPanel("health_url"),
            ],
            heading="Addresses",
        ),
        ObjectList([FieldPanel("metrics", widget=CheckboxSelectMultiple)], heading="Metrics"),
        ObjectList(
            [
                HelpPanel("Links on the product's page. Each signs the member in on the way."),
                InlinePanel("shortcuts", SHORTCUTS, label="Shortcut"),
            ],
            heading="Shortcuts",
        ),
        ObjectList(
            [
                HelpPanel(
                    "What each company can set for the product. The product fetches what they chose. "
                    "What is taken away here stays stored with the companies that had set it."
                ),
                InlinePanel("settings", SETTINGS, label="Setting"),
            ],
            heading="Settings",
        ),
    ],
    base_form_class=KeepsSlugForm,
)
