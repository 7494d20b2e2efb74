"""Words of messages, deliveries and blocked addresses in the Wagtail admin."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib.admin.utils import quote
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin
from wagtail.admin.widgets import Button
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from portal.core.admin_actions import ActionView
from portal.core.admin_choosers import Unchosen
from portal.core.admin_lists import SparingIndexView
from portal.core.policies import RowsAreMade
from portal.notifications.models import BlockedAddress, Delivery, MessageTemplate
from portal.notifications.registry import kinds
from portal.notifications.services import deliveries, wording

if TYPE_CHECKING:
    from portal.accounts.models import User


class DeliveriesAreRepeated(RowsAreMade):
    """Whoever sees deliveries may send one again whose outcome is unknown."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the user holds the right to see them, or another right that there is."""
        return super().user_has_permission(user, "view" if action == "send_again" else action)


class WordsAreKept(RowsAreMade):
    """There is one row for each kind: it can be reworded."""

    refused = frozenset({"add", "delete"})


class BlocksAreLifted(RowsAreMade):
    """Blocks come from the mail provider; deleting one lifts it."""

    refused = frozenset({"add", "change"})


class TemplateIndexView(SparingIndexView):
    """All kinds that are told."""

    def get_base_queryset(self) -> QuerySet[MessageTemplate]:
        """Without those that no app tells any more."""
        found: QuerySet[MessageTemplate] = super().get_base_queryset()
        return found.filter(kind__in=list(kinds))

    def get_list_more_buttons(self, instance: MessageTemplate) -> list[Any]:
        """A way back to the default for those that were reworded."""
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if instance.latest_revision_id and self.user_has_permission("publish"):
            url = reverse("wagtailsnippets_notifications_messagetemplate:reset", args=[quote(instance.pk)])
            buttons.append(Button("Reset to default", url=url, icon_name="undo", priority=50))
        return buttons


class ResetView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Takes the words of the kind again: shows them first."""

    model = MessageTemplate
    permission_required = "publish"
    template_name = "notifications/admin/reset.html"
    form_class = Form
    page_title = "Reset to default"
    header_icon = "undo"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the words."""
        super().setup(request, *args, **kwargs)
        self.template = get_object_or_404(MessageTemplate.objects.filter(kind__in=list(kinds)), pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        """Which kind it is about."""
        return str(self.template)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words that would hold again."""
        shown = {"rules": self.template.rules, "submit_button_label": "Reset to default"}
        return {**super().get_context_data(**kwargs), **shown}

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it."""
        wording.reset(template=self.template, by=cast("User", self.request.user))
        messages.success(self.request, f"“{self.template}” uses its default words again.")
        return redirect("wagtailsnippets_notifications_messagetemplate:list")


class MessageTemplateViewSet(SnippetViewSet):
    """Words of each kind."""

    model = MessageTemplate
    icon = "mail"
    menu_label = "Words"
    copy_view_enabled = False
    add_to_reference_index = False
    list_display = ["__str__", "group", "words_in_use"]
    search_fields = ["kind", "subject", "body"]
    ordering = ["kind"]
    list_per_page = 100
    index_view_class = TemplateIndexView

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the way back to the default."""
        reset = self.construct_view(ResetView)
        return [*super().get_urlpatterns(), path("reset/<int:pk>/", reset, name="reset")]


class DeliveryIndexView(SparingIndexView):
    """What was sent."""

    def get_list_more_buttons(self, instance: Delivery) -> list[Any]:
        """A way to send again what may have been lost."""
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if instance.outcome == Delivery.Outcome.UNKNOWN and self.user_has_permission("send_again"):
            url = reverse("wagtailsnippets_notifications_delivery:send_again", args=[quote(instance.pk)])
            buttons.append(Button("Send again", url=url, icon_name="mail", priority=50))
        return buttons


class SendAgainView(ActionView):
    """Sends a message again, after saying what that may mean."""

    model = Delivery
    permission_required = "send_again"
    page_title = "Send again"
    header_icon = "mail"
    back = "wagtailsnippets_notifications_delivery:list"
    intro = "Nobody knows whether this message was sent. If it was, the person gets it twice."
    done = "The message is on its way again."

    def records(self) -> QuerySet[Delivery]:
        """All deliveries."""
        return Delivery.objects.select_related("notification")

    def act(self, record: Delivery, by: "User", values: dict[str, Any]) -> None:
        """Send it."""
        deliveries.send_again(delivery=record, by=by, at=timezone.now())


class DeliveryViewSet(Unchosen, SnippetViewSet):
    """What was sent, and what came of it."""

    model = Delivery
    icon = "list-ul"
    menu_label = "Deliveries"
    copy_view_enabled = False
    inspect_view_enabled = True
    add_to_reference_index = False
    list_display = ["__str__", "address", "state", "outcome", "reason", "created_at"]
    list_filter = ["channel", "state", "outcome"]
    index_view_class = DeliveryIndexView
    search_fields = ["address", "reference"]
    ordering = ["-created_at"]
    inspect_view_fields = [
        "notification", "channel", "address", "state", "outcome", "reason", "reference", "attempts", "error",
        "created_at", "called_at", "finished_at",
    ]  # fmt: skip

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add sending again."""
        again = self.construct_view(SendAgainView)
        return [*super().get_urlpatterns(), path("send-again/<int:pk>/", again, name="send_again")]


class BlockedAddressViewSet(Unchosen, SnippetViewSet):
    """Addresses that mail is not sent to; deleting one lifts the block."""

    model = BlockedAddress
    icon = "warning"
    menu_label = "Blocked addresses"
    copy_view_enabled = False
    inspect_view_enabled = True
    add_to_reference_index = False
    list_display = ["address", "reason", "details", "blocked_at"]
    list_filter = ["reason"]
    search_fields = ["address"]


class NotificationsGroup(SnippetViewSetGroup):
    """All of it in one menu."""

    items = (MessageTemplateViewSet, DeliveryViewSet, BlockedAddressViewSet)
    menu_label = "Messages"
    menu_icon = "mail"
    menu_order = 260


register_permission_policy(MessageTemplate, WordsAreKept(MessageTemplate))
register_permission_policy(Delivery, DeliveriesAreRepeated(Delivery))
register_permission_policy(BlockedAddress, BlocksAreLifted(BlockedAddress))
register_snippet(NotificationsGroup)
