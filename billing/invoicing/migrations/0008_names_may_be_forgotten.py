"""When records of a sale need not be kept any more, a document may forget whom it was for, and nothing else."""

from django.db import migrations

FUNCTIONS = """
CREATE OR REPLACE FUNCTION invoicing_keep_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free constant text[] := ARRAY['status', 'closed_at', 'closing_reason', 'bill_to_tax_id'{forgotten}];
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR NEW.status = 'draft' OR to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free{keeps} THEN
        RAISE EXCEPTION 'an issued invoice is never changed: %', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
"""
NOTES = """
CREATE OR REPLACE FUNCTION invoicing_keep_credit_note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free constant text[] := ARRAY['bill_to_tax_id'{forgotten}];
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - free IS NOT DISTINCT FROM to_jsonb(OLD) - free{forgets} THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a credit note is never changed' USING ERRCODE = 'restrict_violation';
END
$$;
"""
BILL_TO = ", 'bill_to'"
# The function serves the lines of credit notes too, which name nobody: their rows are compared as they are read.
KEEPS = (
    "\n        OR (to_jsonb(NEW) -> 'bill_to' IS DISTINCT FROM to_jsonb(OLD) -> 'bill_to'"
    " AND to_jsonb(NEW) -> 'bill_to' IS DISTINCT FROM '{}'::jsonb)"
)
FORGETS = (
    "\n        AND (to_jsonb(NEW) -> 'bill_to' IS NOT DISTINCT FROM to_jsonb(OLD) -> 'bill_to'"
    " OR to_jsonb(NEW) -> 'bill_to' IS NOT DISTINCT FROM '{}'::jsonb)"
)


def functions(forgotten: str, keeps: str, forgets: str) -> str:
    """Both functions."""
    invoices = FUNCTIONS.replace("{forgotten}", forgotten).replace("{keeps}", keeps)
    return invoices + NOTES.replace("{forgotten}", forgotten).replace("{forgets}", forgets)


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0007_requests_and_registers")]

    operations = [migrations.RunSQL(functions(BILL_TO, KEEPS, FORGETS), functions("", "", ""))]
