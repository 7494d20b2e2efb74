"""Erasure: who may ask, what goes, what stays and until when, and deciders who race."""

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core import mail
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client
from django.utils import timezone

from helpcenter.knowledge.models import ArticlePage, Feedback
from portal.accounts.models import (
    Archive,
    Authenticator,
    Company,
    Consent,
    Erasure,
    ErasureMail,
    Invitation,
    Membership,
    SignIn,
    TokenFamily,
    User,
)
from portal.accounts.models.erasures import digest_of
from portal.accounts.services import (
    archives,
    cleaning,
    companies,
    consents,
    domains,
    erasure_mail,
    erasures,
    invitations,
    logos,
    members,
    tokens,
    verifications,
)
from portal.activity.models import ActivityEvent
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.core.errors import DomainError
from portal.notifications.models import BlockedAddress, ContactSettings, Notification
from portal.notifications.services import notices
from portal.teams.models import Assignment, Developer
from resellers.models import Reseller
from tests.cast import client_of
from tests.factories import AssignmentFactory, DeveloperFactory, MembershipFactory, UserFactory
from tests.helpcenter.knowledge.pages import help_center, made, topic
from tests.portal.accounts.authenticators import with_app
from tests.portal.accounts.papers import pdf, picture
from tests.portal.core.threads import race

OWN, COMPANYS = "/accounts/privacy/", "/customer/settings/privacy/"
NOW = timezone.now()


@pytest.fixture
def zuwena(company: Company) -> User:
    """A viewer whose name and address are nobody else's."""
    user = UserFactory.create(email="zuwena@acacia.example", first_name="Zuwena", last_name="Kiprotich")
    EmailAddress.objects.create(user=user, email="Zuwena.Kiprotich@Private.example", verified=True)
    return MembershipFactory.create(company=company, user=user).user


def everything() -> str:
    """All rows of all our tables, as text."""
    ours = ("portal", "helpcenter", "billing", "resellers", "home", "allauth", "wagtail")
    models = [model for model in apps.get_models() if model.__module__.startswith(ours) and model._meta.managed]
    rows = [list(model._base_manager.values()) for model in models]
    return json.dumps(rows, cls=DjangoJSONEncoder, default=str, ensure_ascii=False)


def approved(person: User, staff: User, company: Company | None = None) -> Approval:
    approval = erasures.ask(person=person, company=company, at=NOW)
    return approvals.approve(approval=approval, by=staff, at=NOW)


def send_last_mail() -> None:
    erasure_mail.send(pk=ErasureMail.objects.get().pk)


def live(user: User, company: Company, owner: User) -> Developer:
    """Leave traces of a person in every app."""
    consents.give(user=user, at=NOW, company=company)
    with_app(user)
    Client().post("/accounts/login/", {"login": user.email, "password": "a-long-password"})
    SignIn.objects.create(
        user=user,
        session_key="x",
        browser="y",
        device="Firefox",
        address="10.9.8.7",
        signed_in_at=NOW,
        last_seen_at=NOW,
    )
    tokens.issue(user=user, company=company, is_proven=True, at=NOW)
    archives.build(pk=archives.ask(person=user, company=None, at=NOW).pk)
    invitations.invite(company=company, email="zuwena.kiprotich@private.example", role="viewer", by=owner, at=NOW)
    ContactSettings.objects.create(user=user, phone="+254712345678")
    BlockedAddress.objects.create(address=user.email, reason="bounced")
    notices.notify(kind="member_joined", people=[owner], key="x", at=NOW, fields={"name": str(user)}, company=company)
    notices.notify(kind="member_joined", people=[user], key="x", at=NOW, fields={"name": "Me"}, company=company)
    developer = DeveloperFactory.create(user=user, headline="Zuwena builds", links=["https://zuwena.example"])
    developer.cv.save("cv.pdf", pdf("cv.pdf"))
    AssignmentFactory.create(active=True, company=company, developer=developer, note="Zuwena Kiprotich is good")
    return developer


