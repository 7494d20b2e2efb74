import uuid
from decimal import Decimal

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import portal.core.states


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0011_register_of_companies"),
        ("accounts", "__first__"),
        ("invoicing", "0009_money_taken_back"),
    ]

    operations = [
        migrations.CreateModel(
            name="SandboxCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=40, unique=True)),
                ("customer", models.CharField(max_length=80)),
                (
                    "behaviour",
                    models.CharField(
                        choices=[
                            ("succeeds", "Succeeds"),
                            ("declined", "Declined"),
                            ("declined_later", "Declined once it is saved"),
                            ("authentication", "Needs authentication"),
                            ("expired", "Expired"),
                            ("delayed", "Delayed"),
                            ("noisy", "Succeeds; webhooks come twice and in the wrong order"),
                        ],
                        max_length=14,
                    ),
                ),
                ("brand", models.CharField(max_length=20)),
                ("last4", models.CharField(max_length=4)),
                ("expires_on", models.CharField(max_length=7)),
                ("is_forgotten", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="PaymentMethod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("gateway", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=80, unique=True)),
                (
                    "setup_reference",
                    models.CharField(blank=True, help_text="The gateway's name of its being added.", max_length=200),
                ),
                ("reference", models.CharField(help_text="The gateway's own name of it.", max_length=200, null=True)),
                (
                    "customer",
                    models.CharField(blank=True, help_text="The gateway's own name of who pays.", max_length=200),
                ),
                ("brand", models.CharField(blank=True, max_length=40)),
                ("last4", models.CharField(blank=True, max_length=4)),
                ("expires_on", models.DateField(help_text="The last day on which it can be used.", null=True)),
                ("is_default", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("added_at", models.DateTimeField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "forgotten_at",
                    models.DateTimeField(help_text="When the gateway was told of the removal.", null=True),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payment_methods",
                        to="accounts.company",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("forgotten_at", None), ("removed_at__isnull", False)),
                        fields=["removed_at"],
                        name="payments_methods_to_forget",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("gateway", "reference"), name="payments_paymentmethod_reference"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("company",),
                        name="payments_paymentmethod_one_default",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_default", False),
                            models.Q(("added_at__isnull", False), ("removed_at", None)),
                            _connector="OR",
                        ),
                        name="payments_paymentmethod_default_usable",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("added_at", None), models.Q(("reference", None), _negated=True), _connector="OR"
                        ),
                        name="payments_paymentmethod_added_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("currency", models.CharField(help_text="ISO 4217", max_length=3)),
                ("amount", models.DecimalField(decimal_places=4, default=Decimal(0), max_digits=19)),
                ("received_amount", models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ("gateway", models.CharField(max_length=20)),
                (
                    "status",
                    portal.core.states.StateField(
                        choices=[
                            ("pending", "Pending"),
                            ("needs_action", "Needs action"),
                            ("succeeded", "Succeeded"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="pending",
                        max_length=12,
                        protected=True,
                    ),
                ),
                ("key", models.CharField(max_length=80, unique=True)),
                ("reference", models.CharField(help_text="The gateway's own name of it.", max_length=200, null=True)),
                ("receipt", models.CharField(help_text="What the customer knows it by.", max_length=80, null=True)),
                ("action_url", models.CharField(blank=True, max_length=2000)),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("failure_code", models.CharField(blank=True, max_length=80)),
                ("failure_message", models.CharField(blank=True, max_length=400)),
                ("can_retry", models.BooleanField(default=True)),
                ("is_automatic", models.BooleanField(default=False)),
                ("saves_method", models.BooleanField(default=False)),
                ("return_url", models.CharField(blank=True, max_length=600)),
                ("created_at", models.DateTimeField()),
                ("called_at", models.DateTimeField(null=True)),
                ("ask_at", models.DateTimeField(null=True)),
                ("asked", models.PositiveSmallIntegerField(default=0, help_text="How often the gateway was asked.")),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="invoicing.invoice",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "movement",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payment",
                        to="invoicing.ledgertransaction",
                    ),
                ),
                (
                    "method",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="payments.paymentmethod",
                    ),
                ),
            ],
            options={
                "permissions": [
                    ("manage_payment", "Can record bank transfers and ask for refunds"),
                    ("decide_refund", "Can decide whether money is returned"),
                ],
                "indexes": [
                    models.Index(fields=["company", "-created_at", "-id"], name="payments_of_company"),
                    models.Index(fields=["-created_at", "-id"], name="payments_newest"),
                    models.Index(fields=["status", "-created_at", "-id"], name="payments_of_state"),
                    models.Index(fields=["gateway", "-created_at", "-id"], name="payments_of_gateway"),
                    models.Index(fields=["invoice"], name="payments_of_invoice"),
                    models.Index(
                        condition=models.Q(("ask_at__isnull", False)), fields=["ask_at"], name="payments_to_ask"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("gateway", "reference"), name="payments_payment_reference"),
                    models.UniqueConstraint(fields=("gateway", "receipt"), name="payments_payment_receipt"),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["pending", "needs_action"])),
                        fields=("invoice",),
                        name="payments_payment_one_under_way",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="payments_payment_above_zero"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "succeeded"), _negated=True),
                            models.Q(
                                ("closed_at__isnull", False), ("movement__isnull", False), ("received_amount__gt", 0)
                            ),
                            _connector="OR",
                        ),
                        name="payments_payment_booked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "succeeded"),
                            models.Q(("movement", None), ("received_amount", None)),
                            _connector="OR",
                        ),
                        name="payments_payment_books_success_alone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("currency", models.CharField(help_text="ISO 4217", max_length=3)),
                ("amount", models.DecimalField(decimal_places=4, default=Decimal(0), max_digits=19)),
                ("reason", models.CharField(max_length=300)),
                (
                    "status",
                    portal.core.states.StateField(
                        choices=[
                            ("waiting", "Waits for a decision"),
                            ("pending", "On its way"),
                            ("succeeded", "Returned"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=9,
                        protected=True,
                    ),
                ),
                ("key", models.CharField(max_length=80, unique=True)),
                ("reference", models.CharField(help_text="The gateway's own name of it.", max_length=200, null=True)),
                ("failure_message", models.CharField(blank=True, max_length=400)),
                ("created_at", models.DateTimeField()),
                ("called_at", models.DateTimeField(null=True)),
                ("ask_at", models.DateTimeField(null=True)),
                ("asked", models.PositiveSmallIntegerField(default=0)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "credit_note",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refund",
                        to="invoicing.creditnote",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="payments.payment"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["company", "-created_at", "-id"], name="payments_refunds_of_company"),
                    models.Index(fields=["-created_at", "-id"], name="payments_refunds_newest"),
                    models.Index(fields=["status", "-created_at", "-id"], name="payments_refunds_of_state"),
                    models.Index(
                        condition=models.Q(("ask_at__isnull", False)), fields=["ask_at"], name="payments_refunds_to_ask"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="payments_refund_above_zero"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="payments_refund_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SandboxPayment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=40, unique=True)),
                ("key", models.CharField(max_length=80, unique=True)),
                ("customer", models.CharField(max_length=80)),
                ("amount", models.DecimalField(decimal_places=4, default=Decimal(0), max_digits=19)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("description", models.CharField(blank=True, max_length=300)),
                ("return_url", models.CharField(blank=True, max_length=600)),
                ("state", models.CharField(default="needs_action", max_length=12)),
                ("saves_card", models.BooleanField(default=False)),
                ("code", models.CharField(blank=True, max_length=40)),
                ("settles_at", models.DateTimeField(help_text="When a delayed one comes to its end.", null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "card",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="payments",
                        to="payments.sandboxcard",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SandboxRefund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=40, unique=True)),
                ("key", models.CharField(max_length=80, unique=True)),
                ("amount", models.DecimalField(decimal_places=4, default=Decimal(0), max_digits=19)),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="refunds",
                        to="payments.sandboxpayment",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SandboxWebhook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("queued", "Queued"), ("running", "Running"), ("done", "Done"), ("failed", "Failed")],
                        default="queued",
                        editable=False,
                        max_length=7,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("available_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("queued_at", models.DateTimeField(editable=False, null=True)),
                ("lease_ends_at", models.DateTimeField(editable=False, null=True)),
                ("finished_at", models.DateTimeField(editable=False, null=True)),
                ("error", models.TextField(blank=True, editable=False)),
                ("body", models.TextField()),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=["available_at"],
                        name="payments_sandboxwebhook_due",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("queued", "Queued"), ("running", "Running"), ("done", "Done"), ("failed", "Failed")],
                        default="queued",
                        editable=False,
                        max_length=7,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("available_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("queued_at", models.DateTimeField(editable=False, null=True)),
                ("lease_ends_at", models.DateTimeField(editable=False, null=True)),
                ("finished_at", models.DateTimeField(editable=False, null=True)),
                ("error", models.TextField(blank=True, editable=False)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("gateway", models.CharField(max_length=20)),
                ("body", models.BinaryField()),
                ("headers", models.JSONField(default=dict)),
                ("query", models.JSONField(default=dict)),
                ("received_at", models.DateTimeField()),
                (
                    "signature",
                    models.CharField(
                        choices=[("unchecked", "Unchecked"), ("good", "Good"), ("bad", "Bad")],
                        default="unchecked",
                        max_length=9,
                    ),
                ),
                ("event_id", models.CharField(max_length=200, null=True)),
                (
                    "kind",
                    models.CharField(blank=True, help_text="The gateway's own word for what happened.", max_length=80),
                ),
                ("about", models.CharField(blank=True, max_length=10)),
                ("happened_at", models.DateTimeField(null=True)),
                ("result", models.CharField(blank=True, help_text="What was made of it.", max_length=200)),
                (
                    "repeats",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="repetitions",
                        to="payments.webhookmessage",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook",
                "permissions": [("replay_webhookmessage", "Can process webhooks again")],
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=["available_at"],
                        name="payments_webhookmessage_due",
                    ),
                    models.Index(fields=["-received_at", "-id"], name="payments_webhooks_newest"),
                    models.Index(fields=["gateway", "-received_at", "-id"], name="payments_webhooks_of_gateway"),
                    models.Index(fields=["state", "-received_at", "-id"], name="payments_webhooks_of_state"),
                    models.Index(
                        condition=models.Q(("finished_at__isnull", False)),
                        fields=["finished_at"],
                        name="payments_webhooks_old",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("gateway", "event_id"), name="payments_webhookmessage_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("gateway", models.CharField(max_length=20)),
                ("reference", models.CharField(help_text="The gateway's own name of it.", max_length=200)),
                ("currency", models.CharField(help_text="ISO 4217", max_length=3)),
                ("amount", models.DecimalField(decimal_places=4, default=Decimal(0), max_digits=19)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "status",
                    portal.core.states.StateField(
                        choices=[("open", "Argued"), ("won", "Won"), ("lost", "Lost")],
                        default="open",
                        max_length=4,
                        protected=True,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="payments.payment"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["company", "-opened_at", "-id"], name="payments_disputes_of_company"),
                    models.Index(fields=["-opened_at", "-id"], name="payments_disputes_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("gateway", "reference"), name="payments_dispute_reference"),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="payments_dispute_above_zero"),
                ],
            },
        ),
    ]
