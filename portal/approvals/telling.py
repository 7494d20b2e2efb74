"""Ready-made effects that tell people; apps put them into their Kind, alone or after an effect of their own.

    Kind("team assignment", …, on_ask=tell_deciders(), on_approve=in_turn(join_team, tell_asker(), tell_concerned()))

Each takes the code of a notification kind with words of the app's own, in which the names of `notices.FIELDS` are gaps.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from portal.approvals import addresses
from portal.approvals.models import Approval
from portal.approvals.notices import ASKED, DECIDED
from portal.approvals.registry import Effect
from portal.notifications.services import notices

if TYPE_CHECKING:
    from portal.accounts.models import User


def in_turn(*effects: Effect) -> Effect:
    """One effect of several, in this order; the first that refuses undoes all."""

    def run(approval: Approval, at: datetime) -> None:
        for effect in effects:
            effect(approval, at)

    return run


def tell_asker(notice: str = DECIDED) -> Effect:
    """Tell who asked what was decided, unless they decided it themselves."""

    def effect(approval: Approval, at: datetime) -> None:
        _tell(notice, approval, [approval.asked_by], at)

    return effect


def tell_concerned(notice: str = DECIDED) -> Effect:
    """Tell the person whom it is about what was decided, unless they decided it themselves."""

    def effect(approval: Approval, at: datetime) -> None:
        _tell(notice, approval, [approval.concerns], at)

    return effect


def tell_deciders(notice: str = ASKED) -> Effect:
    """Tell the members of the company who may decide that they are asked; staff have the queue in the admin."""

    def effect(approval: Approval, at: datetime) -> None:
        _tell(notice, approval, [person for person in deciders(approval) if person != approval.asked_by], at)

    return effect


def deciders(approval: Approval) -> "list[User]":
    """The members of the company who may decide, where companies decide this kind."""
    may, company = approval.rules.member_may, approval.company
    if may is None or company is None:
        return []
    members = company.memberships.select_related("user").order_by("pk")
    return [membership.user for membership in members if may(membership)]


def _tell(notice: str, approval: Approval, people: "Iterable[User | None]", at: datetime) -> None:
    """Tell each of them with the way to it; of a company's matters only its members are told at its desk."""
    fields = _fields(approval)
    for person in people:
        if person is None or person == approval.decided_by:
            continue
        notices.notify(
            kind=notice,
            people=[person],
            key=f"approval {approval.public_id}",
            at=at,
            fields=fields,
            url=addresses.page_for(person, approval),
            company=approval.company if addresses.is_member(person, approval) else None,
        )


def _fields(approval: Approval) -> dict[str, str]:
    return {
        "what": approval.label.lower(),
        "subject": approval.subject_label,
        "company": str(approval.company or _("the portal's staff")),
        "asker": str(approval.asked_by or _("The portal")),
        "decision": approval.get_status_display().lower(),
        "decider": str(approval.decided_by or _("The portal")),
        "comment": approval.comment,
    }
