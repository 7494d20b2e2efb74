"""Looking up who is responsible for a page."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet
from wagtail import hooks
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView

from helpcenter.knowledge.wagtail_hooks.rights import KEEP_PAGES
from portal.accounts.models import User
from portal.core.admin_choosers import NameFilterForm, RestrictedChooser


class PersonFilterForm(NameFilterForm):
    """People by name or address."""

    fields_searched = ("first_name", "last_name", "email")


class ChoosePerson(ChooseView):
    """The dialog."""

    filter_form_class = PersonFilterForm


class ChoosePersonResults(ChooseResultsView):
    """Its list."""

    filter_form_class = PersonFilterForm


class EditorChooser(RestrictedChooser):
    """People who can be responsible for a page: those who keep help pages."""

    model = User
    icon = "user"
    choose_one_text = "Choose a person"
    choose_another_text = "Choose another person"
    choose_view_class = ChoosePerson
    choose_results_view_class = ChoosePersonResults

    def may_choose(self, user: Any) -> bool:
        """Those who keep help pages themselves."""
        return bool(user.has_perm(KEEP_PAGES))

    def get_object_list(self) -> QuerySet[User]:
        """Accounts with the right to keep help pages, by name; customers are not listed."""
        editors: QuerySet[User] = ModelBackend().with_perm(KEEP_PAGES)
        return editors.order_by("first_name", "last_name", "pk")


@hooks.register("register_admin_viewset")
def editor_chooser() -> EditorChooser:
    """Register it."""
    return EditorChooser("editor_chooser")
