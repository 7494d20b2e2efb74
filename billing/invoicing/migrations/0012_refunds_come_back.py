"""Money of a refund that came back is a movement of its own kind."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0011_balance_by_statement"),
    ]

    operations = [
        migrations.AlterField(
            model_name="ledgertransaction",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invoice", "Invoice issued"),
                    ("void", "Invoice voided"),
                    ("write_off", "Invoice written off"),
                    ("credit_note", "Credit note issued"),
                    ("balance", "Balance used"),
                    ("payment", "Money received"),
                    ("refund", "Money returned"),
                    ("reversal", "Money taken back"),
                    ("came_back", "Refund that came back"),
                ],
                max_length=12,
            ),
        ),
    ]
