"""News are something that people may agree to, and take back."""

from datetime import UTC, datetime

from django.db import migrations, models

KINDS = [("terms", "Terms of service"), ("privacy", "Privacy notice"), ("news", "News about our products")]
NEWS = """We may write to you by e-mail about new products, new features and events, at most once a month.

You can take this back whenever you like, on the page of your data. It changes nothing else."""


def publish(apps, schema_editor):
    text = apps.get_model("accounts", "ConsentText")
    text.objects.create(kind="news", version="2026-11", body=NEWS, published_at=datetime(2026, 11, 1, tzinfo=UTC))


def withdraw(apps, schema_editor):
    apps.get_model("accounts", "Consent").objects.filter(text__kind="news").delete()
    apps.get_model("accounts", "ConsentText").objects.filter(kind="news").delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_erasures")]
    operations = [
        migrations.AlterField(
            model_name="consenttext", name="kind", field=models.CharField(choices=KINDS, max_length=10)
        ),
        migrations.RunPython(publish, withdraw),
    ]
