"""Movements of money and their entries."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0008_retention_periods"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerTransaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("invoice", "Invoice issued"),
                            ("void", "Invoice voided"),
                            ("write_off", "Invoice written off"),
                            ("credit_note", "Credit note issued"),
                            ("balance", "Balance used"),
                            ("payment", "Money received"),
                            ("refund", "Money returned"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("currency", models.CharField(help_text="ISO 4217", max_length=3)),
                ("reference", models.CharField(max_length=200, unique=True)),
                ("object_id", models.PositiveBigIntegerField(null=True)),
                ("subject_label", models.CharField(blank=True, max_length=80)),
                ("booked_at", models.DateTimeField(auto_now_add=True)),
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
                    "content_type",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["company", "-at", "-id"], name="invoicing_moves_of_company"),
                    models.Index(fields=["-at", "-id"], name="invoicing_moves_newest"),
                    models.Index(fields=["content_type", "object_id"], name="invoicing_moves_about"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.CharField(
                        choices=[
                            ("receivable", "Receivable"),
                            ("revenue", "Revenue"),
                            ("tax_payable", "Tax Payable"),
                            ("cash", "Cash"),
                            ("customer_balance", "Customer Balance"),
                            ("write_off", "Write Off"),
                        ],
                        max_length=16,
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=60)),
                ("currency", models.CharField(help_text="ISO 4217", max_length=3)),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=4, help_text="A debit is positive, a credit negative.", max_digits=19
                    ),
                ),
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
                    "transaction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="invoicing.ledgertransaction",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "ledger entries",
                "indexes": [
                    models.Index(
                        fields=["company", "account", "currency"],
                        include=("amount",),
                        name="invoicing_entries_of_account",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="invoicing_ledgerentry_not_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "account__in",
                                ["receivable", "revenue", "tax_payable", "cash", "customer_balance", "write_off"],
                            )
                        ),
                        name="invoicing_ledgerentry_account",
                    ),
                ],
            },
        ),
    ]
