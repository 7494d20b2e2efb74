import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("home", "0010_product_and_usage_widgets"),
    ]

    operations = [
        migrations.CreateModel(
            name="DashboardState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "desk_kind",
                    models.CharField(
                        choices=[
                            ("company", "Company"),
                            ("developer", "Developer"),
                            ("agency", "Agency"),
                            ("reseller", "Reseller"),
                            ("staff", "Staff"),
                        ],
                        max_length=10,
                    ),
                ),
                ("days", models.CharField(help_text="As an address says it: range=30.", max_length=60)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "desk_kind"), name="home_dashboardstate_once")],
            },
        ),
    ]
