"""Pages of the admin on which staff do one thing about a record: a form of its own, and one call of a service."""

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from portal.core.forms import refusals_on

if TYPE_CHECKING:
    from portal.accounts.models import User


class ActionView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView[Any]):
    """Says what will happen, asks what the service needs, and shows what it refuses above the form."""

    template_name = "core/admin/action.html"
    header_icon = "user"
    form_class: Any = forms.Form
    back: ClassVar[str] = ""
    done: ClassVar[str] = ""
    intro: ClassVar[str] = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the record."""
        super().setup(request, *args, **kwargs)
        self.object: Any = get_object_or_404(self.records(), pk=kwargs["pk"])

    def records(self) -> Any:
        """Among which the record is."""
        raise NotImplementedError

    def act(self, record: Any, by: "User", values: dict[str, Any]) -> Model | None:
        """Call the service."""
        raise NotImplementedError

    def get_page_subtitle(self) -> str:
        """Whom it is about."""
        return self.name_of(self.object)

    def name_of(self, record: Any) -> str:
        """The record in words."""
        return str(record)

    def intro_of(self, record: Any) -> str:
        """What will happen."""
        return self.intro

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what will happen, and the scripts of the fields."""
        context = super().get_context_data(**kwargs)
        added = {
            "intro": self.intro_of(self.object),
            "submit_button_label": self.page_title,
            "media": context["form"].media,
        }
        return {**context, **added, "back_url": self.get_success_url()}

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """What is done; about whom, the heading says in full."""
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_success_url(self) -> str:
        """Where it leads when it is done."""
        return reverse(self.back)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Do it, or show why not."""
        with refusals_on(form):
            self.act(self.object, cast("User", self.request.user), form.cleaned_data)
            messages.success(self.request, self.done)
            return redirect(self.get_success_url())
        return self.form_invalid(form)