def test_nothing_that_names_the_person_is_left_anywhere(
    zuwena: User, owner: User, company: Company, staff: User, portal_site: None
) -> None:
    developer = live(zuwena, company, owner)
    storage, cv = developer.cv.storage, developer.cv.name
    namesake = UserFactory.create(first_name="Zuwena", last_name="Kiprotichali")
    notices.notify(kind="member_joined", people=[owner], key="y", at=NOW, fields={"name": str(namesake)})
    assert "Zuwena Kiprotich" in everything()
    approved(zuwena, staff)
    send_last_mail()
    left = everything().replace("Zuwena Kiprotichali", "").replace('"Zuwena"', "", 1)
    for trace in ("Zuwena", "acacia.example", "private.example", "10.9.8.7", "+254712345678", "zuwena."):
        place = left.lower().find(trace.lower())
        assert place < 0, left[place - 300 : place + 60]
    assert Notification.objects.filter(subject__contains="Zuwena Kiprotichali").count() == 1
    user = User.objects.get(pk=zuwena.pk)
    assert (str(user), user.is_active, user.has_usable_password()) == ("Former member", False, False)
    for model in (SignIn, TokenFamily, Authenticator, Archive, Invitation, Membership):
        assert not model._default_manager.filter(**({} if model is Invitation else _of(model, zuwena))).exists(), model
    assert Assignment.objects.get().status == Assignment.Status.ENDED
    assert storage.exists(cv)  # until the transaction of the test is committed


def _of(model: Any, user: User) -> dict[str, User]:
    return {"person": user} if model is Archive else {"user": user}


def test_votes_stay_as_those_of_a_visitor_and_comments_go(zuwena: User, staff: User) -> None:
    help_center()
    article = made(ArticlePage, "Begin", topic("Start"))
    Feedback.objects.create(page=article, user=zuwena, is_helpful=False, comment="It is me, Zuwena.", answer="Thanks")
    approved(zuwena, staff)
    vote = Feedback.objects.get()
    assert (vote.user, vote.comment, vote.answer, vote.is_helpful) == (None, "", "", False)
    assert len(vote.visitor) == 32


def test_a_reseller_is_suspended_and_nameless(reseller: User, staff: User) -> None:
    approved(reseller, staff)
    partner = Reseller.objects.get()
    assert (partner.business_name, partner.status) == ("Former partner", "suspended")


def test_the_history_stays_and_names_nobody(zuwena: User, owner: User, company: Company, staff: User) -> None:
    before = list(ActivityEvent.objects.order_by("pk").values())
    activity = ActivityEvent.objects.create(verb="account.signed_in", actor=zuwena, company=company)
    approved(zuwena, staff)
    assert list(ActivityEvent.objects.filter(pk__lt=activity.pk).order_by("pk").values()) == before
    assert ActivityEvent.objects.get(pk=activity.pk).sentence() == "Former member signed in"
    verbs = list(ActivityEvent.objects.filter(pk__gt=activity.pk).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["approval.asked", "approval.approved", "member.left", "person.erased"]


def test_the_last_mail_says_that_it_is_done_and_its_address_is_forgotten(zuwena: User, staff: User) -> None:
    approved(zuwena, staff)
    mail.outbox.clear()
    send_last_mail()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["zuwena@acacia.example"], "Your data is erased")
    job = ErasureMail.objects.get()
    assert (job.to, job.address, job.outcome) == (None, "", "sent")
    send_last_mail()
    assert len(mail.outbox) == 1


def test_nobody_signs_in_any_more_and_the_address_registers_anew(zuwena: User, staff: User, portal_site: None) -> None:
    client, sign_in = client_of(zuwena), {"login": "zuwena@acacia.example", "password": "a-long-password"}
    assert client.get(OWN).status_code == 200
    approved(zuwena, staff)
    assert client.get(OWN).status_code == 302
    assert Client().post("/accounts/login/", sign_in).status_code == 200
    new = {"email": sign_in["login"], "password1": "correct horse battery", "password2": "correct horse battery"}
    answer = Client().post(
        "/accounts/signup/", {**new, "first_name": "Zuwena", "last_name": "Kiprotich", "consent": "on"}
    )
    assert answer.status_code == 302
    assert User.objects.get(email="zuwena@acacia.example").pk != zuwena.pk


