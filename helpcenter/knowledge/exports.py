"""What a reader said of help pages, for their archive."""

from collections.abc import Iterable

from django.db.models import F

from helpcenter.knowledge.models import Feedback
from portal.accounts.models import User
from portal.core.privacy import Exporter, Record


def feedback(user: User) -> Iterable[Record]:
    """Votes and comments."""
    rows = Feedback.objects.filter(user=user).order_by("pk")
    return rows.values("is_helpful", "comment", "answer", "created_at", page_title=F("page__title")).iterator()


PERSON = Exporter(feedback)
