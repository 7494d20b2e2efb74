"""Who signs a contract agrees to do so electronically."""

from datetime import UTC, datetime

from django.db import migrations, models

KINDS = [
    ("terms", "Terms of service"),
    ("privacy", "Privacy notice"),
    ("news", "News about our products"),
    ("signing", "Signing electronically"),
]
SIGNING = """I agree to sign this contract electronically. My typed name, together with what the portal records of my \
signing, is my signature and binds me, or the company for which I may sign, as one on paper would.

I have read the contract to its end and can keep a copy: everybody who signs receives it as a sealed PDF by e-mail, and \
it stays in the portal.

I may ask for a copy on paper, or decline and sign on paper instead, by writing to the address in the contract. I can \
open PDF files and receive e-mail at the address of my account.

The portal records my name, e-mail address, IP address, browser, time zone, the time of each step, and the digest of \
exactly what I was shown. Everybody who signs sees this record."""


def publish(apps, schema_editor):
    text = apps.get_model("accounts", "ConsentText")
    text.objects.create(kind="signing", version="2026-11", body=SIGNING, published_at=datetime(2026, 11, 1, tzinfo=UTC))


def withdraw(apps, schema_editor):
    apps.get_model("accounts", "ConsentText").objects.filter(kind="signing").delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_names_in_one_line")]
    operations = [
        migrations.AlterField(
            model_name="consenttext", name="kind", field=models.CharField(choices=KINDS, max_length=10)
        ),
        migrations.RunPython(publish, withdraw),
    ]
