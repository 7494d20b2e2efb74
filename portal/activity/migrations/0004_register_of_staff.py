"""What the staff's register of events needs: an index for each verb, and a short name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activity", "0003_seals")]

    operations = [
        migrations.AlterModelOptions(name="activityevent", options={"verbose_name": "event"}),
        migrations.AddIndex(
            model_name="activityevent",
            index=models.Index(fields=["verb", "-at", "-id"], name="activity_event_of_verb"),
        ),
    ]
