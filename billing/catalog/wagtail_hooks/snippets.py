"""Lists and forms of products, metrics, families and plans."""

from typing import Any

from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.urls import path, reverse
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import Button
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet, SnippetViewSetGroup

from billing.catalog.forms import KeepsSlugForm, LiveRows, PlanForm
from billing.catalog.models import Metric, Plan, PlanFamily, Product
from billing.catalog.models.plans import PlanQuerySet
from billing.catalog.wagtail_hooks import archiving
from billing.catalog.wagtail_hooks.products import PRODUCT
from portal.accounts.wagtail_hooks.choosers import COMPANY_CHOOSER


class LivePanel(InlinePanel):
    """Rows that are live; the others stay out of the form."""

    def get_form_options(self) -> dict[str, Any]:
        """Let the form take its rows from LiveRows."""
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["formset"] = LiveRows
        return options


class CatalogViewSet(SnippetViewSet):
    """What all four have in common."""

    copy_view_enabled = False
    add_to_reference_index = False
    search_fields = ["name", "slug"]


class ProductViewSet(CatalogViewSet):
    """Products."""

    model = Product
    icon = "site"
    menu_label = "Products"
    list_display = ["name", "slug", "is_active", "position"]
    list_filter = ["is_active"]
    edit_handler = PRODUCT


class MetricViewSet(CatalogViewSet):
    """What is counted."""

    model = Metric
    icon = "order"
    menu_label = "Metrics"
    list_display = ["name", "slug", "unit", "kind"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]),
            FieldPanel("kind"),
            FieldRowPanel([FieldPanel("unit"), FieldPanel("position")]),
        ],
        base_form_class=KeepsSlugForm,
    )


class PlanFamilyViewSet(CatalogViewSet):
    """Families of plans."""

    model = PlanFamily
    icon = "folder-open-inverse"
    menu_label = "Families"
    list_display = ["name", "slug", Column("moves", label="Allowed moves", accessor="get_moves_display"), "position"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]),
            FieldPanel("description"),
            FieldRowPanel([FieldPanel("moves"), FieldPanel("position")]),
        ],
        base_form_class=KeepsSlugForm,
    )


class PlanIndexView(IndexView):
    """Plans, with a button to archive each or to offer it again."""

    def get_list_more_buttons(self, instance: Plan) -> list[Any]:
        """Add what the state allows, for those who may."""
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if self.user_has_permission("change"):
            name, label = ("restore", "Offer again") if instance.is_archived else ("archive", "Archive")
            url = reverse(f"wagtailsnippets_catalog_plan:{name}", args=[instance.pk])
            buttons.append(Button(label, url=url, icon_name="undo" if instance.is_archived else "download", priority=5))
        return buttons


class PlanViewSet(CatalogViewSet):
    """Plans with their prices."""

    model = Plan
    icon = "tag"
    menu_label = "Plans"
    index_view_class = PlanIndexView
    list_display = [
        "name",
        Column("family", label="Family"),
        "level",
        Column("state", label="Offered"),
        "is_recommended",
    ]
    list_filter = ["family", "is_public", "products"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]),
                    FieldPanel("description"),
                    FieldPanel("products", widget=CheckboxSelectMultiple),
                    FieldRowPanel([FieldPanel("family"), FieldPanel("level")]),
                    FieldRowPanel([FieldPanel("trial_days"), FieldPanel("seats_min"), FieldPanel("seats_max")]),
                    FieldPanel("is_recommended"),
                    FieldPanel("needs_verification"),
                    FieldPanel("is_public"),
                    InlinePanel(
                        "company_rows",
                        [FieldPanel("company", widget=COMPANY_CHOOSER.widget_class)],
                        heading="Companies that see it",
                        label="Company",
                    ),
                ],
                heading="Plan",
            ),
            ObjectList(
                [
                    HelpPanel(
                        "A new amount replaces the old one for those who choose the plan from now on. "
                        "Subscriptions that have the plan keep what they agreed to."
                    ),
                    LivePanel(
                        "prices",
                        [FieldRowPanel([FieldPanel("interval"), FieldPanel("amount"), FieldPanel("is_per_seat")])],
                        heading="Prices",
                        label="Price",
                    ),
                    LivePanel(
                        "components",
                        [
                            FieldRowPanel(
                                [FieldPanel("metric"), FieldPanel("included_quantity", heading="Included a month")]
                            ),
                            FieldPanel("unit_price"),
                        ],
                        heading="Charged by use",
                        label="Charge",
                    ),
                ],
                heading="Prices",
            ),
            ObjectList(
                [
                    InlinePanel(
                        "limits", [FieldRowPanel([FieldPanel("metric"), FieldPanel("quantity")])], label="Limit"
                    ),
                    InlinePanel(
                        "features",
                        [FieldRowPanel([FieldPanel("group"), FieldPanel("label"), FieldPanel("value")])],
                        label="Feature",
                    ),
                ],
                heading="Limits and features",
            ),
        ],
        base_form_class=PlanForm,
    )

    def get_queryset(self, request: HttpRequest) -> PlanQuerySet:
        """With what the list shows of each."""
        return Plan.objects.select_related("family")

    def get_urlpatterns(self) -> list[Any]:
        """The addresses of the actions beside the usual ones."""
        return [
            *super().get_urlpatterns(),
            path("archive/<int:pk>/", self.construct_view(archiving.ArchiveView), name="archive"),
            path("restore/<int:pk>/", self.construct_view(archiving.RestoreView), name="restore"),
        ]


class CatalogGroup(SnippetViewSetGroup):
    """One entry of the menu for all four."""

    items = (PlanViewSet, PlanFamilyViewSet, ProductViewSet, MetricViewSet)
    menu_label = "Catalog"
    menu_icon = "tag"
    menu_name = "catalog"
    menu_order = 170


register_snippet(CatalogGroup)
