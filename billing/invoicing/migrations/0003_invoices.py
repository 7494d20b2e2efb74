"""Invoices, credit notes, tax, and what the ledger says of each invoice."""

import uuid
from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import billing.invoicing.models.settings
import portal.core.fields
import portal.core.states


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_retention_periods"),
        ("invoicing", "0002_ledger_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="BillingSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(default="Tamarind Software Limited", max_length=160, verbose_name="legal name"),
                ),
                ("registration_number", models.CharField(blank=True, max_length=60)),
                (
                    "tax_id",
                    models.CharField(
                        blank=True, help_text="As it stands on invoices.", max_length=40, verbose_name="tax number"
                    ),
                ),
                ("street", models.CharField(blank=True, max_length=200)),
                ("city", models.CharField(blank=True, max_length=80)),
                ("postal_code", models.CharField(blank=True, max_length=20)),
                ("country", models.CharField(default="KE", help_text="ISO 3166-1 alpha-2", max_length=2)),
                (
                    "email",
                    models.EmailField(
                        default="billing@portal.example", max_length=254, verbose_name="e-mail for questions"
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=40)),
                (
                    "payment_instructions",
                    models.TextField(
                        blank=True,
                        help_text="How to pay, as it stands at the foot of invoices: bank, account, M-Pesa paybill.",
                    ),
                ),
                (
                    "invoice_series",
                    models.CharField(
                        default="INV",
                        max_length=10,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z][A-Z0-9]{0,9}$", "Write up to ten capital letters and digits, such as INV."
                            )
                        ],
                    ),
                ),
                (
                    "credit_note_series",
                    models.CharField(
                        default="CN",
                        max_length=10,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z][A-Z0-9]{0,9}$", "Write up to ten capital letters and digits, such as INV."
                            )
                        ],
                    ),
                ),
                (
                    "number_format",
                    models.CharField(
                        default="{series}-{year}-{number:06d}",
                        max_length=60,
                        validators=[billing.invoicing.models.settings.check_number_format],
                    ),
                ),
                (
                    "payment_days",
                    models.PositiveSmallIntegerField(
                        default=14,
                        help_text="Days from the issue of an invoice until it is due.",
                        validators=[django.core.validators.MaxValueValidator(365)],
                    ),
                ),
            ],
            options={
                "verbose_name": "billing",
            },
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("currency", models.CharField(help_text="ISO 4217", max_length=3)),
                ("series", models.CharField(blank=True, max_length=10)),
                ("year", models.PositiveSmallIntegerField(null=True)),
                ("sequence", models.PositiveBigIntegerField(help_text="1, 2, 3 … in its series and year.", null=True)),
                ("number", models.CharField(max_length=40, null=True, unique=True)),
                ("issued_at", models.DateTimeField(null=True)),
                ("issued_on", models.DateField(null=True)),
                ("net_amount", models.DecimalField(decimal_places=4, default=Decimal(0), max_digits=19)),
                ("tax_amount", models.DecimalField(decimal_places=4, default=Decimal(0), max_digits=19)),
                ("total_amount", models.DecimalField(decimal_places=4, default=Decimal(0), max_digits=19)),
                ("bill_from", models.JSONField(default=dict)),
                ("bill_to", models.JSONField(default=dict)),
                ("bill_to_tax_id", portal.core.fields.EncryptedTextField(null=True)),
                (
                    "status",
                    portal.core.states.StateField(
                        choices=[
                            ("draft", "Draft"),
                            ("open", "Open"),
                            ("paid", "Paid"),
                            ("void", "Void"),
                            ("uncollectible", "Uncollectible"),
                        ],
                        default="draft",
                        max_length=13,
                        protected=True,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("due_on", models.DateField(null=True)),
                ("note", models.TextField(blank=True, help_text="Shown on the invoice.")),
                ("closed_at", models.DateTimeField(help_text="When it was paid, voided or written off.", null=True)),
                ("closing_reason", models.CharField(blank=True, max_length=300)),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
            options={
                "permissions": [
                    ("manage_invoice", "Can issue, void and credit invoices"),
                    ("decide_sending", "Can decide whether an invoice is sent"),
                    ("decide_write_off", "Can decide whether an invoice is written off"),
                ],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["company", "-issued_on", "-id"], name="invoicing_of_company"),
                    models.Index(fields=["company", "status", "-issued_on", "-id"], name="invoicing_of_company_state"),
                    models.Index(fields=["-issued_on", "-id"], name="invoicing_newest"),
                    models.Index(condition=models.Q(("status", "open")), fields=["due_on", "id"], name="invoicing_due"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("series", "year", "sequence"), name="invoicing_invoice_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "total_amount",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("net_amount"), "+", models.F("tax_amount")
                                ),
                            )
                        ),
                        name="invoicing_invoice_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", None), ("status", "draft")),
                            models.Q(
                                models.Q(("status", "draft"), _negated=True),
                                ("due_on__isnull", False),
                                ("issued_at__isnull", False),
                                ("number__isnull", False),
                                ("sequence__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="invoicing_invoice_issued_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("description", models.CharField(max_length=400)),
                ("net_amount", models.DecimalField(decimal_places=4, default=Decimal(0), max_digits=19)),
                ("tax_name", models.CharField(blank=True, max_length=40)),
                ("tax_percent", models.DecimalField(decimal_places=3, default=Decimal(0), max_digits=6)),
                ("tax_code", models.CharField(blank=True, max_length=2)),
                ("tax_reason", models.CharField(blank=True, help_text="Why no tax is charged.", max_length=300)),
                ("tax_amount", models.DecimalField(decimal_places=4, default=Decimal(0), max_digits=19)),
                ("quantity", models.DecimalField(decimal_places=6, default=Decimal(1), max_digits=19)),
                ("unit_price", models.DecimalField(decimal_places=6, max_digits=19)),
                (
                    "tax_category",
                    models.CharField(
                        choices=[("standard", "Standard"), ("reduced", "Reduced"), ("zero", "Zero-rated")],
                        default="standard",
                        max_length=8,
                    ),
                ),
                ("starts_on", models.DateField(null=True)),
                ("ends_on", models.DateField(null=True)),
                ("source", models.CharField(max_length=160, null=True, unique=True)),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="invoicing.invoice"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("invoice", "position"), name="invoicing_invoiceline_position"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ends_on", None), ("starts_on", None)),
                            ("ends_on__gt", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="invoicing_invoiceline_period",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxExemption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(help_text="The law it follows from, as it stands on invoices.", max_length=200),
                ),
                ("certificate", models.CharField(blank=True, help_text="Number of the certificate.", max_length=60)),
                ("starts_on", models.DateField()),
                (
                    "ends_on",
                    models.DateField(blank=True, help_text="The first day on which tax is charged again.", null=True),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tax_exemptions",
                        to="accounts.company",
                    ),
                ),
            ],
            options={
                "ordering": ["company", "-starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gt", models.F("starts_on")), _connector="OR"),
                        name="invoicing_taxexemption_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="invoicing_taxexemption_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("country", models.CharField(help_text="ISO 3166-1 alpha-2", max_length=2)),
                (
                    "category",
                    models.CharField(
                        choices=[("standard", "Standard"), ("reduced", "Reduced"), ("zero", "Zero-rated")],
                        default="standard",
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(default="VAT", help_text="As invoices name the tax.", max_length=40)),
                (
                    "percent",
                    models.DecimalField(
                        decimal_places=3,
                        max_digits=6,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal(0)),
                            django.core.validators.MaxValueValidator(Decimal(100)),
                        ],
                    ),
                ),
                ("starts_on", models.DateField()),
            ],
            options={
                "ordering": ["country", "category", "-starts_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("country", "category", "starts_on"), name="invoicing_taxrate_once"),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", 0), ("percent__lte", 100)),
                        name="invoicing_taxrate_percent_in_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("currency", models.CharField(help_text="ISO 4217", max_length=3)),
                ("series", models.CharField(blank=True, max_length=10)),
                ("year", models.PositiveSmallIntegerField(null=True)),
                ("sequence", models.PositiveBigIntegerField(help_text="1, 2, 3 … in its series and year.", null=True)),
                ("number", models.CharField(max_length=40, null=True, unique=True)),
                ("issued_at", models.DateTimeField(null=True)),
                ("issued_on", models.DateField(null=True)),
                ("net_amount", models.DecimalField(decimal_places=4, default=Decimal(0), max_digits=19)),
                ("tax_amount", models.DecimalField(decimal_places=4, default=Decimal(0), max_digits=19)),
                ("total_amount", models.DecimalField(decimal_places=4, default=Decimal(0), max_digits=19)),
                ("bill_from", models.JSONField(default=dict)),
                ("bill_to", models.JSONField(default=dict)),
                ("bill_to_tax_id", portal.core.fields.EncryptedTextField(null=True)),
                ("reason", models.CharField(max_length=300)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="credit_notes", to="invoicing.invoice"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["company", "-issued_on", "-id"], name="invoicing_credits_of_company"),
                    models.Index(fields=["-issued_on", "-id"], name="invoicing_credits_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("series", "year", "sequence"), name="invoicing_creditnote_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "total_amount",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("net_amount"), "+", models.F("tax_amount")
                                ),
                            )
                        ),
                        name="invoicing_creditnote_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("total_amount__gt", 0)), name="invoicing_creditnote_above_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="invoicing_creditnote_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditNoteLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("description", models.CharField(max_length=400)),
                ("net_amount", models.DecimalField(decimal_places=4, default=Decimal(0), max_digits=19)),
                ("tax_name", models.CharField(blank=True, max_length=40)),
                ("tax_percent", models.DecimalField(decimal_places=3, default=Decimal(0), max_digits=6)),
                ("tax_code", models.CharField(blank=True, max_length=2)),
                ("tax_reason", models.CharField(blank=True, help_text="Why no tax is charged.", max_length=300)),
                ("tax_amount", models.DecimalField(decimal_places=4, default=Decimal(0), max_digits=19)),
                (
                    "credit_note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="invoicing.creditnote"
                    ),
                ),
                (
                    "invoice_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="credits", to="invoicing.invoiceline"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("credit_note", "position"), name="invoicing_creditnoteline_position"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="ledgerentry",
            name="invoice",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="invoicing.invoice",
            ),
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(
                condition=models.Q(("account", "receivable")),
                fields=["invoice"],
                include=("amount",),
                name="invoicing_entries_of_invoice",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account", "receivable"), _negated=True), ("invoice__isnull", False), _connector="OR"
                ),
                name="invoicing_ledgerentry_receivable_of_invoice",
            ),
        ),
    ]
