import uuid

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_names_in_one_line"),
        ("catalog", "0007_what_products_offer"),
        ("launch", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProductHealth",
            fields=[
                (
                    "product",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="health",
                        serialize=False,
                        to="catalog.product",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unknown", "Not known yet"),
                            ("up", "Working"),
                            ("degraded", "Slow or limited"),
                            ("down", "Not working"),
                        ],
                        default="unknown",
                        max_length=8,
                    ),
                ),
                ("state_since_at", models.DateTimeField(blank=True, null=True)),
                (
                    "observed",
                    models.CharField(
                        choices=[
                            ("unknown", "Not known yet"),
                            ("up", "Working"),
                            ("degraded", "Slow or limited"),
                            ("down", "Not working"),
                        ],
                        default="unknown",
                        max_length=8,
                    ),
                ),
                ("differing", models.PositiveSmallIntegerField(default=0)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("latency_ms", models.PositiveIntegerField(default=0)),
                (
                    "detail",
                    models.CharField(blank=True, help_text="What was wrong when it was asked last.", max_length=200),
                ),
            ],
            options={
                "verbose_name_plural": "product healths",
            },
        ),
        migrations.CreateModel(
            name="HealthDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("checked_on", models.DateField()),
                ("checks", models.PositiveIntegerField()),
                ("failures", models.PositiveIntegerField()),
                ("degraded", models.PositiveIntegerField()),
                ("latency_ms", models.PositiveBigIntegerField()),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="health_days", to="catalog.product"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("product", "checked_on"), name="launch_healthday_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "checks__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("failures"), "+", models.F("degraded")
                                ),
                            )
                        ),
                        name="launch_healthday_failures_are_checks",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("cause", models.CharField(blank=True, help_text="What its health address answered.", max_length=200)),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        help_text="Customers read it: what is wrong, and when it will work again.",
                        max_length=1000,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="incidents", to="catalog.product"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["product", "-started_at"], name="launch_incident_last")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("product",), name="launch_incident_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), ("ended_at__gte", models.F("started_at")), _connector="OR"
                        ),
                        name="launch_incident_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("values", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                ("updated_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="product_settings",
                        to="accounts.company",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.product"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "product settings",
                "constraints": [
                    models.UniqueConstraint(fields=("company", "product"), name="launch_productsettings_once")
                ],
            },
        ),
    ]
