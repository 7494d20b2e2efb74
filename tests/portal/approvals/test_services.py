"""Asking and deciding: one decision stands, with its effect, its event and its notices, or nothing has changed."""

from dataclasses import replace
from typing import Any

import pytest

from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.approvals import services
from portal.approvals.models import Approval
from portal.approvals.services import AlreadyAsked, AlreadyDecided, MayNotDecide, ReasonMissing, SubjectGone
from portal.core.errors import DomainError, InvalidTransition
from portal.core.registry import NotRegistered, Registry
from portal.notifications.models import Notification
from tests.portal.approvals.conftest import AT, LATER, Ask
from tests.portal.core.sample.models import Letter


def world() -> list[Any]:
    """Everything that a decision may change."""
    return [
        list(model._default_manager.order_by("pk").values())
        for model in (Approval, Letter, ActivityEvent, Notification)
    ]


def refused(error: type[DomainError], decide: Any, **arguments: Any) -> DomainError:
    """The refusal; nothing has changed."""
    before = world()
    with pytest.raises(error) as refusal:
        decide(**{"at": LATER, **arguments})
    assert world() == before
    return refusal.value


def verbs() -> list[str]:
    return list(ActivityEvent.objects.order_by("pk").values_list("verb", flat=True))


class TestAsk:
    def test_question_waits_and_is_recorded(self, letter: Letter, company: Company, owner: User) -> None:
        asked = services.ask(kind="sending", subject=letter, by=owner, at=AT, company=company, label="Letter")
        row = Approval.objects.get()
        assert (row, row.status, row.subject, row.asked_by, row.asked_at) == (asked, "pending", letter, owner, AT)
        event = ActivityEvent.objects.get()
        assert (event.verb, event.actor, event.company, event.at) == ("approval.asked", owner, company, AT)
        assert (event.subject, event.data) == (letter, {"what": "sending", "approval": str(row.public_id)})

    def test_asking_twice_is_refused_until_it_is_decided(self, ask: Ask, letter: Letter, staff: User) -> None:
        first = ask(subject=letter)
        refused(AlreadyAsked, services.ask, kind="sending", subject=letter, by=staff, at=AT)
        ask("joining", subject=letter)
        services.reject(approval=first, by=staff, at=LATER, comment="Not yet.")
        assert ask(subject=letter).status == "pending"

    def test_unknown_kind_is_a_mistake_of_the_code(self, letter: Letter) -> None:
        with pytest.raises(NotRegistered):
            services.ask(kind="no-such-kind", subject=letter, by=None, at=AT)
        assert not Approval.objects.exists()

    def test_effect_that_refuses_leaves_no_question(self, letter: Letter, kinds: Registry[Any]) -> None:
        def no(approval: Approval, at: object) -> None:
            raise DomainError("Not today.")

        kinds._entries["sending"] = replace(kinds.get("sending"), on_ask=no)
        refused(DomainError, services.ask, kind="sending", subject=letter, by=None, at=AT)

    def test_long_names_are_cut_to_what_is_kept(self, letter: Letter) -> None:
        asked = services.ask(kind="sending", subject=letter, by=None, at=AT, label="n" * 300)
        assert Approval.objects.get(pk=asked.pk).subject_label == "n" * 200

    def test_event_names_no_person_but_points_to_the_one_concerned(
        self, ask: Ask, developer: User, letter: Letter
    ) -> None:
        ask(subject=letter, concerns=developer, label="Amina Hassan")
        event = ActivityEvent.objects.get()
        assert (event.subject, event.subject_label) == (developer, "")
        assert "Amina" not in str(event.data)


class TestDecide:
    def test_approval_has_its_effect_and_is_told(self, ask: Ask, staff: User, owner: User) -> None:
        asked = ask(by=owner)
        decided = services.approve(approval=asked, by=staff, at=LATER, comment="  Gladly. ")
        row = Approval.objects.get()
        assert decided == row
        assert (row.status, row.decided_by, row.decided_at, row.comment) == ("approved", staff, LATER, "Gladly.")
        assert (row.subject.status, row.subject.sent_at) == ("sent", LATER)
        assert verbs() == ["approval.asked", "approval.approved"]
        notice = Notification.objects.get()
        assert (notice.recipient, notice.kind, notice.key) == (owner, "approval_decided", f"approval {row.public_id}")

    def test_rejection_says_why_and_has_no_effect_on_the_letter(self, ask: Ask, staff: User) -> None:
        services.reject(approval=ask(), by=staff, at=LATER, comment="No stamp.")
        row = Approval.objects.get()
        assert (row.status, row.comment, row.subject.status) == ("rejected", "No stamp.", "draft")
        assert verbs() == ["approval.asked", "approval.rejected"]

    @pytest.mark.parametrize("comment", ["", "  \n"])
    def test_rejection_without_a_reason_is_refused(self, ask: Ask, staff: User, owner: User, comment: str) -> None:
        error = refused(ReasonMissing, services.reject, approval=ask(by=owner), by=staff, comment=comment)
        assert error.field == "comment"

    def test_second_decision_is_told_of_the_first(self, ask: Ask, staff: User, owner: User) -> None:
        asked = ask(by=owner)
        services.reject(approval=asked, by=staff, at=LATER, comment="No.")
        assert (
            refused(AlreadyDecided, services.approve, approval=asked, by=staff).message == "This is rejected already."
        )
        refused(AlreadyDecided, services.reject, approval=asked, by=staff, comment="No.")
        refused(AlreadyDecided, services.cancel, approval=asked, by=owner)

    def test_subject_that_has_moved_on_leaves_all_as_it_was(self, ask: Ask, staff: User, owner: User) -> None:
        asked = ask(by=owner)
        asked.subject.send(at=AT)
        asked.subject.save()
        refused(InvalidTransition, services.approve, approval=asked, by=staff)
        assert Approval.objects.get().status == "pending"

    def test_subject_that_is_gone_is_not_decided_about_but_can_be_withdrawn(self, ask: Ask, staff: User) -> None:
        asked = ask()
        Letter.objects.all().delete()
        asked = Approval.objects.get()
        refused(SubjectGone, services.approve, approval=asked, by=staff)
        refused(SubjectGone, services.reject, approval=asked, by=staff, comment="Gone.")
        assert services.cancel(approval=asked, by=None, at=LATER).status == "cancelled"

    def test_withdrawn_question_is_decided_no_more(self, ask: Ask, staff: User) -> None:
        asked = ask()
        services.cancel(approval=asked, by=None, at=LATER)
        row = Approval.objects.get()
        assert (row.status, row.decided_at, row.decided_by) == ("cancelled", LATER, None)
        refused(AlreadyDecided, services.approve, approval=asked, by=staff)
        assert verbs() == ["approval.asked", "approval.cancelled"]


