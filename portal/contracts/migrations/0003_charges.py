"""What contracts charge: line items, terms, billing periods and their lines."""

import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import portal.core.states


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0002_what_was_signed_stays"),
        ("teams", "0003_assignments"),
    ]

    operations = [
        migrations.CreateModel(
            name="BillingPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("sequence", models.PositiveSmallIntegerField()),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("due_on", models.DateField(help_text="The first day on which it is invoiced.")),
                ("amount", models.DecimalField(decimal_places=4, max_digits=19)),
                (
                    "status",
                    portal.core.states.StateField(
                        choices=[
                            ("pending", "Pending"),
                            ("invoiced", "Invoiced"),
                            ("paid", "Paid"),
                            ("overdue", "Overdue"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="pending",
                        max_length=9,
                        protected=True,
                    ),
                ),
                ("invoice_number", models.CharField(blank=True, editable=False, max_length=40)),
                (
                    "contract",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="billing_periods",
                        to="contracts.contract",
                    ),
                ),
            ],
            options={
                "ordering": ["contract", "sequence"],
            },
        ),
        migrations.CreateModel(
            name="BillingTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("monthly", "Each month"),
                            ("quarterly", "Every three months"),
                            ("custom", "On days of your own"),
                        ],
                        default="monthly",
                        max_length=9,
                    ),
                ),
                (
                    "days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), blank=True, default=list, size=36
                    ),
                ),
                (
                    "amounts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DecimalField(decimal_places=4, max_digits=19),
                        blank=True,
                        default=list,
                        size=36,
                    ),
                ),
                ("enabled_at", models.DateTimeField(editable=False, null=True)),
                (
                    "contract",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="billing_terms",
                        to="contracts.contract",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "billing terms",
                "permissions": [
                    ("keep_charges", "Can keep line items of contracts, pause them and ask for billing"),
                    ("decide_billing", "Can decide whether a contract is billed"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContractLineItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("independent_training", "Training of an independent developer"),
                            ("agency_training", "Training of an agency's developer"),
                            ("custom", "Custom"),
                        ],
                        default="custom",
                        max_length=20,
                    ),
                ),
                ("description", models.CharField(max_length=300)),
                (
                    "schedule",
                    models.CharField(
                        choices=[
                            ("one_off", "Once, on the first day"),
                            ("recurring", "The amount each month"),
                            ("instalments", "The amount in all, split over the months"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=4, help_text="In the contract's currency, without tax.", max_digits=19
                    ),
                ),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(editable=False, help_text="The first day after it.")),
                (
                    "status",
                    portal.core.states.StateField(
                        choices=[
                            ("pending", "Pending"),
                            ("active", "Active"),
                            ("paused", "Paused"),
                            ("completed", "Completed"),
                        ],
                        default="pending",
                        max_length=9,
                        protected=True,
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="line_items",
                        to="contracts.contract",
                    ),
                ),
                (
                    "developer",
                    models.ForeignKey(
                        blank=True,
                        help_text="Of a training.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="teams.developer",
                    ),
                ),
            ],
            options={
                "ordering": ["contract", "position"],
            },
        ),
        migrations.CreateModel(
            name="BillingPeriodLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("description", models.CharField(max_length=400)),
                ("amount", models.DecimalField(decimal_places=4, max_digits=19)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("is_withdrawn", models.BooleanField(default=False)),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="contracts.billingperiod"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="period_lines",
                        to="contracts.contractlineitem",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="billingperiod",
            index=models.Index(fields=["-due_on", "-id"], name="contracts_periods_newest"),
        ),
        migrations.AddIndex(
            model_name="billingperiod",
            index=models.Index(fields=["status", "-due_on", "-id"], name="contracts_periods_of_state"),
        ),
        migrations.AddIndex(
            model_name="billingperiod",
            index=models.Index(
                condition=models.Q(("status", "invoiced")), fields=["invoice_number"], name="contracts_periods_to_pay"
            ),
        ),
        migrations.AddConstraint(
            model_name="billingperiod",
            constraint=models.UniqueConstraint(
                fields=("contract", "sequence"), name="contracts_billingperiod_sequence"
            ),
        ),
        migrations.AddConstraint(
            model_name="billingperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="contracts_billingperiod_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="billingperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0)), name="contracts_billingperiod_amount"
            ),
        ),
        migrations.AddConstraint(
            model_name="billingperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["invoiced", "paid", "overdue"]), _negated=True),
                    models.Q(("invoice_number", ""), _negated=True),
                    _connector="OR",
                ),
                name="contracts_billingperiod_invoice",
            ),
        ),
        migrations.AddConstraint(
            model_name="billingperiod",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func(
                            models.F("contract"), models.F("contract"), models.Value("[]"), function="int8range"
                        ),
                        "&&",
                    ),
                    (
                        models.Func(
                            models.F("starts_on"),
                            models.F("ends_on"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="contracts_billingperiod_no_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="billingterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("frequency", "custom"), ("days__len__gt", 0)),
                    models.Q(models.Q(("frequency", "custom"), _negated=True), ("amounts", []), ("days", [])),
                    _connector="OR",
                ),
                name="contracts_billingterms_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="billingterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("amounts", []), ("amounts__len", models.F("days__len")), _connector="OR"),
                name="contracts_billingterms_amounts",
            ),
        ),
        migrations.AddIndex(
            model_name="contractlineitem",
            index=models.Index(fields=["-starts_on", "-id"], name="contracts_items_newest"),
        ),
        migrations.AddIndex(
            model_name="contractlineitem",
            index=models.Index(
                condition=models.Q(("status", "active")), fields=["ends_on", "id"], name="contracts_items_ending"
            ),
        ),
        migrations.AddConstraint(
            model_name="contractlineitem",
            constraint=models.UniqueConstraint(
                fields=("contract", "position"), name="contracts_contractlineitem_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="contractlineitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="contracts_contractlineitem_amount"
            ),
        ),
        migrations.AddConstraint(
            model_name="contractlineitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("months__gte", 1),
                    ("months__lte", 12),
                    models.Q(models.Q(("schedule", "one_off"), _negated=True), ("months", 1), _connector="OR"),
                ),
                name="contracts_contractlineitem_months",
            ),
        ),
        migrations.AddConstraint(
            model_name="contractlineitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="contracts_contractlineitem_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="contractlineitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("description", ""), _negated=True), name="contracts_contractlineitem_says_what"
            ),
        ),
        migrations.AddConstraint(
            model_name="billingperiodline",
            constraint=models.UniqueConstraint(fields=("item", "number"), name="contracts_billingperiodline_part_once"),
        ),
        migrations.AddConstraint(
            model_name="billingperiodline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("item", None)), fields=("period",), name="contracts_billingperiodline_one_discount"
            ),
        ),
        migrations.AddConstraint(
            model_name="billingperiodline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__lte", 0), ("item", None)),
                    models.Q(("amount__gt", 0), ("item__isnull", False)),
                    _connector="OR",
                ),
                name="contracts_billingperiodline_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="billingperiodline",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="contracts_billingperiodline_period"
            ),
        ),
    ]
