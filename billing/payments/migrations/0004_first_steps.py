"""The steps that dunning begins with; staff change them."""

from django.db import migrations

STEPS = [
    *((days, "remind") for days in (-3, 0, 3, 7)),
    *((days, "retry") for days in (1, 3, 5, 7)),
    (1, "past_due"),
    (14, "suspend"),
    (30, "cancel"),
]


def add(apps, schema_editor):
    model = apps.get_model("payments", "DunningStep")
    model.objects.bulk_create([model(days=days, action=action) for days, action in STEPS], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_dunning_and_statements")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
