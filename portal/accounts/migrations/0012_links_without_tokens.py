import hashlib
import re

from django.db import migrations

LINK = re.compile(r"^/customer/invitations/([0-9a-f]{64})/$")


def lead_to_the_page(apps, schema_editor):
    """Let what stands in the bell name the invitation, not its token; one that is gone leads nowhere."""
    told = apps.get_model("notifications", "Notification").objects.filter(
        kind="invitation_received", url__startswith="/customer/invitations/"
    )
    invitations = apps.get_model("accounts", "Invitation").objects
    for notification in told.iterator():
        token = LINK.match(notification.url)
        if token:
            digest = hashlib.sha256(token[1].encode()).hexdigest()
            found = invitations.filter(token_digest=digest).first()
            notification.url = f"/customer/invitations/{found.public_id}/" if found else ""
            notification.save(update_fields=["url"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_register_of_companies"),
        ("notifications", "0003_confirmed_phones"),
    ]
    operations = [migrations.RunPython(lead_to_the_page, migrations.RunPython.noop)]
