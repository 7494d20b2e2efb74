"""PDF files of invoices and credit notes: the rows are the jobs."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import portal.core.files


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0004_issued_papers_stay"),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperFile",
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
                (
                    "file",
                    models.FileField(
                        blank=True,
                        storage=portal.core.files.private_storage,
                        upload_to=portal.core.files.Folder("invoices"),
                    ),
                ),
                ("size", models.PositiveIntegerField(default=0, help_text="Bytes.")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                (
                    "credit_note",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper",
                        to="invoicing.creditnote",
                    ),
                ),
                (
                    "invoice",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper",
                        to="invoicing.invoice",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=["available_at"],
                        name="invoicing_paperfile_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("credit_note__isnull", False), ("invoice", None)),
                            models.Q(("credit_note", None), ("invoice__isnull", False)),
                            _connector="OR",
                        ),
                        name="invoicing_paperfile_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(models.Q(("file", ""), _negated=True), models.Q(("sha256", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="invoicing_paperfile_made",
                    ),
                ],
            },
        ),
    ]