def test_what_law_keeps_is_named_with_its_day_and_goes_on_it(zuwena: User, staff: User, company: Company) -> None:
    consents.give(user=zuwena, at=NOW, company=company)
    today = timezone.localdate(NOW)
    found = {row.what.partition(" ")[0]: row for row in erasures.what_stays(None, today=today)}
    assert set(found) == {"What", "Contracts"}
    kept = found["What"]
    days = cleaning.days_of("erasures")
    assert kept.until == today + timedelta(days=days)
    approved(zuwena, staff)
    assert Erasure.objects.get().address_digest == digest_of("ZUWENA@acacia.example")
    cleaning.clean_up(at=NOW + timedelta(days=days - 1))
    assert (Consent.objects.count(), Erasure.objects.count()) == (2, 1)
    cleaning.clean_up(at=NOW + timedelta(days=days + 1))
    assert (Consent.objects.count(), Erasure.objects.count()) == (0, 0)


def test_the_only_owner_is_told_what_to_do_first_and_nothing_changes(
    owner: User, company: Company, staff: User
) -> None:
    with pytest.raises(erasures.SoleOwner, match="only owner of Savanna Foods"):
        erasures.ask(person=owner, company=None, at=NOW)
    assert (Erasure.objects.count(), Approval.objects.count()) == (0, 0)
    second = MembershipFactory.create(company=company, role="owner").user
    approval = erasures.ask(person=owner, company=None, at=NOW)
    members.change_role(company=company, user=second, role="viewer", by=owner)
    with pytest.raises(erasures.SoleOwner):
        approvals.approve(approval=approval, by=staff, at=NOW)
    approval.refresh_from_db()
    owner.refresh_from_db()
    assert (approval.status, owner.email, ErasureMail.objects.count()) == ("pending", "owner@savanna.example", 0)


def test_staff_are_not_erased_this_way(support: User) -> None:
    with pytest.raises(erasures.WorksHere):
        erasures.ask(person=support, company=None, at=NOW)


def test_what_waits_for_or_about_the_person_is_taken_back(zuwena: User, staff: User, other_company: Company) -> None:
    other_company.email_domain = "private.example"
    other_company.save()
    domains.ask_to_join(company=other_company, user=zuwena, at=NOW, message="It is Zuwena.")
    approved(zuwena, staff)
    joining = Approval.objects.get(kind="join_request")
    assert (joining.status, joining.subject_label) == ("cancelled", "Former member")


def test_one_asks_by_a_typed_word_and_proof_and_can_take_it_back(zuwena: User, portal_site: None) -> None:
    client, word = client_of(zuwena), {"confirmation": zuwena.email, "proof": "a-long-password"}
    page = client.get(f"{OWN}erasure/").content.decode()
    assert "What stays, and until when" in page
    for wrong in ({"confirmation": "yes"}, {"proof": "wrong"}):
        answer = client.post(f"{OWN}erasure/", {**word, **wrong})
        assert list(answer.context["form"].errors) == list(wrong)
    assert Approval.objects.count() == 0
    assert client.post(f"{OWN}erasure/", word).status_code == 302
    assert Notification.objects.get(recipient=zuwena).kind == "erasure_asked"
    assert "Take the request back" in client.get(OWN).content.decode()
    assert client.post(f"{OWN}erasure/", word).context["form"].non_field_errors() == [
        "This has been asked already and waits for a decision."
    ]
    client.post(f"{OWN}erasure/withdraw/")
    assert Approval.objects.get().status == "cancelled"
    assert client.post(f"{OWN}erasure/", word).status_code == 302
    assert (Erasure.objects.count(), Approval.objects.count()) == (1, 2)


def test_a_rejection_changes_nothing_and_is_told_with_its_reason(zuwena: User, staff: User) -> None:
    approval = erasures.ask(person=zuwena, company=None, at=NOW)
    approvals.reject(approval=approval, by=staff, at=NOW, comment="An invoice is open.")
    zuwena.refresh_from_db()
    assert (zuwena.email, zuwena.is_active) == ("zuwena@acacia.example", True)
    assert "An invoice is open." in Notification.objects.get(kind="erasure_rejected").body


