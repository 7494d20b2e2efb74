"""Looking a company up in the admin."""

from typing import Any

from wagtail import hooks
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView

from portal.accounts import choosing
from portal.accounts.models import Company
from portal.accounts.models.companies import CompanyQuerySet
from portal.core.admin_choosers import NameFilterForm, RestrictedChooser


class CompanyFilterForm(NameFilterForm):
    """Companies by name."""

    fields_searched = ("name", "slug")


class ChooseCompany(ChooseView):
    """The dialog."""

    filter_form_class = CompanyFilterForm


class ChooseCompanyResults(ChooseResultsView):
    """Its list."""

    filter_form_class = CompanyFilterForm


class CompanyChooser(RestrictedChooser):
    """One of the companies that use the portal."""

    model = Company
    icon = "group"
    choose_one_text = "Choose a company"
    choose_another_text = "Choose another company"
    choose_view_class = ChooseCompany
    choose_results_view_class = ChooseCompanyResults

    def may_choose(self, user: Any) -> bool:
        """Those who look at companies, or whose work is about some of them."""
        return choosing.may_choose(user)

    def get_object_list(self) -> CompanyQuerySet:
        """By name; those whose access is closed are not offered."""
        return Company.objects.filter(is_active=True).order_by("name", "pk")


COMPANY_CHOOSER = CompanyChooser("company_chooser")


@hooks.register("register_admin_viewset")
def company_chooser() -> CompanyChooser:
    """Register it."""
    return COMPANY_CHOOSER
