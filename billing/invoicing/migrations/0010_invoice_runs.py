"""Runs that issue what is due on a day, and their batches, which are jobs."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0009_money_taken_back"),
    ]

    operations = [
        migrations.CreateModel(
            name="InvoiceRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField(verbose_name="day")),
                ("until_on", models.DateField()),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("charges", models.PositiveIntegerField(default=0)),
                ("size", models.PositiveIntegerField(help_text="Companies in a batch, at most.")),
            ],
            options={
                "verbose_name": "invoice run",
                "indexes": [
                    models.Index(fields=["-due_on", "-id"], name="invoicing_runs_newest"),
                    models.Index(fields=["-started_at", "-id"], name="invoicing_runs_started"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.Value(1),
                        condition=models.Q(("finished_at", None)),
                        name="invoicing_invoicerun_one_under_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until_on__gte", models.F("due_on"))), name="invoicing_invoicerun_days"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceBatch",
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
                ("first_company", models.BigIntegerField()),
                ("last_company", models.BigIntegerField()),
                ("invoices", models.PositiveIntegerField(default=0)),
                ("drawn", models.PositiveIntegerField(default=0)),
                ("problems", models.JSONField(default=list)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="batches", to="invoicing.invoicerun"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "invoice batches",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=["available_at"],
                        name="invoicing_invoicebatch_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_company__gte", models.F("first_company"))),
                        name="invoicing_invoicebatch_range",
                    )
                ],
            },
        ),
    ]
