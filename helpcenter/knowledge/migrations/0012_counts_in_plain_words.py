"""Lists of the admin count help pages and searches, not documents and events."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0011_troubleshooters_grow_from_above"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="helpdocument",
            options={"verbose_name": "help page"},
        ),
        migrations.AlterModelOptions(
            name="searchevent",
            options={"verbose_name": "search", "verbose_name_plural": "searches"},
        ),
    ]
