from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0009_money_taken_back"),
        ("payments", "0002_outcomes_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DunningSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "quiet_from",
                    models.PositiveSmallIntegerField(
                        default=20,
                        help_text="The hour from which nobody is disturbed.",
                        validators=[django.core.validators.MaxValueValidator(23)],
                    ),
                ),
                (
                    "quiet_until",
                    models.PositiveSmallIntegerField(
                        default=8,
                        help_text="The hour until which nobody is disturbed.",
                        validators=[django.core.validators.MaxValueValidator(23)],
                    ),
                ),
            ],
            options={
                "verbose_name": "dunning",
            },
        ),
        migrations.CreateModel(
            name="BankStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("sha256", models.CharField(max_length=64, unique=True)),
                (
                    "format",
                    models.CharField(
                        choices=[("csv", "CSV"), ("mt940", "MT940"), ("camt053", "CAMT.053")], max_length=7
                    ),
                ),
                ("imported_at", models.DateTimeField()),
                (
                    "imported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DunningStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "days",
                    models.SmallIntegerField(
                        help_text="Days after the invoice is due; negative: before.",
                        validators=[
                            django.core.validators.MinValueValidator(-60),
                            django.core.validators.MaxValueValidator(365),
                        ],
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("remind", "Remind"),
                            ("retry", "Charge the default method again"),
                            ("past_due", "Mark subscriptions as past due"),
                            ("suspend", "Suspend subscriptions"),
                            ("cancel", "Cancel subscriptions"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "E-mail, and as people chose"),
                            ("sms", "E-mail and SMS, and as people chose"),
                        ],
                        default="email",
                        help_text="How reminders are sent.",
                        max_length=5,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "verbose_name": "dunning step",
                "ordering": ["days", "pk"],
                "constraints": [models.UniqueConstraint(fields=("days", "action"), name="payments_dunningstep_once")],
            },
        ),
        migrations.CreateModel(
            name="DunningTask",
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
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("charge", "Charge the default method on issue"),
                            ("remind", "Remind"),
                            ("retry", "Charge the default method again"),
                            ("past_due", "Mark subscriptions as past due"),
                            ("suspend", "Suspend subscriptions"),
                            ("cancel", "Cancel subscriptions"),
                        ],
                        max_length=8,
                    ),
                ),
                ("days", models.SmallIntegerField()),
                ("starts_on", models.DateField()),
                ("channel", models.CharField(default="email", max_length=5)),
                ("result", models.CharField(blank=True, max_length=300)),
                (
                    "invoice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="invoicing.invoice",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=["available_at"],
                        name="payments_dunningtask_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("invoice", "action", "days", "starts_on"), name="payments_dunningtask_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("action__in", ["charge", "remind", "retry", "past_due", "suspend", "cancel"])
                        ),
                        name="payments_dunningtask_action",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                ("booked_on", models.DateField()),
                ("currency", models.CharField(help_text="ISO 4217", max_length=3)),
                ("amount", models.DecimalField(decimal_places=4, default=Decimal(0), max_digits=19)),
                ("reference", models.CharField(blank=True, help_text="The bank's own.", max_length=200)),
                ("payer", models.CharField(blank=True, max_length=200)),
                ("text", models.CharField(blank=True, max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waits for staff"), ("matched", "Matched"), ("ignored", "Ignored")],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("note", models.CharField(blank=True, help_text="Why it waits, or was ignored.", max_length=300)),
                (
                    "payment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statement_line",
                        to="payments.payment",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="payments.bankstatement"
                    ),
                ),
            ],
            options={
                "verbose_name": "bank transfer",
                "indexes": [
                    models.Index(fields=["-booked_on", "-id"], name="payments_lines_newest"),
                    models.Index(fields=["state", "-booked_on", "-id"], name="payments_lines_of_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("payment__isnull", False), ("state", "matched")),
                            models.Q(models.Q(("state", "matched"), _negated=True), ("payment", None)),
                            _connector="OR",
                        ),
                        name="payments_statementline_matched",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="payments_statementline_above_zero"
                    ),
                ],
            },
        ),
    ]
