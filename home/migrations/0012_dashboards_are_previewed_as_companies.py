import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_names_in_one_line"),
        ("home", "0011_days_are_remembered"),
    ]

    operations = [
        migrations.CreateModel(
            name="PreviewSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "verbose_name": "previews of dashboards",
            },
        ),
        migrations.CreateModel(
            name="PreviewCompany",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "company",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "settings",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="companies", to="home.previewsettings"
                    ),
                ),
            ],
            options={
                "ordering": ["company__name"],
            },
        ),
    ]
