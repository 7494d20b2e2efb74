"""What happens when an invoice is not paid, as staff keep it, and what was done of it."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from portal.core.models import Job

LATEST_HOUR = 23


class Action(models.TextChoices):
    """What is done about an invoice."""

    CHARGE = "charge", "Charge the default method on issue"
    REMIND = "remind", "Remind"
    RETRY = "retry", "Charge the default method again"
    RECHARGE = "recharge", "Charge a method that is new or renewed"
    PAST_DUE = "past_due", "Mark subscriptions as past due"
    SUSPEND = "suspend", "Suspend subscriptions"
    CANCEL = "cancel", "Cancel subscriptions"


CHARGES = (Action.CHARGE, Action.RETRY, Action.RECHARGE)
# What nobody plans: it comes of an invoice that is issued, or of a payment method.
BY_ITSELF = (Action.CHARGE, Action.RECHARGE)


class DunningStep(models.Model):
    """One step: so many days after the invoice is due (before, when negative), this is done."""

    class Channel(models.TextChoices):
        EMAIL = "email", "E-mail, and as people chose"
        SMS = "sms", "E-mail and SMS, and as people chose"

    Action = Action
    STAFF_ACTIONS = [choice for choice in Action.choices if choice[0] not in BY_ITSELF]

    days = models.SmallIntegerField(
        validators=[MinValueValidator(-60), MaxValueValidator(365)],
        help_text="Days after the invoice is due; negative: before.",
    )
    action = models.CharField(max_length=8, choices=STAFF_ACTIONS)
    channel = models.CharField(
        max_length=5, choices=Channel.choices, default=Channel.EMAIL, help_text="How reminders are sent."
    )
    is_active = models.BooleanField(default=True)

    panels: ClassVar[list[Any]] = [FieldPanel(name) for name in ("days", "action", "channel", "is_active")]

    class Meta:
        verbose_name = "dunning step"
        ordering = ["days", "pk"]
        constraints = [models.UniqueConstraint(fields=["days", "action"], name="payments_dunningstep_once")]

    def __str__(self) -> str:
        if self.days == 0:
            return f"On the day: {self.get_action_display()}"
        when = "before" if self.days < 0 else "after"
        return f"{abs(self.days)} {'day' if abs(self.days) == 1 else 'days'} {when}: {self.get_action_display()}"


@register_setting(icon="time")
class DunningSettings(BaseGenericSetting):
    """When nobody is reminded or charged again, in the portal's time zone."""

    quiet_from = models.PositiveSmallIntegerField(
        default=20, validators=[MaxValueValidator(LATEST_HOUR)], help_text="The hour from which nobody is disturbed."
    )
    quiet_until = models.PositiveSmallIntegerField(
        default=8, validators=[MaxValueValidator(LATEST_HOUR)], help_text="The hour until which nobody is disturbed."
    )

    class Meta:
        verbose_name = "dunning"


class DunningTask(Job):
    """One step of one invoice: written once, done once. The row is the job.

    Days are counted from `starts_on`: the day on which the invoice is due, or on which it became due again. `method` is
    what alone is charged, where it was news of a method that led to the task.
    """

    task: ClassVar[str] = "billing.payments.tasks.dun"
    lease: ClassVar[timedelta] = timedelta(minutes=5)
    Action = Action

    invoice = models.ForeignKey("invoicing.Invoice", on_delete=models.PROTECT, related_name="+", db_index=False)
    action = models.CharField(max_length=8, choices=Action.choices)
    days = models.SmallIntegerField()
    starts_on = models.DateField()
    channel = models.CharField(max_length=5, default=DunningStep.Channel.EMAIL)
    method = models.ForeignKey("payments.PaymentMethod", null=True, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=300, blank=True)

    class Meta(Job.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "action", "days", "starts_on", "method"],
                name="payments_dunningtask_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(action__in=Action.values), name="payments_dunningtask_action"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice}: {self.get_action_display()}"

    @property
    def is_missed(self) -> bool:
        """Whether it was passed over, as a later one was due as well."""
        return self.state == self.State.DONE and self.attempts == 0

    @property
    def due_on(self) -> date:
        """The day on which it is done."""
        return self.starts_on + timedelta(days=self.days)
