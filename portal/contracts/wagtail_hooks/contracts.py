"""Contracts in the admin: all of them, and one with what may be done about it."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.formats import date_format
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets import Button, HeaderButton
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet

from portal.activity.registers import NamedFilter
from portal.contracts.models import Contract
from portal.contracts.models.contracts import ContractQuerySet
from portal.contracts.services import costs, merging
from portal.contracts.wagtail_hooks import drafting
from portal.contracts.wagtail_hooks.actions import NAME, VIEWS, ways
from portal.contracts.wagtail_hooks.charges import charges_url
from portal.core.admin_choosers import Unchosen
from portal.core.admin_lists import SparingIndexView
from portal.core.policies import StaffRows

MOST_EVENTS = 200


class ContractPolicy(StaffRows):
    """Staff see contracts, and those who may send them do so: services write, no form does."""


class ContractFilters(WagtailFilterSet):
    """Company, state, type and first day."""

    company = NamedFilter(label="Company")
    status = django_filters.ChoiceFilter(label="State", choices=Contract.Status.choices)
    type = django_filters.ChoiceFilter(label="Type", choices=Contract.Type.choices)

    class Meta:
        model = Contract
        fields = ["company", "status", "type"]


class ContractIndexView(SparingIndexView):
    """The newest first."""

    default_ordering = "-created_at"

    @property
    def header_buttons(self) -> list[Any]:
        """The way to a new draft."""
        if not self.user_has_permission("send"):
            return []
        return [HeaderButton("Draw up a contract", url=reverse(f"{NAME}:begin"), icon_name="plus")]


class ContractInspectView(generic.InspectView):
    """One contract: terms, who signs, what it charges, and all evidence."""

    any_permission_required = ["view"]
    page_title = "Contract"
    object: Contract

    def get_page_subtitle(self) -> str:
        """Which one, and with whom."""
        return f"{self.object}, {self.object.company}"

    def get_fields_context(self) -> list[Any]:
        """None: the template says what there is to say."""
        return []

    @property
    def header_more_buttons(self) -> list[Button]:
        """What may be done about it now."""
        contract = self.object
        buttons = [Button("Text and cost", url=reverse(f"{NAME}:preview_text", args=[contract.pk]), icon_name="view")]
        if self.request.user.has_perm("contracts.view_contractlineitem"):
            buttons.append(Button("Charges", url=charges_url(contract), icon_name="list-ul"))
        if self.user_has_permission("send"):
            buttons += [
                Button(label, url=reverse(f"{NAME}:{name}", args=[contract.pk]), icon_name=icon)
                for name, label, icon in ways(contract)
            ]
        return buttons

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the parts of the page."""
        contract = self.object
        signers = contract.signers.select_related("user").in_order()
        return {
            **super().get_context_data(**kwargs),
            "facts": [(label, value) for label, value in facts(contract) if value],
            "values": [(field.label, contract.values.get(field.name, "")) for field in contract.template.own_fields],
            "signers": signers,
            "cost": costs.preview(contract),
            "evidence": contract.evidence.order_by("sequence")[:MOST_EVENTS],
            "amendments": contract.amendments.newest(),
        }


def facts(contract: Contract) -> Iterator[tuple[str, Any]]:
    """The terms of a contract."""
    yield "Company", contract.company
    yield "State", contract.get_status_display()
    yield "Type", contract.get_type_display()
    yield "Template", contract.template
    yield "Changes", contract.amends
    yield "Project", contract.project
    yield "First day", date_format(contract.starts_on, "j F Y")
    last = merging.last_day(contract)
    yield "Last day", date_format(last, "j F Y") if last else "None: it runs on"
    yield "Renewed by", f"{contract.renewal_months} months" if contract.renewal_months else ""
    yield "Signing", contract.get_signing_order_display()
    yield "Can be signed until", date_format(contract.offer_ends_on, "j F Y") if contract.offer_ends_on else ""
    yield "Verification code", contract.verification_code
    yield "Reason", contract.reason
    yield "Drawn up by", contract.created_by


class ContractViewSet(Unchosen, SnippetViewSet):
    """Contracts."""

    model = Contract
    icon = "doc-full"
    menu_label = "Contracts"
    copy_view_enabled = False
    add_to_reference_index = False
    inspect_view_enabled = True
    index_view_class = ContractIndexView
    inspect_view_class = ContractInspectView
    inspect_template_name = "contracts/admin/contract.html"
    filterset_class = ContractFilters
    list_per_page = 50
    list_display = [
        "__str__",
        Column("company", label="Company"),
        Column("type", label="Type", accessor="get_type_display"),
        Column("status", label="State", accessor="get_status_display"),
        Column("starts_on", label="First day", accessor=lambda row: date_format(row.starts_on, "j F Y")),
        DateColumn("created_at", label="Drawn up", sort_key="created_at"),
    ]
    search_fields = ["number", "title", "company__name"]

    def get_queryset(self, request: HttpRequest) -> ContractQuerySet:
        """With what the list shows of each."""
        return Contract.objects.select_related("company", "template", "amends", "project", "created_by")

    def get_urlpatterns(self) -> list[Any]:
        """The addresses of what is done, beside the usual ones."""
        made = {
            "begin": ("draw-up/", drafting.BeginView),
            "draw_up": ("draw-up/<int:company>/<int:template>/", drafting.DrawUpView),
            "change": ("change/<int:pk>/", drafting.ChangeView),
            "amend": ("amend/<int:pk>/", drafting.AmendView),
            "draw_up_amendment": ("amend/<int:pk>/<int:template>/", drafting.DrawUpAmendmentView),
            "preview_text": ("text/<int:pk>/", drafting.PreviewView),
            **{name: (f"{slug}/<int:pk>/", view) for name, (slug, view) in VIEWS.items()},
        }
        own = [path(route, self.construct_view(view), name=name) for name, (route, view) in made.items()]
        return [*super().get_urlpatterns(), *own]


register_permission_policy(Contract, ContractPolicy(Contract))
