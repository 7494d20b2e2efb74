"""What contracts charge, in the admin: the register of line items, and the page of one contract's charges."""

from collections.abc import Iterator
from typing import Any, ClassVar

import django_filters
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin
from wagtail.admin.widgets import HeaderButton

from portal.activity.registers import DayColumn, DaysFilter, Register, RegisterIndexView, RegisterInspectView, linked
from portal.approvals import addresses as approval_addresses
from portal.approvals.models import Approval
from portal.contracts import addresses
from portal.contracts.models import Contract, ContractLineItem
from portal.contracts.services import billing, costs, line_items
from portal.contracts.wagtail_hooks.charge_actions import ACTIONS, DRAFT, NAME, STATES
from portal.core.admin_lists import FigureColumn
from portal.core.money import words
from portal.core.policies import StaffRows


class ChargePolicy(StaffRows):
    """Staff with the right look at what contracts charge; changing it has a right of its own."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the user may do this."""
        if action == "keep":
            return user.is_active and user.is_staff and bool(user.has_perm(line_items.PERMISSION))
        return super().user_has_permission(user, action)


class ItemFilters(WagtailFilterSet):
    """State and first day."""

    status = django_filters.ChoiceFilter(label="State", choices=ContractLineItem.Status.choices)
    starts_on = DaysFilter(label="First day")

    class Meta:
        model = ContractLineItem
        fields = ["status", "starts_on"]


class ItemIndexView(RegisterIndexView):
    """What begins last comes first."""

    default_ordering = "-starts_on"

    def get_base_queryset(self) -> QuerySet[ContractLineItem]:
        """With contracts and companies at hand."""
        return ContractLineItem.objects.select_related("contract__company")


class ItemInspectView(RegisterInspectView):
    """One line item."""

    page_title = "Line item"
    related = ("contract__company", "developer__user")
    object: ContractLineItem

    @property
    def header_more_buttons(self) -> list[Any]:
        """The way to all of the contract."""
        return [HeaderButton("Charges of the contract", url=charges_url(self.object.contract), icon_name="list-ul")]

    def facts(self) -> Iterator[tuple[str, Any]]:
        """What was agreed."""
        item = self.object
        yield "Company", item.contract.company
        yield "Contract", item.contract
        yield "Kind", item.get_kind_display()
        if item.developer:
            yield "Developer", item.developer
        yield "State", item.get_status_display()
        yield "Charged", item.terms
        yield "In all", words(item.total)


class ChargesView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """What one contract charges: line items, terms, and every period, with what may be done about them."""

    model = ContractLineItem
    any_permission_required: ClassVar[list[str]] = ["view", "keep"]
    template_name = "contracts/admin/charges.html"
    page_title = "Charges"
    header_icon = "list-ul"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the contract."""
        super().setup(request, *args, **kwargs)
        self.contract = get_object_or_404(Contract.objects.select_related("company"), pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        """Which one, and with whom."""
        return f"{self.contract}, {self.contract.company}"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """The contract, and where one is."""
        above = {"url": addresses.in_admin(self.contract), "label": str(self.contract)}
        return [*super().get_breadcrumbs_items(), above, {"url": "", "label": self.page_title}]

    @property
    def header_buttons(self) -> list[HeaderButton]:
        """What may be done about all of it now."""
        if not self.may_keep:
            return []
        made = {
            "add": ("Add a line item", "plus"),
            "terms": ("Billing terms", "calendar-alt"),
            "ask": ("Ask for billing", "check"),
        }
        return [
            HeaderButton(made[name][0], url=reverse(f"{NAME}:{name}", args=[self.contract.pk]), icon_name=made[name][1])
            for name in self.ways()
        ]

    @property
    def may_keep(self) -> bool:
        """Whether this person changes what contracts charge."""
        return bool(self.permission_policy.user_has_permission(self.request.user, "keep"))

    def ways(self) -> tuple[str, ...]:
        """What the contract's state allows."""
        if self.contract.status == Contract.Status.DRAFT:
            return ("add", "terms")
        is_open = self.contract.status in billing.IN_FORCE and not billing.is_enabled(self.contract)
        return ("ask",) if is_open and not self.waiting() else ()

    def waiting(self) -> list[Approval]:
        """Whether somebody decides about its billing."""
        return list(Approval.objects.about(self.contract).pending().filter(kind=billing.KIND))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Items with their buttons, and the periods there are or will be."""
        cost = costs.preview(self.contract)
        periods = self.contract.billing_periods.order_by("sequence")
        return {
            **super().get_context_data(**kwargs),
            "contract": self.contract,
            "contract_url": addresses.in_admin(self.contract),
            "cost": cost,
            "items": [(item, list(self.buttons(item))) for item in cost.items],
            "periods": [(period, self.of_contract(period)) for period in periods],
            "waiting": [(row, approval_addresses.staff_page(row)) for row in self.waiting()],
        }

    def of_contract(self, period: Any) -> str:
        """The address of one of its periods."""
        period.contract = self.contract
        return reverse("billing-periods:inspect", args=[period.pk])

    def buttons(self, item: ContractLineItem) -> Iterator[tuple[str, str]]:
        """What may be done about an item, and where."""
        if not self.may_keep:
            return
        in_force = self.contract.status in billing.IN_FORCE
        is_draft = self.contract.status == Contract.Status.DRAFT
        known = DRAFT if is_draft else STATES.get(str(item.status), ()) if in_force else ()
        for name, label in known:
            yield label, reverse(f"{NAME}:{name}", args=[item.pk])


class LineItemRegister(Register):
    """Line items."""

    model = ContractLineItem
    name = NAME
    icon = "list-ul"
    menu_label = "Contract line items"
    index_view_class = ItemIndexView
    inspect_view_class = ItemInspectView
    policy_class = ChargePolicy
    filterset_class = ItemFilters
    export_filename = "contract-line-items"
    list_export = ("contract", "contract__company", "kind", "description", "schedule", "amount", "months", "starts_on",
                   "ends_on", "status")  # fmt: skip
    list_display = (
        linked("description", "Line item", register=NAME),
        Column("contract", label="Contract"),
        Column("company", label="Company", accessor="contract.company"),
        Column("status", label="State", accessor="get_status_display"),
        DayColumn("starts_on", label="First day", sort_key="starts_on"),
        FigureColumn("total", label="In all", accessor=lambda row: words(row.total)),
    )

    def get_urlpatterns(self) -> list[Any]:
        """The list, one item, all of one contract, and what may be done."""
        actions = [path(f"{name}/<int:pk>/", self.construct_view(view), name=name) for name, view in ACTIONS.items()]
        charges = path("contract/<int:pk>/", self.construct_view(ChargesView), name="of_contract")
        return [*super().get_urlpatterns(), charges, *actions]


def charges_url(contract: Contract) -> str:
    """The page of a contract's charges."""
    return reverse(f"{NAME}:of_contract", args=[contract.pk])


@hooks.register("register_permissions")
def offered_rights() -> QuerySet[Permission]:
    """What the group editor offers beside the rights to view."""
    codenames = [name.partition(".")[2] for name in (line_items.PERMISSION, billing.DECIDE)]
    return Permission.objects.filter(content_type__app_label="contracts", codename__in=codenames)


LineItemRegister.register()
