"""Entries are balanced within the statement that writes them, for each movement and currency.

As strict as looking at commit, since what is written later has to be balanced too, and one look for all rows of a
statement: the check of every row at commit took as long as writing the rows.
"""

from django.db import migrations

BY_STATEMENT = """
DROP TRIGGER invoicing_ledgerentry_balanced ON invoicing_ledgerentry;
CREATE OR REPLACE FUNCTION invoicing_demand_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT transaction_id, currency, sum(amount) AS rest INTO wrong FROM written
        GROUP BY transaction_id, currency HAVING sum(amount) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger transaction % is not balanced: % % remain',
            wrong.transaction_id, wrong.rest, wrong.currency USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER invoicing_ledgerentry_balanced AFTER INSERT ON invoicing_ledgerentry
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION invoicing_demand_balance();
"""
AT_COMMIT = """
DROP TRIGGER invoicing_ledgerentry_balanced ON invoicing_ledgerentry;
CREATE OR REPLACE FUNCTION invoicing_demand_balance() RETURNS trigger LANGUAGE plpgsql AS $$
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


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0010_invoice_runs")]

    operations = [migrations.RunSQL(BY_STATEMENT, AT_COMMIT)]
