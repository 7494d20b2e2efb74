"""Numbers of documents."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("series", models.CharField(max_length=40)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "number series",
                "constraints": [models.UniqueConstraint(fields=("series", "year"), name="core_numberseries_once")],
            },
        ),
    ]
