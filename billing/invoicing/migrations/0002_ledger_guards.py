"""Entries cannot be changed or deleted, whoever asks, and add up to zero in each currency when a transaction commits.

TRUNCATE, which tests empty their tables with, is not hindered.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION invoicing_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER invoicing_ledgertransaction_append_only BEFORE UPDATE OR DELETE ON invoicing_ledgertransaction
    FOR EACH ROW EXECUTE FUNCTION invoicing_refuse_change();
CREATE TRIGGER invoicing_ledgerentry_append_only BEFORE UPDATE OR DELETE ON invoicing_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION invoicing_refuse_change();

CREATE FUNCTION invoicing_demand_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rest numeric;
BEGIN
    SELECT sum(amount) INTO rest FROM invoicing_ledgerentry
        WHERE transaction_id = NEW.transaction_id AND currency = NEW.currency;
    IF rest <> 0 THEN
        RAISE EXCEPTION 'ledger transaction % is not balanced: % % remain', NEW.transaction_id, rest, NEW.currency
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER invoicing_ledgerentry_balanced AFTER INSERT ON invoicing_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION invoicing_demand_balance();
"""
ALLOW = """
DROP TRIGGER invoicing_ledgerentry_balanced ON invoicing_ledgerentry;
DROP FUNCTION invoicing_demand_balance();
DROP TRIGGER invoicing_ledgerentry_append_only ON invoicing_ledgerentry;
DROP TRIGGER invoicing_ledgertransaction_append_only ON invoicing_ledgertransaction;
DROP FUNCTION invoicing_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0001_ledger")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
