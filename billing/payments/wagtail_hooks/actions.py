"""What staff do about payments: each is one call of a service."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView
from djmoney.money import Money

from billing.payments import staff_forms
from billing.payments.models import Payment, Refund, StatementLine, WebhookMessage
from billing.payments.services import failed_work, manual, refunds, webhooks
from billing.payments.services.statements import importing
from portal.accounts.models import User
from portal.core.admin_actions import ActionView


class PaymentAction(ActionView):
    """Something about one record of the registers."""

    is_about_one: ClassVar[bool] = True
    permission_required = "manage"
    header_icon = "success"

    def records(self) -> Any:
        """All rows."""
        return self.model._default_manager.all()

    def get_success_url(self) -> str:
        """The record's page."""
        return reverse(self.back, args=[self.object.pk])


class FinanceAction(PaymentAction):
    """For staff who may move money, about what other than a payment."""

    def user_has_permission(self, permission: str) -> bool:
        """The right to manage payments."""
        return bool(self.request.user.has_perm("payments.manage_payment"))


class FreeAction(FinanceAction):
    """About no record that is there."""

    is_about_one = False

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """There is nothing to find."""
        FormView.setup(self, request, *args, **kwargs)
        self.object = None

    def get_page_subtitle(self) -> str:
        """About nothing."""
        return ""

    def get_success_url(self) -> str:
        """The list."""
        return reverse(self.back)


class ReturnMoneyView(PaymentAction):
    """Asks for a refund."""

    model = Payment
    page_title = "Return money"
    intro = "Somebody else has to agree; then the invoice is credited and the gateway returns the money."
    done = "The refund is asked for. Somebody else decides it under Approvals."
    back = "payments:inspect"
    form_class = staff_forms.RefundForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the payment."""
        return {**super().get_form_kwargs(), "payment": self.object}

    def act(self, record: Payment, by: User, values: dict[str, Any]) -> Refund:
        """Ask."""
        return refunds.request(payment=record, at=timezone.now(), by=by, **values)


class RefundSentView(FinanceAction):
    """Says that staff returned the money themselves."""

    model = Refund
    page_title = "It was transferred"
    intro = "The money has left our bank account."
    done = "The refund is done."
    back = "refunds:inspect"
    form_class = staff_forms.ReferenceForm

    def act(self, record: Refund, by: User, values: dict[str, Any]) -> Refund:
        """Say so."""
        return refunds.sent(refund=record, at=timezone.now(), by=by, **values)


class ReplayView(PaymentAction):
    """Processes a webhook again."""

    model = WebhookMessage
    permission_required = "replay"
    page_title = "Process again"
    intro = "What it told is recorded again; what is recorded already stays as it is."
    done = "The webhook is processed again."
    back = "webhooks:inspect"

    def act(self, record: WebhookMessage, by: User, values: dict[str, Any]) -> WebhookMessage:
        """Queue it."""
        return webhooks.replay(message=record, at=timezone.now(), by=by)


class TryAgainView(FreeAction):
    """Has work that was given up tried again."""

    page_title = "Try again"
    header_icon = "resubmit"
    done = "It is tried again."
    back = "wagtailadmin_home"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Which work. Raises Http404 for what there is not."""
        super().setup(request, *args, **kwargs)
        if kwargs["kind"] not in failed_work.WORK:
            raise Http404
        self.work = failed_work.WORK[kwargs["kind"]]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what is to be known before."""
        return {**super().get_context_data(**kwargs), "intro": self.work.advice}

    def get_page_subtitle(self) -> str:
        """What, and how much of it."""
        return f"{self.work.label}: {self.work.failed().count()}"

    def act(self, record: None, by: User, values: dict[str, Any]) -> None:
        """Queue it."""
        failed_work.retry(work=self.work, at=timezone.now(), by=by)


class AssignView(FinanceAction):
    """Says whose transfer it is."""

    model = StatementLine
    page_title = "Say whose it is"
    intro = "It pays the invoice first, then what is due soonest; what is over is kept as the company's balance."
    done = "The transfer is booked."
    back = "transfers:inspect"
    form_class = staff_forms.InvoiceForm

    def act(self, record: StatementLine, by: User, values: dict[str, Any]) -> None:
        """Book it."""
        importing.assign(line=record, at=timezone.now(), by=by, **values)


class IgnoreView(FinanceAction):
    """Says that it is no customer's payment."""

    model = StatementLine
    page_title = "No payment of a customer"
    intro = "It is kept, and nobody is asked again."
    done = "The transfer waits no more."
    back = "transfers:inspect"
    form_class = staff_forms.IgnoreForm

    def act(self, record: StatementLine, by: User, values: dict[str, Any]) -> None:
        """Ignore it."""
        importing.ignore(line=record, **values)


class RecordTransferView(FreeAction):
    """Records a transfer that no statement tells of."""

    model = StatementLine
    page_title = "Record a transfer"
    intro = "Money that arrived on our bank account. A later statement with the same reference books it no second time."
    done = "The transfer is booked."
    back = "transfers:index"
    form_class = staff_forms.TransferForm

    def act(self, record: None, by: User, values: dict[str, Any]) -> Payment:
        """Book it."""
        invoice = values["invoice"]
        return manual.record(
            company=values["company"],
            amount=Money(values["amount"], values["currency"]),
            reference=values["reference"],
            first=[invoice] if invoice else [],
            at=timezone.now(),
            by=by,
        )


class ImportStatementView(FreeAction):
    """Imports a statement."""

    model = StatementLine
    page_title = "Import a statement"
    intro = "Transfers that name an invoice and its sum are booked; the others wait for you. Twice is once."
    done = "The statement is imported."
    back = "transfers:index"
    form_class = staff_forms.StatementForm

    def act(self, record: None, by: User, values: dict[str, Any]) -> None:
        """Import it, and say what came of it."""
        upload = values["file"]
        done = importing.load(
            content=upload.read(), name=upload.name, currency=values["currency"], at=timezone.now(), by=by
        )
        words = {"new": done.new, "matched": done.matched}
        messages.info(self.request, _("New transfers: %(new)s, of them booked: %(matched)s.") % words)
