"""What all members of a company used together, beside what each of them did; filled from what is there."""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
INSERT INTO usage_dailytotal
    (company_id, product_id, used_on, metric_id, total, events, highest, last, last_at, changed_at)
SELECT company_id, product_id, used_on, metric_id, least(sum(total), 9223372036854775807)::bigint, sum(events)::bigint,
    max(highest), (array_agg(last ORDER BY last_at DESC, last DESC))[1], max(last_at), now()
FROM usage_dailyusage GROUP BY company_id, product_id, used_on, metric_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_names_in_one_line"),
        ("catalog", "0007_what_products_offer"),
        ("usage", "0002_days_to_roll_up"),
    ]

    operations = [
        migrations.CreateModel(
            name="DailyTotal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("used_on", models.DateField()),
                ("total", models.PositiveBigIntegerField()),
                ("events", models.PositiveBigIntegerField()),
                ("highest", models.PositiveBigIntegerField()),
                ("last", models.PositiveBigIntegerField()),
                ("last_at", models.DateTimeField()),
                (
                    "changed_at",
                    models.DateTimeField(help_text="When the roll-up last found other figures than stood here."),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
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
                    "product",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.product",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["used_on"], name="usage_totals_of_day"),
                    models.Index(fields=["company", "-changed_at"], name="usage_totals_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "used_on", "product", "metric"), name="usage_dailytotal_once"
                    )
                ],
            },
        ),
        # On the way back the table goes, and with it what stands there.
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
