"""Rows with amounts are never edited: all that may change is the instant at which a row was replaced, and that once."""

from django.db import migrations

KEEP = """
CREATE FUNCTION catalog_keep_amount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.replaced_at IS NOT NULL OR to_jsonb(NEW) - 'replaced_at' <> to_jsonb(OLD) - 'replaced_at' THEN
        RAISE EXCEPTION 'a price is replaced by a new row, never edited' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER catalog_planprice_keep_amount BEFORE UPDATE ON catalog_planprice
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_amount();
CREATE TRIGGER catalog_meteredcomponent_keep_amount BEFORE UPDATE ON catalog_meteredcomponent
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_amount();
"""
FORGET = """
DROP TRIGGER catalog_planprice_keep_amount ON catalog_planprice;
DROP TRIGGER catalog_meteredcomponent_keep_amount ON catalog_meteredcomponent;
DROP FUNCTION catalog_keep_amount();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_plans_and_prices")]

    operations = [migrations.RunSQL(KEEP, FORGET)]
