"""An issued invoice, its lines and a credit note stay as they are; of an invoice only what becomes of it may change.

The number given by the tax office is encrypted, and may be encrypted anew when keys are rotated.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION invoicing_keep_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free constant text[] := ARRAY['status', 'closed_at', 'closing_reason', 'bill_to_tax_id'];
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR NEW.status = 'draft' OR to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free THEN
        RAISE EXCEPTION 'an issued invoice is never changed: %', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER invoicing_invoice_kept BEFORE UPDATE OR DELETE ON invoicing_invoice
    FOR EACH ROW EXECUTE FUNCTION invoicing_keep_invoice();

CREATE FUNCTION invoicing_keep_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    issued text;
BEGIN
    -- Lines that go with their draft find it gone already.
    SELECT number INTO issued FROM invoicing_invoice JOIN touched ON touched.invoice_id = invoicing_invoice.id
        WHERE status <> 'draft' LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the lines of an issued invoice are never changed: %', issued
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER invoicing_invoiceline_kept_from_adding AFTER INSERT ON invoicing_invoiceline
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION invoicing_keep_lines();
CREATE TRIGGER invoicing_invoiceline_kept_from_changing AFTER UPDATE ON invoicing_invoiceline
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION invoicing_keep_lines();
CREATE TRIGGER invoicing_invoiceline_kept_from_moving AFTER UPDATE ON invoicing_invoiceline
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION invoicing_keep_lines();
CREATE TRIGGER invoicing_invoiceline_kept_from_going AFTER DELETE ON invoicing_invoiceline
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION invoicing_keep_lines();

CREATE FUNCTION invoicing_keep_credit_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'bill_to_tax_id' IS NOT DISTINCT FROM to_jsonb(OLD) - 'bill_to_tax_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a credit note is never changed' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER invoicing_creditnote_kept BEFORE UPDATE OR DELETE ON invoicing_creditnote
    FOR EACH ROW EXECUTE FUNCTION invoicing_keep_credit_note();
CREATE TRIGGER invoicing_creditnoteline_kept BEFORE UPDATE OR DELETE ON invoicing_creditnoteline
    FOR EACH ROW EXECUTE FUNCTION invoicing_keep_credit_note();
"""
ALLOW = """
DROP TRIGGER invoicing_creditnoteline_kept ON invoicing_creditnoteline;
DROP TRIGGER invoicing_creditnote_kept ON invoicing_creditnote;
DROP FUNCTION invoicing_keep_credit_note();
DROP TRIGGER invoicing_invoiceline_kept_from_going ON invoicing_invoiceline;
DROP TRIGGER invoicing_invoiceline_kept_from_moving ON invoicing_invoiceline;
DROP TRIGGER invoicing_invoiceline_kept_from_changing ON invoicing_invoiceline;
DROP TRIGGER invoicing_invoiceline_kept_from_adding ON invoicing_invoiceline;
DROP FUNCTION invoicing_keep_lines();
DROP TRIGGER invoicing_invoice_kept ON invoicing_invoice;
DROP FUNCTION invoicing_keep_invoice();
"""


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0003_invoices")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
