"""Dialogs of the admin in which one of many records is looked up by name."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.viewsets.chooser import ChooserViewSet


class NameFilterForm(BaseFilterForm):
    """Finds by part of a name."""

    fields_searched: tuple[str, ...] = ()
    q = forms.CharField(label="Name", widget=forms.TextInput(attrs={"placeholder": "Search"}), required=False)

    def filter(self, objects: Any) -> Any:
        """Those whose name holds what was typed."""
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        wanted = Q()
        for field in self.fields_searched:
            wanted |= Q(**{f"{field}__icontains": self.search_query})
        return super().filter(objects).filter(wanted)


class Unchosen:
    """Snippets that nobody chooses: Wagtail's dialog would name all of them to everybody who enters the admin."""

    def register_chooser_viewset(self) -> None:
        """None."""


class RestrictedChooser(ChooserViewSet):
    """A chooser for those who need it: Wagtail's own is open to everybody who enters the admin."""

    def may_choose(self, user: Any) -> bool:
        """Whether this person needs it."""
        raise NotImplementedError

    def construct_view(self, view_class: Any, **kwargs: Any) -> Callable[..., HttpResponseBase]:
        """Ask before each of the dialog's addresses."""
        view = super().construct_view(view_class, **kwargs)

        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.may_choose(request.user):
                raise PermissionDenied
            answer: HttpResponseBase = view(request, *args, **kwargs)
            return answer

        return checked