class TestRight:
    def test_staff_decide_by_the_permission_of_the_kind(self, ask: Ask, finance_may: User, support: User) -> None:
        sending, payout = ask(), ask("payout")
        refused(MayNotDecide, services.approve, approval=payout, by=finance_may)
        refused(MayNotDecide, services.approve, approval=sending, by=support)
        services.approve(approval=sending, by=finance_may, at=LATER)

    def test_the_permission_alone_does_not_make_staff(self, ask: Ask, finance_may: User) -> None:
        User.objects.filter(pk=finance_may.pk).update(is_staff=False)
        refused(MayNotDecide, services.approve, approval=ask(), by=User.objects.get(pk=finance_may.pk))

    def test_whoever_asked_does_not_decide_where_four_eyes_are_demanded(
        self, ask: Ask, staff: User, kinds: Registry[Any]
    ) -> None:
        refused(MayNotDecide, services.approve, approval=ask("payout", by=staff), by=staff)
        services.approve(approval=ask(by=staff), by=staff, at=LATER)

    def test_members_decide_by_their_right_for_their_own_company(
        self, ask: Ask, company: Company, owner: User, viewer: User, stranger: User
    ) -> None:
        asked = ask("joining", company=company)
        refused(MayNotDecide, services.approve, approval=asked, by=viewer)
        refused(MayNotDecide, services.approve, approval=asked, by=stranger)
        services.approve(approval=asked, by=owner, at=LATER)
        assert "approval.overridden" not in verbs()

    def test_members_do_not_decide_what_staff_decide(self, ask: Ask, company: Company, owner: User) -> None:
        refused(MayNotDecide, services.approve, approval=ask(company=company), by=owner)

    def test_without_the_right_nobody_learns_that_it_is_decided(self, ask: Ask, staff: User, support: User) -> None:
        asked = ask()
        services.approve(approval=asked, by=staff, at=LATER)
        refused(MayNotDecide, services.approve, approval=asked, by=support)

    def test_staff_decide_in_place_of_the_company_with_a_reason(
        self, ask: Ask, company: Company, finance_may: User
    ) -> None:
        asked = ask("joining", company=company)
        refused(ReasonMissing, services.approve, approval=asked, by=finance_may)
        services.approve(approval=asked, by=finance_may, at=LATER, comment="Agreed by telephone.")
        assert verbs() == ["approval.asked", "approval.approved", "approval.overridden"]


class TestMany:
    def test_fifty_with_one_comment_each_has_its_result(self, ask: Ask, finance_may: User) -> None:
        rows = [ask() for _ in range(46)]
        moved, decided, foreign, mine = ask(), ask(), ask("payout"), ask()
        moved.subject.send(at=AT)
        moved.subject.save()
        services.reject(approval=decided, by=finance_may, at=AT, comment="Before.")
        results = services.decide_many(
            approvals=[mine, foreign, decided, moved, *reversed(rows)],
            decision="approve",
            by=finance_may,
            at=LATER,
            comment="All of you.",
        )
        assert [result.approval for result in results] == [*rows, moved, decided, foreign, mine]
        refusals = {result.approval: result.refusal for result in results if result.refusal}
        assert list(refusals) == [moved, decided, foreign]
        assert "“Sent”" in refusals[moved]
        assert (refusals[decided], refusals[foreign]) == ("This is rejected already.", "You may not decide this.")
        approved = Approval.objects.filter(status="approved", comment="All of you.", decided_by=finance_may)
        assert set(approved) == {*rows, mine}
        assert Letter.objects.filter(status="sent", sent_at=LATER).count() == 47
        assert verbs().count("approval.approved") == 47

    def test_many_rejections_need_their_reason_too(self, ask: Ask, staff: User) -> None:
        before = [ask(), ask()]
        results = services.decide_many(approvals=before, decision="reject", by=staff, at=LATER, comment=" ")
        assert [bool(result.refusal) for result in results] == [True, True]
        assert Approval.objects.pending().count() == 2
