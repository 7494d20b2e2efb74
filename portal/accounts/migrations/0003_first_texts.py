"""The first version of what people agree to when they register."""

from datetime import UTC, datetime

from django.db import migrations

PUBLISHED_AT = datetime(2026, 11, 1, tzinfo=UTC)
TERMS = """The portal is where you use, pay for and get help with our products. You may use it for your company, with people you invite.

Keep your sign-in to yourself, and tell us when you think that somebody else has it. What your members do here counts as done by your company.

Your data stays yours. We keep it to run the service, and hand all of it out to you whenever you ask.

Prices, notice and support stand in your plan and your contracts; where they differ from this text, they go before it."""
PRIVACY = """We keep what you tell us of yourself and your company, and what is done here, to run the service, to bill it and to keep it safe.

Documents for verification are read by the people who check them, and by nobody else.

You can download your data and have it erased. What the law tells us to keep, such as invoices, we keep as long as it says, and then delete.

We sell nothing of it, and pass on only what a service that you use needs to work."""


def publish(apps, schema_editor):
    text = apps.get_model("accounts", "ConsentText")
    for kind, body in (("terms", TERMS), ("privacy", PRIVACY)):
        text.objects.create(kind=kind, version="2026-11", body=body, published_at=PUBLISHED_AT)


def withdraw(apps, schema_editor):
    apps.get_model("accounts", "Consent").objects.filter(text__version="2026-11").delete()
    apps.get_model("accounts", "ConsentText").objects.filter(version="2026-11").delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_companies_and_members")]
    operations = [migrations.RunPython(publish, withdraw)]
