import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_names_in_one_line"),
        ("catalog", "0007_what_products_offer"),
        ("usage", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EventHorizon",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kept_from_on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="StaleDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("used_on", models.DateField()),
            ],
        ),
        migrations.AlterField(
            model_name="dailyusage",
            name="company",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AlterField(
            model_name="dailyusage",
            name="product",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.product"
            ),
        ),
        migrations.AlterField(
            model_name="dailyusage",
            name="user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="usageevent",
            name="company",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AlterField(
            model_name="usageevent",
            name="metric",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.metric"
            ),
        ),
        migrations.AlterField(
            model_name="usageevent",
            name="product",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.product"
            ),
        ),
        migrations.AlterField(
            model_name="usageevent",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="dailyusage",
            index=models.Index(fields=["-used_on", "-id"], name="usage_daily_newest"),
        ),
        migrations.AddIndex(
            model_name="dailyusage",
            index=models.Index(fields=["company", "-used_on", "-id"], name="usage_daily_of_company"),
        ),
        migrations.AddIndex(
            model_name="dailyusage",
            index=models.Index(fields=["product", "-used_on", "-id"], name="usage_daily_of_product"),
        ),
        migrations.AddIndex(
            model_name="usageevent",
            index=models.Index(fields=["company", "used_on", "product"], name="usage_events_of_day"),
        ),
        migrations.AddIndex(
            model_name="usageevent",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["used_on"], name="usage_events_by_age"
            ),
        ),
        migrations.AddConstraint(
            model_name="eventhorizon",
            constraint=models.CheckConstraint(condition=models.Q(("pk", 1)), name="usage_eventhorizon_one"),
        ),
        migrations.AddField(
            model_name="staleday",
            name="company",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="staleday",
            name="product",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalog.product"
            ),
        ),
        migrations.AddIndex(
            model_name="staleday",
            index=models.Index(fields=["company", "product", "used_on"], name="usage_stale_days"),
        ),
    ]
