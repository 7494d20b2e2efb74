from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0002_link_checks"),
    ]

    operations = [
        migrations.AddField(
            model_name="linkcheck",
            name="checked",
            field=models.PositiveIntegerField(default=0, help_text="Pages checked so far."),
        ),
        migrations.AddField(
            model_name="linkcheck",
            name="found",
            field=models.PositiveIntegerField(default=0, help_text="Broken links found."),
        ),
        migrations.AddField(
            model_name="linkcheck",
            name="pages",
            field=models.PositiveIntegerField(default=0, help_text="Pages to check."),
        ),
    ]
