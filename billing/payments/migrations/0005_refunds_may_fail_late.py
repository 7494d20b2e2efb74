"""A refund that succeeded may still fail, as banks send money back weeks later; what has failed stays so."""

from django.db import migrations

KEEP_RISING = """
CREATE FUNCTION payments_keep_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('succeeded', 'failed') AND (
        TG_OP = 'DELETE' OR NEW.amount <> OLD.amount OR NEW.status NOT IN (OLD.status, 'failed')
    ) THEN
        RAISE EXCEPTION 'what has succeeded may fail, and what has failed stays so' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
DROP TRIGGER payments_refund_kept ON payments_refund;
CREATE TRIGGER payments_refund_kept BEFORE UPDATE OR DELETE ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION payments_keep_refund();
"""
KEEP = """
DROP TRIGGER payments_refund_kept ON payments_refund;
CREATE TRIGGER payments_refund_kept BEFORE UPDATE OR DELETE ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION payments_keep_outcome();
DROP FUNCTION payments_keep_refund();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_first_steps")]

    operations = [migrations.RunSQL(KEEP_RISING, KEEP)]