def test_only_staff_with_the_right_decide(zuwena: User, owner: User, finance: User, support: User) -> None:
    approval = erasures.ask(person=zuwena, company=None, at=NOW)
    for person in (zuwena, owner, finance):
        with pytest.raises(approvals.MayNotDecide):
            approvals.approve(approval=approval, by=person, at=NOW)
    assert User.objects.get(pk=zuwena.pk).erased_at is None
    approvals.approve(approval=approval, by=support, at=NOW)
    assert User.objects.get(pk=zuwena.pk).erased_at == NOW


@pytest.mark.django_db(transaction=True)
def test_of_deciders_who_race_one_erases_once(zuwena: User, staff: User) -> None:
    approval = erasures.ask(person=zuwena, company=None, at=NOW)
    results = race(lambda _: approvals.approve(approval=approval, by=staff, at=timezone.now()), threads=4)
    assert sum(isinstance(result, approvals.AlreadyDecided) for result in results) == 3
    assert (ErasureMail.objects.count(), ActivityEvent.objects.filter(verb="person.erased").count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_are_erased_at_once_leave_one(owner: User, company: Company, staff: User) -> None:
    second = MembershipFactory.create(company=company, role="owner").user
    asked = [erasures.ask(person=person, company=None, at=NOW) for person in (owner, second)]
    results = race(lambda number: approvals.approve(approval=asked[number], by=staff, at=NOW), threads=2)
    assert sum(isinstance(result, erasures.SoleOwner) for result in results) == 1
    assert Membership.objects.filter(company=company, role="owner", user__is_active=True).count() == 1


def test_carrying_out_twice_changes_nothing(zuwena: User, staff: User) -> None:
    approval = approved(zuwena, staff)
    before = everything()
    erasures.carry_out(approval, NOW + timedelta(days=1))
    assert everything() == before


def test_a_company_is_erased_and_the_other_stays_as_it_is(
    owner: User, viewer: User, company: Company, stranger: User, other_company: Company, staff: User, portal_site: None
) -> None:
    companies.change(company=company, values={"legal_name": "Savanna Foods Ltd", "tax_id": "P051234567T"}, by=owner)
    companies.set_logo(company=company, picture=logos.redraw(picture()), by=owner)
    verifications.add_document(company=company, kind="tax_certificate", upload=pdf("savanna.pdf"), by=owner, at=NOW)
    invitations.invite(company=company, email="new@savanna.example", role="viewer", by=owner, at=NOW)
    AssignmentFactory.create(active=True, company=company)
    others = list(Company.objects.filter(pk=other_company.pk).values())
    word = {"confirmation": "savanna foods", "proof": "a-long-password"}
    assert client_of(owner).post(f"{COMPANYS}erasure/", word).status_code == 302
    approvals.approve(approval=Approval.objects.get(kind="erasure"), by=staff, at=NOW)
    erased = Company.objects.get(pk=company.pk)
    assert (erased.name, erased.is_active, erased.tax_id, erased.legal_name) == ("Former company", False, None, "")
    assert erased.logo.name == ""
    assert not erased.memberships.exists()
    assert not erased.invitations.exists()
    assert not erased.product_accesses.filter(is_open=True).exists()
    assert Assignment.objects.get(company=company).status == Assignment.Status.ENDED
    assert not Approval.objects.filter(company=company).exclude(subject_label="Former company").exists()
    assert client_of(owner).get("/customer/settings/").status_code == 404
    assert set(Notification.objects.filter(kind="company_erased").values_list("recipient", flat=True)) == {
        owner.pk,
        viewer.pk,
    }
    assert User.objects.get(pk=owner.pk).is_active
    assert list(Company.objects.filter(pk=other_company.pk).values()) == others
    assert other_company.memberships.count() == 1


def test_only_owners_ask_for_the_company(company_admin: User, stranger: User, company: Company) -> None:
    for person in (company_admin, stranger):
        with pytest.raises(DomainError):
            erasures.ask(person=person, company=company, at=NOW)
    assert Erasure.objects.count() == 0
