"""Recurring line items of a renewed contract are charged for the months that it gains, and for those alone."""

from importlib import import_module

from django.db import migrations, models

SUMS = import_module("portal.contracts.migrations.0005_charges_stay").SUMS
BEGIN, END = "CREATE FUNCTION contracts_check_line()", "CREATE CONSTRAINT TRIGGER contracts_billingperiodline_adds_up"
BEFORE = SUMS[SUMS.index(BEGIN) : SUMS.index(END)].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
AFTER = BEFORE.replace("THEN item.months ELSE", "THEN item.months + item.renewed_months ELSE")
RENEWED = """
CREATE FUNCTION contracts_keep_renewed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    agreed contracts_contract;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.renewed_months < OLD.renewed_months THEN
        RAISE EXCEPTION 'what a renewal has added stays' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.renewed_months = 0 THEN
        RETURN NEW;
    END IF;
    SELECT * INTO agreed FROM contracts_contract WHERE id = NEW.contract_id;
    IF agreed.type = 'engagement' THEN
        RAISE EXCEPTION 'an engagement is not renewed' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.starts_on + (NEW.months + NEW.renewed_months - 1) * interval '1 month')::date >= agreed.ends_on THEN
        RAISE EXCEPTION 'each month that a renewal adds begins within its contract' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER contracts_contractlineitem_renewed BEFORE INSERT OR UPDATE OF renewed_months
    ON contracts_contractlineitem FOR EACH ROW EXECUTE FUNCTION contracts_keep_renewed();
"""
UNRENEWED = """
DROP TRIGGER contracts_contractlineitem_renewed ON contracts_contractlineitem;
DROP FUNCTION contracts_keep_renewed();
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0007_templates_know_their_source")]

    operations = [
        migrations.AddField(
            model_name="contractlineitem",
            name="renewed_months",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, help_text="So many months more it is charged, as its contract was renewed."
            ),
        ),
        migrations.AddConstraint(
            model_name="contractlineitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("renewed_months", 0), ("schedule", "recurring"), _connector="OR"),
                name="contracts_contractlineitem_renewed",
            ),
        ),
        migrations.RunSQL(AFTER, BEFORE),
        migrations.RunSQL(RENEWED, UNRENEWED),
    ]
