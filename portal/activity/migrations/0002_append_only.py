"""Events cannot be changed or deleted, whoever asks. TRUNCATE, which tests empty their tables with, is not hindered."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION activity_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'activity events are append-only' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER activity_activityevent_append_only BEFORE UPDATE OR DELETE ON activity_activityevent
    FOR EACH ROW EXECUTE FUNCTION activity_refuse_change();
"""
ALLOW = """
DROP TRIGGER activity_activityevent_append_only ON activity_activityevent;
DROP FUNCTION activity_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("activity", "0001_activity_event")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
