"""States of an approval, what the database itself refuses, and who may know of which."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.search import SearchQuery
from django.db import IntegrityError, transaction

from portal.accounts.models import Company, User
from portal.approvals import models
from portal.approvals.models import Approval
from tests.portal.approvals.conftest import AT, LATER, Ask
from tests.portal.core.sample.models import Letter
from tests.portal.core.state_matrix import assert_state_matrix


def test_every_pair_of_state_and_transition() -> None:
    by = User()
    assert_state_matrix(
        lambda state: Approval(status=state),
        {
            "approve": {"pending": "approved"},
            "reject": {"pending": "rejected"},
            "cancel": {"pending": "cancelled"},
        },
        arguments={
            "approve": {"by": by, "at": AT},
            "reject": {"by": by, "at": AT, "comment": "No."},
            "cancel": {"by": None, "at": AT},
        },
    )


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"status": "approved"}, "approvals_approval_decided_at"),
        ({"decided_at": AT}, "approvals_approval_decided_at"),
        ({"status": "approved", "decided_at": AT}, "approvals_approval_decided_by"),
        ({"status": "unheard of", "decided_at": AT}, "approvals_approval_decided_by"),
        ({"status": "rejected", "decided_at": AT, "comment": ""}, "says_why|decided_by"),
    ],
)
def test_database_refuses_what_contradicts_itself(letter: Letter, wrong: dict[str, object], constraint: str) -> None:
    row = {"kind": "sending", "content_type": ContentType.objects.get_for_model(Letter), "object_id": letter.pk}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Approval.objects.bulk_create([Approval(**row, **wrong)])
    assert not Approval.objects.exists()


def test_database_refuses_a_second_question_that_waits_and_keeps_what_was_decided(ask: Ask, staff: User) -> None:
    first = ask()
    twin = {"kind": first.kind, "content_type": first.content_type, "object_id": first.object_id}
    with pytest.raises(IntegrityError, match="one_pending"), transaction.atomic():
        Approval.objects.create(**twin)
    for _ in range(2):
        Approval.objects.create(**twin, status="approved", decided_by=staff, decided_at=AT)
    assert Approval.objects.about(first.subject).count() == 3


class TestVisible:
    def test_staff_see_the_kinds_that_they_may_decide_and_what_they_asked_for(
        self, ask: Ask, staff: User, finance_may: User, support: User
    ) -> None:
        sending, joining, payout = ask(), ask("joining"), ask("payout", by=finance_may)
        assert set(Approval.objects.visible_to(staff)) == {sending, joining, payout}
        assert set(Approval.objects.visible_to(finance_may)) == {sending, joining, payout}
        assert set(Approval.objects.for_staff(finance_may)) == {sending, joining}
        assert set(Approval.objects.visible_to(support)) == set()

    def test_members_see_what_their_company_decides_and_what_they_asked_for_there(
        self, ask: Ask, company: Company, other_company: Company, owner: User, viewer: User
    ) -> None:
        joining, mine = ask("joining", company=company), ask(company=company, by=owner)
        ask(company=company, by=viewer)
        ask("joining", company=other_company)
        ask(company=other_company, by=owner)
        assert set(Approval.objects.visible_to(owner, company=company)) == {joining, mine}

    def test_rights_of_staff_do_not_reach_into_a_company_desk(
        self, ask: Ask, company: Company, other_company: Company, staff: User
    ) -> None:
        ask(company=company)
        ask("joining", company=other_company)
        assert set(Approval.objects.visible_to(staff, company=company)) == set()

    def test_developer_sees_what_is_about_the_developer_and_no_company_matters(
        self, ask: Ask, company: Company, developer: User, stranger: User
    ) -> None:
        about, asked = ask("joining", company=company, concerns=developer), ask(by=developer)
        ask(by=developer, company=company)
        assert set(Approval.objects.visible_to(developer)) == {about, asked}
        assert set(Approval.objects.awaited_by(developer)) == {about, asked}
        assert set(Approval.objects.visible_to(stranger)) == set()

    def test_what_is_decided_is_awaited_no_more(self, ask: Ask, developer: User, staff: User) -> None:
        asked = ask(by=developer)
        asked.approve(by=staff, at=LATER)
        asked.save()
        assert not Approval.objects.awaited_by(developer).exists()
        assert Approval.objects.visible_to(developer).get() == asked


class TestWaiting:
    def test_staff_are_asked_for_what_companies_do_not_decide(self, ask: Ask, finance_may: User, support: User) -> None:
        second, first = ask(at=LATER), ask()
        ask("joining"), ask("payout")
        assert list(Approval.objects.waiting_for_staff(finance_may).oldest()) == [first, second]
        assert list(Approval.objects.waiting_for_staff(support)) == []

    def test_members_are_asked_by_their_right(
        self, ask: Ask, company: Company, other_company: Company, owner: User, viewer: User, stranger: User
    ) -> None:
        joining = ask("joining", company=company)
        elsewhere = ask("joining", company=other_company)
        ask(company=company)
        assert list(Approval.objects.waiting_for_member(owner.memberships.get())) == [joining]
        assert list(Approval.objects.waiting_for_member(viewer.memberships.get())) == []
        assert list(Approval.objects.waiting_for_member(stranger.memberships.get())) == [elsewhere]


class TestSearch:
    def test_words_of_the_subject_are_found_by_their_beginnings(self, ask: Ask) -> None:
        found = ask(label="Amina Hassan, developer")
        ask(label="Peter Njoroge")
        for text in ("amina", "Hass ami", "AMINA'", "developer:"):
            assert list(Approval.objects.search(text)) == [found], text
        assert list(Approval.objects.search("amina peter")) == []

    @pytest.mark.parametrize("text", ["", "  ", "'&|!():*"])
    def test_no_word_narrows_nothing(self, ask: Ask, text: str) -> None:
        asked = ask()
        assert list(Approval.objects.search(text)) == [asked]

    def test_endless_words_are_cut(self, ask: Ask) -> None:
        ask()
        assert list(Approval.objects.search("x" * 5000 + " y" * 5000)) == []

    def test_companies_are_found_too(self, ask: Ask, company: Company, other_company: Company) -> None:
        found = ask(company=company, label="Letter")
        ask(company=other_company, label="Letter")
        assert list(Approval.objects.search("savanna", companies=[company.pk])) == [found]

    @pytest.mark.parametrize(("few", "newest"), [(0, 100), (1, 100), (2, 100), (2, 10)])
    def test_many_finds_and_few_are_the_same(
        self, ask: Ask, company: Company, monkeypatch: pytest.MonkeyPatch, few: int, newest: int
    ) -> None:
        monkeypatch.setattr(models, "MOST_FEW", few)
        monkeypatch.setattr(models, "NEWEST", newest)
        worded, of_company = [ask(label="Amina Hassan"), ask(label="Hassan Ali")], ask(label="Peter", company=company)
        ask(label="Peter")
        query = SearchQuery("hass:*", config="simple", search_type="raw")
        assert Approval.objects.is_common(query) is (newest == 10)
        assert list(Approval.objects.search("hass").oldest()) == worded
        assert list(Approval.objects.search("hass", companies=[company.pk]).oldest()) == [*worded, of_company]
        assert list(Approval.objects.for_company(company).search("hass")) == []


def test_oldest_come_first_and_equal_ones_in_their_order(ask: Ask) -> None:
    rows = [ask(at=AT), ask(at=AT - timedelta(days=1)), ask(at=AT)]
    assert list(Approval.objects.oldest()) == [rows[1], rows[0], rows[2]]
