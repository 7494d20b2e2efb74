"""How long things are kept, as staff set it."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.panels import FieldPanel, HelpPanel

from portal.core.privacy import RetentionRule, retention_rules

# A hundred years: behind that lie days that no calendar has.
MOST_DAYS = 36_500


def in_days(number: int) -> str:
    """A number of days in words."""
    return ngettext("%(number)d day", "%(number)d days", number) % {"number": number}


class RetentionPeriod(models.Model):
    """The period of one retention rule; what is older goes in the nightly clean-up."""

    rule = models.CharField(max_length=60, unique=True, editable=False)
    days = models.PositiveIntegerField(help_text="Days after which it is deleted.")

    panels: ClassVar = [
        HelpPanel(template="accounts/admin/retention_rule.html", heading="What the rule is about"),
        FieldPanel("days"),
    ]

    class Meta:
        ordering = ["rule"]

    def __str__(self) -> str:
        return self.rules.label if self.rule in retention_rules else self.rule

    @property
    def rules(self) -> RetentionRule:
        """What the app says that keeps it. Raises NotRegistered when no app does any more."""
        return retention_rules.get(self.rule)

    @property
    def least(self) -> str:
        """The shortest period, with the reason."""
        if self.rule not in retention_rules:
            return ""
        return ". ".join(filter(None, [in_days(self.rules.least), self.rules.why]))

    def clean(self) -> None:
        """Refuse a period shorter than the rule allows, or without end."""
        super().clean()
        least = retention_rules.get(self.rule).least if self.rule in retention_rules else 0
        if self.days < least:
            raise ValidationError({"days": _("At least %(days)s days.") % {"days": least}})
        if self.days > MOST_DAYS:
            raise ValidationError({"days": _("At most %(days)s days.") % {"days": MOST_DAYS}})
