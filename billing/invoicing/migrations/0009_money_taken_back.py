from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0008_names_may_be_forgotten"),
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
                ],
                max_length=12,
            ),
        ),
    ]
