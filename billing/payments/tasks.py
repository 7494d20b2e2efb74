"""What the worker does for payments."""

from datetime import timedelta

import requests
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from billing.payments import demo
from billing.payments.gateways.sandbox import bank, client
from billing.payments.models import Payment, PaymentMethod, Refund, SandboxWebhook
from billing.payments.services import dunning, methods, payments, refunds, webhooks
from portal.core.services import jobs

AT_ONCE = 200
ANSWER_SECONDS = 20


@shared_task
def process_webhook(pk: int) -> None:
    """Act on one message of a gateway, if it waits."""
    webhooks.process(pk)


@shared_task
def ask_gateways() -> None:
    """Queue what is to be carried out or asked; every 20 seconds."""
    now = timezone.now()
    for model, task in ((Payment, ask_payment), (Refund, ask_refund)):
        due = model._default_manager.filter(ask_at__lte=now).order_by("ask_at").values_list("pk", "ask_at")
        for pk, ask_at in list(due[:AT_ONCE]):
            # Whoever moves the time takes the row; a worker that dies leaves it for the time after.
            if model._default_manager.filter(pk=pk, ask_at=ask_at).update(ask_at=now + timedelta(minutes=1)):
                task.delay(pk)
    for method in PaymentMethod.objects.filter(removed_at__lte=now, forgotten_at=None).exclude(reference=None)[:20]:
        methods.forget(method=method, at=now)
    if settings.PAYMENT_SANDBOX:
        bank.settle_due(at=now)


@shared_task
def dun(pk: int) -> None:
    """Do one step about one invoice, if it waits."""
    dunning.do(pk, at=timezone.now())


@shared_task
def warn_of_expiry() -> None:
    """Tell of cards that expire soon; every morning."""
    methods.warn_of_expiry(timezone.now())


@shared_task
def keep_demo_going() -> None:
    """Let the demo's late payer pay before its products close; every hour, and nothing where there is no sandbox."""
    demo.go_on(timezone.now())


@shared_task
def ask_payment(pk: int) -> None:
    """Carry one payment out, or ask what became of it, and give it up when it was left."""
    for payment in Payment.objects.filter(pk=pk).select_related("company", "invoice", "method"):
        payments.follow_up(payment=payment, at=timezone.now())


@shared_task
def ask_refund(pk: int) -> None:
    """Send one refund, or ask what became of it."""
    for refund in Refund.objects.filter(pk=pk).select_related("company", "payment"):
        refunds.ask(refund=refund, at=timezone.now())


@shared_task
def send_sandbox_webhook(pk: int) -> None:
    """Send one webhook of the sandbox, over HTTP as a real one comes."""
    jobs.perform(job_type=SandboxWebhook, pk=pk, outside=_post)


def _post(webhook: SandboxWebhook) -> None:
    body = webhook.body.encode()
    signature = client.header_of(body, int(timezone.now().timestamp()))
    answer = requests.post(
        f"{settings.BASE_URL}/webhooks/sandbox/", data=body, headers={client.HEADER: signature}, timeout=ANSWER_SECONDS
    )
    answer.raise_for_status()
