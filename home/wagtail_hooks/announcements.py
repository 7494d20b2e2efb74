"""Announcements as snippets."""

from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from home.models import Announcement


class AnnouncementViewSet(SnippetViewSet):
    """Messages on dashboards."""

    model = Announcement
    icon = "info-circle"
    add_to_admin_menu = True
    menu_order = 250
    copy_view_enabled = False
    list_display = ["title", "level", "starts_at", "ends_at"]
    list_filter = ["level"]
    search_fields = ["title", "text"]


register_snippet(AnnouncementViewSet)
