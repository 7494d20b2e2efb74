"""Tables of the sample models."""

import uuid

import django.utils.timezone
from django.db import migrations, models

import portal.core.fields
import portal.core.states


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    portal.core.states.StateField(
                        choices=[("draft", "Draft"), ("sent", "Sent"), ("read", "Read"), ("lost", "Lost")],
                        default="draft",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("is_stamped", models.BooleanField(default=True)),
                ("sent_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Secret",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(blank=True, max_length=40)),
                ("token", portal.core.fields.EncryptedTextField(blank=True, null=True)),
                ("details", portal.core.fields.EncryptedJSONField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Chore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("queued", "Queued"), ("running", "Running"), ("done", "Done"), ("failed", "Failed")],
                        default="queued",
                        editable=False,
                        max_length=7,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("available_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("queued_at", models.DateTimeField(editable=False, null=True)),
                ("lease_ends_at", models.DateTimeField(editable=False, null=True)),
                ("finished_at", models.DateTimeField(editable=False, null=True)),
                ("error", models.TextField(blank=True, editable=False)),
                ("effects", models.PositiveIntegerField(default=0)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=["available_at"],
                        name="sample_chore_due",
                    )
                ],
            },
        ),
    ]
