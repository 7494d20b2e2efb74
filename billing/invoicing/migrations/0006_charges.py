"""Charges: what waits for an invoice. The database lets them be drawn once, and a discarded draft give them back."""

from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
CREATE FUNCTION invoicing_keep_charge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.invoice_id IS NULL
        AND to_jsonb(NEW) - 'invoice_id' IS NOT DISTINCT FROM to_jsonb(OLD) - 'invoice_id'
        AND NOT EXISTS (SELECT FROM invoicing_invoice WHERE id = OLD.invoice_id AND status <> 'draft')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a charge is never changed, and drawn once: %', OLD.source USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER invoicing_charge_kept BEFORE UPDATE OF id, company_id, currency, due_on, description, quantity, unit_price,
    tax_category, starts_on, ends_on, source, created_at ON invoicing_charge
    FOR EACH ROW EXECUTE FUNCTION invoicing_keep_charge();
CREATE TRIGGER invoicing_charge_drawn_once BEFORE UPDATE OF invoice_id ON invoicing_charge
    FOR EACH ROW WHEN (OLD.invoice_id IS NOT NULL) EXECUTE FUNCTION invoicing_keep_charge();
CREATE TRIGGER invoicing_charge_kept_when_drawn BEFORE DELETE ON invoicing_charge
    FOR EACH ROW WHEN (OLD.invoice_id IS NOT NULL) EXECUTE FUNCTION invoicing_keep_charge();
"""
UNGUARD = """
DROP TRIGGER invoicing_charge_kept_when_drawn ON invoicing_charge;
DROP TRIGGER invoicing_charge_drawn_once ON invoicing_charge;
DROP TRIGGER invoicing_charge_kept ON invoicing_charge;
DROP FUNCTION invoicing_keep_charge();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_retention_periods"),
        ("invoicing", "0005_paper_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="Charge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(help_text="ISO 4217", max_length=3)),
                ("due_on", models.DateField(help_text="The first day on which it is invoiced.")),
                ("description", models.CharField(max_length=400)),
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
                ("source", models.CharField(max_length=160)),
                ("created_at", models.DateTimeField()),
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
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="charges",
                        to="invoicing.invoice",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("invoice", None)),
                        fields=["company", "due_on"],
                        name="invoicing_charges_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("source",), name="invoicing_charge_source_once"),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True), name="invoicing_charge_source"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ends_on", None), ("starts_on", None)),
                            ("ends_on__gt", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="invoicing_charge_period",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
