"""Ways between the admin and the portal."""

from django.http import HttpRequest
from django.urls import reverse_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from portal.core import page_cache


@hooks.register("register_admin_menu_item")
def back_to_portal() -> MenuItem:
    """A way back to one's own dashboard."""
    return MenuItem("Back to the portal", reverse_lazy("dashboard"), icon_name="home", order=10_000)


@hooks.register("after_edit_setting")
@hooks.register("after_edit_snippet")
@hooks.register("after_create_snippet")
@hooks.register("after_delete_snippet")
def kept_pages_are_old(request: HttpRequest, instance: object) -> None:
    """Whatever editors change may stand on a kept page."""
    page_cache.expire()
