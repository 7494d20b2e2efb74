"""Texts, signatures, evidence and sealed copies cannot be changed or deleted, whoever asks."""

from django.db import migrations

TABLES = ["contracttext", "signature", "evidenceevent", "sealedcopy"]
FUNCTION = """
CREATE FUNCTION contracts_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'texts, signatures and evidence of contracts are append-only' USING ERRCODE = 'restrict_violation';
END
$$;
"""
TRIGGER = """
CREATE TRIGGER contracts_{table}_append_only BEFORE UPDATE OR DELETE ON contracts_{table}
    FOR EACH ROW EXECUTE FUNCTION contracts_refuse_change();
"""
REFUSE = FUNCTION + "".join(TRIGGER.format(table=table) for table in TABLES)
ALLOW = (
    "".join(f"DROP TRIGGER contracts_{table}_append_only ON contracts_{table};\n" for table in TABLES)
    + "DROP FUNCTION contracts_refuse_change();"
)


class Migration(migrations.Migration):
    dependencies = [("contracts", "0001_contracts")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
