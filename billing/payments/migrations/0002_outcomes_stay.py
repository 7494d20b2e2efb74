"""Money that arrived stays as it was recorded, and so does what went back: a later word changes nothing."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION payments_keep_outcome() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'succeeded' AND (TG_OP = 'DELETE' OR NEW.status <> 'succeeded' OR NEW.amount <> OLD.amount) THEN
        RAISE EXCEPTION 'what has succeeded stays so' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER payments_payment_kept BEFORE UPDATE OR DELETE ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION payments_keep_outcome();
CREATE TRIGGER payments_refund_kept BEFORE UPDATE OR DELETE ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION payments_keep_outcome();
"""
ALLOW = """
DROP TRIGGER payments_refund_kept ON payments_refund;
DROP TRIGGER payments_payment_kept ON payments_payment;
DROP FUNCTION payments_keep_outcome();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_payments")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
