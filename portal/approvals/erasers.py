"""What decisions say of a person or a company is erased; that they were made stays."""

from typing import TYPE_CHECKING

from django.db.models import Case, Q, QuerySet, Value, When

from portal.approvals.models import Approval
from portal.core.privacy import Eraser, Erasing

if TYPE_CHECKING:
    from portal.accounts.models import Company, User

ERASED = "(erased)"


def erase_person(erasing: "Erasing[User]") -> None:
    """Decisions about the person, or that they asked for themselves, name and describe nobody."""
    user = erasing.owner
    _erase(Approval.objects.filter(Q(concerns=user) | Q(asked_by=user, company=None)), "Former member")


def erase_company(erasing: "Erasing[Company]") -> None:
    """Decisions that concern the company name and describe nobody."""
    _erase(Approval.objects.for_company(erasing.owner), "Former company")


def _erase(rows: QuerySet[Approval], label: str) -> None:
    """A rejection keeps having a comment, as it must."""
    comment = Case(When(comment="", then=Value("")), default=Value(ERASED))
    rows.update(subject_label=label, comment=comment)


PERSON = Eraser("Names and comments in decisions about you", erase_person)
COMPANY = Eraser("Names and comments in decisions that concern the company", erase_company)
