"""A seal for each event: written empty with it, filled once by the sealer, never changed or deleted afterwards.

Each insertion leaves its empty seal in the same transaction, so that one that commits late is still waiting, and one
that went past the trigger has none.
"""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
CREATE FUNCTION activity_await_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO activity_activityseal (event_id) SELECT id FROM written;
    RETURN NULL;
END
$$;
CREATE TRIGGER activity_activityevent_await_seal AFTER INSERT ON activity_activityevent
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION activity_await_seal();
CREATE TRIGGER activity_activityseal_fill_once BEFORE UPDATE ON activity_activityseal
    FOR EACH ROW WHEN (OLD.sequence IS NOT NULL OR NEW.event_id <> OLD.event_id)
    EXECUTE FUNCTION activity_refuse_change();
CREATE TRIGGER activity_activityseal_keep BEFORE DELETE ON activity_activityseal
    FOR EACH ROW EXECUTE FUNCTION activity_refuse_change();
INSERT INTO activity_activityseal (event_id) SELECT id FROM activity_activityevent ORDER BY id;
"""
UNGUARD = """
DROP TRIGGER activity_activityevent_await_seal ON activity_activityevent;
DROP FUNCTION activity_await_seal();
DROP TRIGGER activity_activityseal_fill_once ON activity_activityseal;
DROP TRIGGER activity_activityseal_keep ON activity_activityseal;
"""


class Migration(migrations.Migration):
    dependencies = [("activity", "0002_append_only")]

    operations = [
        migrations.CreateModel(
            name="ActivitySeal",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="seal",
                        serialize=False,
                        to="activity.activityevent",
                    ),
                ),
                ("sequence", models.BigIntegerField(null=True, unique=True)),
                ("digest", models.BinaryField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("sequence__isnull", True)), fields=["event"], name="activity_seal_awaited"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("digest__isnull", True), ("sequence__isnull", True)),
                            models.Q(("digest__isnull", False), ("sequence__gte", 1)),
                            _connector="OR",
                        ),
                        name="activity_activityseal_whole_or_empty",
                    )
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
