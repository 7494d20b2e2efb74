"""A reader's votes count on, but nobody's; comments go."""

from uuid import uuid4

from helpcenter.knowledge.models import Feedback
from portal.accounts.models import User
from portal.core.privacy import Eraser, Erasing


def erase_person(erasing: Erasing[User]) -> None:
    """Make the votes those of unknown visitors."""
    for vote in Feedback.objects.filter(user=erasing.owner):
        vote.user, vote.visitor, vote.comment, vote.answer = None, uuid4().hex, "", ""
        vote.save(update_fields=["user", "visitor", "comment", "answer"])


PERSON = Eraser("Your comments on help pages; votes stay, as those of an unknown visitor", erase_person)
