import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("allauth_idp_oidc", "0003_client_allow_uri_wildcards"),
        ("catalog", "0006_plans_for_verified_companies"),
    ]

    operations = [
        migrations.AddField(
            model_name="metric",
            name="kind",
            field=models.CharField(
                choices=[
                    ("count", "How many: adds up"),
                    ("level", "How much there is: the last value counts"),
                    ("duration", "How long it took, in milliseconds"),
                    ("feature", "A feature: how often it was used"),
                ],
                default="count",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="client",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to="allauth_idp_oidc.client",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="health_url",
            field=models.URLField(
                blank=True,
                help_text="Asked every minute; it answers 200 while the product works.",
                verbose_name="health address",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="launch_url",
            field=models.URLField(
                blank=True,
                help_text="Where the product begins to sign somebody in (its initiate_login_uri, OpenID Connect Core, 4).",
                verbose_name="launch address",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="metrics",
            field=modelcluster.fields.ParentalManyToManyField(
                blank=True, help_text="What it reports.", related_name="products", to="catalog.metric"
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="needs_verification",
            field=models.BooleanField(
                default=False,
                help_text="Only members of verified companies can open it.",
                verbose_name="for verified companies",
            ),
        ),
        migrations.CreateModel(
            name="ProductSetting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(help_text="What the product calls it.", max_length=40)),
                ("label", models.CharField(max_length=60)),
                ("help_text", models.CharField(blank=True, max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "A line of text"),
                            ("number", "A whole number"),
                            ("switch", "On or off"),
                            ("choice", "One of several"),
                        ],
                        default="text",
                        max_length=6,
                    ),
                ),
                ("choices", models.TextField(blank=True, help_text="For one of several: each on a line of its own.")),
                ("default", models.CharField(blank=True, max_length=200)),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "product",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="settings", to="catalog.product"
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "constraints": [models.UniqueConstraint(fields=("product", "key"), name="catalog_productsetting_once")],
            },
        ),
        migrations.CreateModel(
            name="ProductShortcut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=60)),
                ("icon", models.CharField(default="arrow-right", max_length=40)),
                (
                    "path",
                    models.CharField(
                        help_text="Within the product, beginning with a slash: “/customers/”.", max_length=200
                    ),
                ),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "product",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shortcuts", to="catalog.product"
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "constraints": [
                    models.UniqueConstraint(fields=("product", "path"), name="catalog_productshortcut_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("path__startswith", "/"), models.Q(("path__startswith", "//"), _negated=True)
                        ),
                        name="catalog_productshortcut_within_product",
                        violation_error_message="The path begins with one slash.",
                    ),
                ],
            },
        ),
    ]
