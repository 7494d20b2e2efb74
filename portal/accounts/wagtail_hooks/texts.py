"""How long things are kept, and what people agree to."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from portal.accounts.models import ConsentText, RetentionPeriod, User
from portal.accounts.models.retention import in_days
from portal.core import reader_cache
from portal.core.admin_lists import SparingIndexView
from portal.core.policies import StaffRows


@hooks.register("after_bulk_action")
def forget_pages_of(request: HttpRequest, action_type: str, objects: Iterable[Any], action: object) -> None:
    """Forget the pages kept for people who were changed many at once: Wagtail locks them out without saving them."""
    reader_cache.expire_for([changed.pk for changed in objects if isinstance(changed, User)])


class PeriodsAreKept(StaffRows):
    """There is one row for each rule: staff who may change its period."""

    refused = frozenset({"add", "delete"})


def edit_url(period: RetentionPeriod) -> str:
    """Where its period is set."""
    return reverse("wagtailsnippets_accounts_retentionperiod:edit", args=[period.pk])


class RetentionPeriodViewSet(SnippetViewSet):
    """How long things are kept."""

    model = RetentionPeriod
    icon = "history"
    menu_label = "Retention"
    menu_order = 320
    add_to_admin_menu = True
    copy_view_enabled = False
    add_to_reference_index = False
    index_view_class = SparingIndexView
    list_display = [
        TitleColumn("rule", label="What", accessor=str, get_url=edit_url),
        Column("days", label="Kept for", accessor=lambda row: in_days(row.days)),
        Column("least", label="At least"),
    ]
    list_per_page = 100


register_permission_policy(RetentionPeriod, PeriodsAreKept(RetentionPeriod))
register_snippet(RetentionPeriodViewSet)


class TextsStay(StaffRows):
    """Staff publish further versions; what somebody agreed to is never changed."""

    refused = frozenset({"change", "delete"})


class ConsentTextViewSet(SnippetViewSet):
    """Terms, privacy notice and what else people agree to, version by version."""

    model = ConsentText
    icon = "doc-full"
    menu_label = "Consent texts"
    menu_order = 321
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    add_to_reference_index = False
    panels = [FieldPanel("kind"), FieldPanel("version"), FieldPanel("body"), FieldPanel("published_at")]
    index_view_class = SparingIndexView
    list_display = ["kind", "version", "published_at"]
    ordering = ["kind", "-published_at"]


register_permission_policy(ConsentText, TextsStay(ConsentText))
register_snippet(ConsentTextViewSet)
