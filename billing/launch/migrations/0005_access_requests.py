import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_names_in_one_line"),
        ("catalog", "0007_what_products_offer"),
        ("launch", "0004_sessions_end"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="productsession",
            options={"permissions": [("keep_clients", "Can keep the sign-in clients of products")]},
        ),
        migrations.CreateModel(
            name="AccessRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField()),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.membership"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalog.product"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("membership", "product"), name="launch_accessrequest_once")
                ],
            },
        ),
    ]
