"""Ways to choose companies and responsible people among many."""

from typing import Any

from django import forms
from django.contrib.auth.backends import ModelBackend
from django.db.models import Q, QuerySet
from wagtail import hooks
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from helpcenter.knowledge.wagtail_hooks.rights import KEEP_PAGES
from portal.accounts.models import Company, User


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


class CompanyFilterForm(NameFilterForm):
    """Companies by name."""

    fields_searched = ("name", "slug")


class PersonFilterForm(NameFilterForm):
    """People by name or address."""

    fields_searched = ("first_name", "last_name", "email")


class ChooseCompany(ChooseView):
    """The dialog."""

    filter_form_class = CompanyFilterForm


class ChooseCompanyResults(ChooseResultsView):
    """Its list."""

    filter_form_class = CompanyFilterForm


class ChoosePerson(ChooseView):
    """The dialog."""

    filter_form_class = PersonFilterForm


class ChoosePersonResults(ChooseResultsView):
    """Its list."""

    filter_form_class = PersonFilterForm


class CompanyChooser(ChooserViewSet):
    """Companies whose members may read a page."""

    model = Company
    icon = "group"
    choose_one_text = "Choose a company"
    choose_another_text = "Choose another company"
    choose_view_class = ChooseCompany
    choose_results_view_class = ChooseCompanyResults


class EditorChooser(ChooserViewSet):
    """People who can be responsible for a page: those who keep help pages."""

    model = User
    icon = "user"
    choose_one_text = "Choose a person"
    choose_another_text = "Choose another person"
    choose_view_class = ChoosePerson
    choose_results_view_class = ChoosePersonResults

    def get_object_list(self) -> QuerySet[User]:
        """Accounts with the right to keep help pages, by name; customers are not listed."""
        editors: QuerySet[User] = ModelBackend().with_perm(KEEP_PAGES)
        return editors.order_by("first_name", "last_name", "pk")


@hooks.register("register_admin_viewset")
def choosers() -> list[ChooserViewSet]:
    """Both of them."""
    return [CompanyChooser("company_chooser"), EditorChooser("editor_chooser")]
