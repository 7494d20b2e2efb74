"""Erasure reaches no further than the person or company: attempts to take from others, and what must not be left."""

import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from portal.accounts.models import Archive, Company, Invitation, Membership, User
from portal.accounts.services import archives, erasures, invitations, members
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.core import files
from portal.notifications.models import BlockedAddress, MailEvent, Notification, OutboxMessage
from tests.portal.accounts.test_erasure import NOW, approved, zuwena

__all__ = ["zuwena"]


def test_an_address_that_was_only_added_is_not_the_persons(
    zuwena: User, staff: User, stranger: User, other_company: Company
) -> None:
    theirs = "theirs@victim.example"
    invitations.invite(company=other_company, email=theirs, role="viewer", by=stranger, at=NOW)
    BlockedAddress.objects.create(address=theirs, reason="bounced", blocked_at=NOW)
    EmailAddress.objects.create(user=zuwena, email=theirs, verified=False)
    approved(zuwena, staff)
    assert Invitation.objects.filter(email=theirs).exists()
    assert BlockedAddress.objects.of(theirs).exists()


@pytest.mark.parametrize("is_proved", [False, True])
def test_an_account_for_an_address_of_somebody_else_takes_nothing_of_theirs_along(
    is_proved: bool, zuwena: User, staff: User, stranger: User, other_company: Company
) -> None:
    EmailAddress.objects.create(user=zuwena, email=zuwena.email, verified=is_proved, primary=True)
    invitation = invitations.invite(company=other_company, email=zuwena.email, role="viewer", by=stranger, at=NOW)
    BlockedAddress.objects.create(address=zuwena.email, reason="bounced", blocked_at=NOW)
    approved(zuwena, staff)
    assert Invitation.objects.filter(pk=invitation.pk).exists() is not is_proved
    assert BlockedAddress.objects.exists() is not is_proved
    zuwena.refresh_from_db()
    assert zuwena.email.endswith("@erased.invalid")


def test_a_longer_address_that_ends_alike_is_somebody_elses(zuwena: User, staff: User) -> None:
    for key, address in (("own", zuwena.email), ("other", f"x.{zuwena.email}"), ("third", f"{zuwena.email}.uk")):
        body = json.dumps({"recipient": {"email": address.upper()}})
        MailEvent.objects.create(event_id=key, kind="sent", body=body, happened_at=NOW)
        OutboxMessage.objects.create(channel="email", recipients=f"a@b.example, {address}", text=key)
    approved(zuwena, staff)
    assert set(MailEvent.objects.values_list("event_id", flat=True)) == {"other", "third"}
    assert set(OutboxMessage.objects.filter(text__in=["own", "other", "third"]).values_list("text", flat=True)) == {
        "other",
        "third",
    }


def test_a_name_of_common_words_takes_nothing_out_of_what_others_were_told(
    zuwena: User, owner: User, staff: User, company: Company
) -> None:
    erasures.ask(person=owner, company=company, at=NOW)
    zuwena.first_name, zuwena.last_name = "all", "data"
    zuwena.save()
    approved(zuwena, staff)
    told = Notification.objects.get(recipient=owner, kind="erasure_asked")
    assert told.subject == "Erasure of all data of Savanna Foods was asked for"
    assert "Former member" not in told.body


def test_what_a_former_owner_asked_for_is_not_carried_out(
    zuwena: User, owner: User, staff: User, company: Company
) -> None:
    Membership.objects.filter(user=zuwena).update(role="owner")
    approval = erasures.ask(person=zuwena, company=company, at=NOW)
    members.remove(company=company, user=zuwena, by=owner, at=NOW)
    with pytest.raises(erasures.NoOwnerAsks):
        approvals.approve(approval=approval, by=staff, at=NOW)
    company.refresh_from_db()
    approval.refresh_from_db()
    assert (company.name, company.erased_at, approval.status) == ("Savanna Foods", None, Approval.Status.PENDING)


def test_no_archive_is_left_of_who_is_erased_while_it_is_written(
    zuwena: User, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []
    save = archives._make

    def erased_meanwhile(archive: Archive) -> tuple[str, int]:
        made = save(archive)
        names.append(made[0])
        approved(zuwena, staff)
        return made

    monkeypatch.setattr(archives, "_make", erased_meanwhile)
    archives.build(pk=archives.ask(person=zuwena, company=None, at=NOW).pk)
    assert len(names) == 1
    assert not files.private_storage().exists(names[0])


def test_an_archive_that_a_stopped_worker_left_behind_goes_too(
    zuwena: User, staff: User, django_capture_on_commit_callbacks: Any
) -> None:
    archive = archives.ask(person=zuwena, company=None, at=NOW)
    Archive.objects.update(state="running", attempts=2)
    archive.refresh_from_db()
    name, _size = archives._make(archive)
    with django_capture_on_commit_callbacks(execute=True):
        approved(zuwena, staff)
    assert not files.private_storage().exists(name)
