import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0007_what_products_offer"),
        ("subscriptions", "0003_lists_of_subscriptions"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChargedUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=160, unique=True)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("quantity", models.PositiveBigIntegerField()),
                ("days", models.JSONField(default=list)),
                (
                    "metric",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.metric",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="subscriptions.subscription"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="subscriptions_chargeduse_order",
                    )
                ],
            },
        ),
    ]
