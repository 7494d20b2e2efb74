import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_names_in_one_line"),
        ("launch", "0003_what_products_report"),
    ]

    operations = [
        migrations.AddField(
            model_name="productsession",
            name="authenticated_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, help_text="When the member last proved who they are."
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="productsession",
            name="expires_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now,
                help_text="When it ends by itself, unless the product refreshes its tokens.",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="productsession",
            name="sign_in",
            field=models.ForeignKey(
                help_text="The browser it was opened with.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.signin",
            ),
        ),
        migrations.AlterField(
            model_name="productsession",
            name="ended_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("signed_out", "Signed out"),
                    ("replaced", "Opened anew"),
                    ("closed", "The company may not open the product any more"),
                    ("taken", "The product was taken from the member"),
                    ("role", "The member's role changed"),
                    ("left", "The member left, or the account was closed"),
                    ("changed", "The password was changed"),
                    ("expired", "Not used for long"),
                    ("reused", "A code or token was used twice"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="LogoutMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
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
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="logout",
                        to="launch.productsession",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=["available_at"],
                        name="launch_logoutmessage_due",
                    ),
                    models.Index(
                        condition=models.Q(("finished_at__isnull", False)),
                        fields=["finished_at"],
                        name="launch_logouts_old",
                    ),
                ],
            },
        ),
    ]
