"""Pages of the admin on which staff draw contracts up: with whom and from what, then what they say."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View
from wagtail.admin.views.generic import PermissionCheckedMixin

from portal.accounts.models import Company, User
from portal.accounts.wagtail_hooks.choosers import COMPANY_CHOOSER
from portal.contracts import addresses, markup
from portal.contracts.models import Contract, ContractTemplate
from portal.contracts.services import costs, drafting, rendering
from portal.contracts.staff_forms import BeginForm, DraftForm
from portal.contracts.wagtail_hooks.actions import NAME, ContractAction
from portal.core.admin_actions import ActionView


class BeginView(ContractAction):
    """Asks with whom, and from which template."""

    page_title = "Draw up a contract"
    form_class: Any = BeginForm
    intro = "Nobody but staff sees a draft."

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """There is no contract yet."""
        super(ActionView, self).setup(request, *args, **kwargs)
        self.object = None

    def get_page_subtitle(self) -> str:
        """Nothing."""
        return ""

    def get_form(self, form_class: Any = None) -> Any:
        """Let the company be looked up among many."""
        form = super().get_form(form_class)
        form.fields["company"].widget = COMPANY_CHOOSER.widget_class()
        return form

    def get_success_url(self) -> str:
        """The list."""
        return reverse(f"{NAME}:list")

    def form_valid(self, form: Any) -> HttpResponse:
        """Ask for the rest."""
        values = form.cleaned_data
        return redirect(f"{NAME}:draw_up", values["company"].pk, values["template"].pk)


class DraftView(ContractAction):
    """A draft in a form."""

    form_class: Any = DraftForm
    intro = "Nobody but staff sees it until it is sent. Whatever stands in merge fields is text, never markup."

    def get_form_kwargs(self) -> dict[str, Any]:
        """A copy of the contract: the form may not change the one that the page is about."""
        return {**super().get_form_kwargs(), "instance": self.copy()}

    def copy(self) -> Contract:
        """What the form starts from."""
        return Contract.objects.select_related("company", "template").get(pk=self.object.pk)

    def form_valid(self, form: Any) -> HttpResponse:
        """Hand what was said of it to the service."""
        form.cleaned_data = {"terms": form.terms(), "values": form.values(), "signers": form.signers()}
        return super().form_valid(form)


class ChangeView(DraftView):
    """Changes a draft."""

    page_title = "Change the draft"
    done = "The draft was changed."

    def act(self, record: Contract, by: User, values: dict[str, Any]) -> Contract:
        """Change it."""
        terms = values.pop("terms")
        return drafting.change(contract=record, by=by, at=timezone.now(), **values, **terms)


class DrawUpView(DraftView):
    """Draws a draft up."""

    page_title = "Draw up a contract"
    done = "The draft is there: look at its text, then send it."

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find company and template; there is no contract yet."""
        super(ActionView, self).setup(request, *args, **kwargs)
        self.company = get_object_or_404(Company, pk=kwargs["company"], is_active=True)
        self.template = get_object_or_404(ContractTemplate.objects.in_use(), pk=kwargs["template"])
        self.object = None

    def get_page_subtitle(self) -> str:
        """With whom, and what."""
        return f"{self.template}, {self.company}"

    def intro_of(self, record: Contract | None) -> str:
        """What will happen."""
        return self.intro

    def copy(self) -> Contract:
        """One with the terms of the template."""
        template, company = self.template, self.company
        terms = drafting.defaults(company, template)
        return Contract(company=company, template=template, type=template.type, title=template.name, **terms)

    def get_success_url(self) -> str:
        """The draft's page, once there is one."""
        return super().get_success_url() if self.object else reverse(f"{NAME}:list")

    def act(self, record: None, by: User, values: dict[str, Any]) -> Contract:
        """Create it."""
        terms = values.pop("terms")
        self.object = drafting.create(
            company=self.company, template=self.template, by=by, at=timezone.now(), **values, **terms
        )
        return self.object


class AmendView(ContractAction):
    """Asks from which template a contract is changed."""

    page_title = "Amend the contract"
    form_class: Any = BeginForm
    intro = "What was signed stays. A contract that changes it names it, and is signed like any other."

    def get_form(self, form_class: Any = None) -> Any:
        """The company is known."""
        form = super().get_form(form_class)
        del form.fields["company"]
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        """Ask for the rest."""
        return redirect(f"{NAME}:draw_up_amendment", self.object.pk, form.cleaned_data["template"].pk)


class DrawUpAmendmentView(DrawUpView):
    """Draws up a contract that changes another."""

    page_title = "Draw up an amendment"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the contract that is changed."""
        self.amended = get_object_or_404(Contract.objects.exclude(signed_at=None), pk=kwargs["pk"])
        super().setup(request, *args, **{**kwargs, "company": self.amended.company_id})

    def copy(self) -> Contract:
        """One with the terms of the contract that it changes."""
        contract = super().copy()
        contract.title = f"Amendment of {self.amended.number}"
        for name in ("ends_on", "project", "currency"):
            setattr(contract, name, getattr(self.amended, name))
        return contract

    def act(self, record: None, by: User, values: dict[str, Any]) -> Contract:
        """Create it."""
        terms = values.pop("terms")
        self.object = drafting.create(
            company=self.company,
            template=self.template,
            by=by,
            at=timezone.now(),
            amends=self.amended,
            **values,
            **terms,
        )
        return self.object


class PreviewView(PermissionCheckedMixin, View):
    """The text of a draft as it would be sent, or of a contract as it was, and what it costs."""

    model = Contract
    permission_required = "view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        contract = get_object_or_404(Contract.objects.select_related("company", "template"), pk=pk)
        frozen = None if contract.status == Contract.Status.DRAFT else contract.texts.order_by("-version").first()
        html = frozen.html if frozen else rendering.render(contract)
        context = {
            "title": str(contract),
            "text": markup.shown(html),
            "cost": costs.preview(contract),
            "back": addresses.in_admin(contract),
        }
        return render(request, "contracts/preview.html", context)
