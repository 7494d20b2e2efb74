"""The companies of a plan are rows of a model, which staff look up by name; the table stays as it is."""

import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("catalog", "0004_prices_by_the_seat")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("plan", "companies"),
                migrations.CreateModel(
                    name="PlanCompany",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "company",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.company"
                            ),
                        ),
                        (
                            "plan",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="company_rows",
                                to="catalog.plan",
                            ),
                        ),
                    ],
                    options={"db_table": "catalog_plan_companies", "unique_together": {("plan", "company")}},
                ),
                migrations.AddField(
                    "plan",
                    "companies",
                    models.ManyToManyField(related_name="+", through="catalog.PlanCompany", to="accounts.company"),
                ),
            ]
        )
    ]
