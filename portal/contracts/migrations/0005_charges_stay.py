"""What a contract charges is as it was signed, adds up when a transaction commits, and stays once it was invoiced."""

from django.db import migrations

DRAFTS = """
CREATE FUNCTION contracts_keep_charges() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    agreed contracts_contract;
BEGIN
    SELECT * INTO agreed FROM contracts_contract WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.contract_id ELSE NEW.contract_id END;
    IF agreed.status <> 'draft' THEN
        RAISE EXCEPTION 'what a contract charges is part of what is signed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER contracts_billingterms_kept BEFORE DELETE OR UPDATE OF contract_id, frequency, days, amounts
    ON contracts_billingterms FOR EACH ROW EXECUTE FUNCTION contracts_keep_charges();
CREATE TRIGGER contracts_billingterms_agreed BEFORE INSERT ON contracts_billingterms
    FOR EACH ROW WHEN (NEW.frequency <> 'monthly') EXECUTE FUNCTION contracts_keep_charges();
CREATE TRIGGER contracts_contractlineitem_kept BEFORE INSERT OR DELETE OR UPDATE OF
    contract_id, position, kind, description, schedule, amount, months, starts_on, ends_on
    ON contracts_contractlineitem FOR EACH ROW EXECUTE FUNCTION contracts_keep_charges();

CREATE FUNCTION contracts_keep_days() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    agreed contracts_contract;
    after date;
BEGIN
    SELECT * INTO agreed FROM contracts_contract WHERE id = NEW.contract_id;
    after := CASE NEW.schedule WHEN 'one_off' THEN NEW.starts_on + 1
        ELSE (NEW.starts_on + NEW.months * interval '1 month')::date END;
    IF NEW.ends_on <> after THEN
        RAISE EXCEPTION 'a line item of these months ends on %', after USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.starts_on < agreed.starts_on OR NEW.ends_on > agreed.ends_on THEN
        RAISE EXCEPTION 'a line item lies within the days of its contract' USING ERRCODE = 'check_violation';
    END IF;
    IF agreed.type = 'engagement' AND NEW.ends_on > (agreed.starts_on + interval '12 months')::date THEN
        RAISE EXCEPTION 'an engagement lasts 12 months at most' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER contracts_contractlineitem_days BEFORE INSERT OR UPDATE OF contract_id, schedule, months, starts_on, ends_on
    ON contracts_contractlineitem FOR EACH ROW EXECUTE FUNCTION contracts_keep_days();
"""
SUMS = """
CREATE FUNCTION contracts_period_adds_up(key bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    said numeric;
    found numeric;
BEGIN
    SELECT amount INTO said FROM contracts_billingperiod WHERE id = key;
    SELECT coalesce(sum(amount), 0) INTO found FROM contracts_billingperiodline
        WHERE period_id = key AND NOT is_withdrawn;
    IF said <> found THEN
        RAISE EXCEPTION 'billing period % says % and its lines add up to %', key, said, found
            USING ERRCODE = 'check_violation';
    END IF;
END
$$;
CREATE FUNCTION contracts_check_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM contracts_period_adds_up(NEW.id);
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER contracts_billingperiod_adds_up AFTER INSERT OR UPDATE OF amount ON contracts_billingperiod
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION contracts_check_period();

CREATE FUNCTION contracts_check_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    item contracts_contractlineitem;
    found numeric;
BEGIN
    PERFORM contracts_period_adds_up(NEW.period_id);
    IF TG_OP = 'UPDATE' AND OLD.period_id <> NEW.period_id THEN
        PERFORM contracts_period_adds_up(OLD.period_id);
    END IF;
    IF NEW.item_id IS NOT NULL THEN
        SELECT * INTO item FROM contracts_contractlineitem WHERE id = NEW.item_id;
        SELECT sum(amount) INTO found FROM contracts_billingperiodline WHERE item_id = NEW.item_id;
        IF found <> (item.amount * CASE item.schedule WHEN 'recurring' THEN item.months ELSE 1 END) THEN
            RAISE EXCEPTION 'the parts of line item % add up to %', item.id, found USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER contracts_billingperiodline_adds_up AFTER INSERT OR UPDATE OF period_id, amount, is_withdrawn
    ON contracts_billingperiodline DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION contracts_check_line();
"""
INVOICED = """
CREATE FUNCTION contracts_keep_invoiced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    counted bigint[] := ARRAY[]::bigint[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'lines of billing periods stay' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND NOT OLD.is_withdrawn THEN
        counted := counted || OLD.period_id;
    END IF;
    IF NOT NEW.is_withdrawn THEN
        counted := counted || NEW.period_id;
    END IF;
    IF EXISTS (SELECT FROM contracts_billingperiod
        WHERE id = ANY(counted) AND status IN ('invoiced', 'paid', 'overdue'))
    THEN
        RAISE EXCEPTION 'what was invoiced of a contract stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER contracts_billingperiodline_kept BEFORE INSERT OR UPDATE OR DELETE ON contracts_billingperiodline
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_invoiced();
"""
LIFTED = """
DROP TRIGGER contracts_billingperiodline_kept ON contracts_billingperiodline;
DROP FUNCTION contracts_keep_invoiced();
"""
UNADDED = """
DROP TRIGGER contracts_billingperiodline_adds_up ON contracts_billingperiodline;
DROP FUNCTION contracts_check_line();
DROP TRIGGER contracts_billingperiod_adds_up ON contracts_billingperiod;
DROP FUNCTION contracts_check_period();
DROP FUNCTION contracts_period_adds_up(bigint);
"""
OPENED = """
DROP TRIGGER contracts_contractlineitem_days ON contracts_contractlineitem;
DROP FUNCTION contracts_keep_days();
DROP TRIGGER contracts_contractlineitem_kept ON contracts_contractlineitem;
DROP TRIGGER contracts_billingterms_agreed ON contracts_billingterms;
DROP TRIGGER contracts_billingterms_kept ON contracts_billingterms;
DROP FUNCTION contracts_keep_charges();
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0004_templates_name_their_merge_fields")]

    operations = [
        migrations.RunSQL(DRAFTS, OPENED),
        migrations.RunSQL(SUMS, UNADDED),
        migrations.RunSQL(INVOICED, LIFTED),
    ]
