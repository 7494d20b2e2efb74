"""What could not be charged is charged once more when a method is new or renewed, each once a day."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0011_balance_by_statement"),
        ("payments", "0005_refunds_may_fail_late"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="dunningtask",
            name="payments_dunningtask_once",
        ),
        migrations.RemoveConstraint(
            model_name="dunningtask",
            name="payments_dunningtask_action",
        ),
        migrations.AddField(
            model_name="dunningtask",
            name="method",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.paymentmethod"
            ),
        ),
        migrations.AddField(
            model_name="paymentmethod",
            name="renewed_at",
            field=models.DateTimeField(help_text="When its bank last changed it.", null=True),
        ),
        migrations.AlterField(
            model_name="dunningtask",
            name="action",
            field=models.CharField(
                choices=[
                    ("charge", "Charge the default method on issue"),
                    ("remind", "Remind"),
                    ("retry", "Charge the default method again"),
                    ("recharge", "Charge a method that is new or renewed"),
                    ("past_due", "Mark subscriptions as past due"),
                    ("suspend", "Suspend subscriptions"),
                    ("cancel", "Cancel subscriptions"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="dunningtask",
            constraint=models.UniqueConstraint(
                fields=("invoice", "action", "days", "starts_on", "method"),
                name="payments_dunningtask_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="dunningtask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("action__in", ["charge", "remind", "retry", "recharge", "past_due", "suspend", "cancel"])
                ),
                name="payments_dunningtask_action",
            ),
        ),
        # On the way back there is no such step.
        migrations.RunSQL("", "DELETE FROM payments_dunningtask WHERE action = 'recharge'"),
    ]
