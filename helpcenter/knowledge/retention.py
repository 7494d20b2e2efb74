"""How long it is kept what readers searched for, and what the worker did for editors."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from helpcenter.knowledge.models import LinkCheck, SearchEvent
from helpcenter.knowledge.models.feedback import AnswerMail
from portal.core.privacy import RetentionRule


def searched_before(limit: datetime) -> Sequence[QuerySet[Any]]:
    """Searches before this instant."""
    return [SearchEvent.objects.filter(at__lt=limit)]


def done_before(limit: datetime) -> Sequence[QuerySet[Any]]:
    """Checks of links and mails with answers that ended before this instant; the answers themselves stay."""
    return [LinkCheck.objects.filter(finished_at__lt=limit), AnswerMail.objects.filter(finished_at__lt=limit)]


RULES = {
    "searches": RetentionRule("Searches in the help center", days=400, expired=searched_before, least=30),
    "help_jobs": RetentionRule("Checks of links and mailed answers that are done", 90, done_before, least=7),
}
