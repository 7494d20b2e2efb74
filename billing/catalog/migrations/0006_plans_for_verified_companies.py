from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0005_companies_are_rows"),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="needs_verification",
            field=models.BooleanField(
                default=False,
                help_text="A company hands in its papers before it can choose it.",
                verbose_name="for verified companies",
            ),
        ),
    ]
