"""Verification: papers collected, handed in, decided by staff, renewed."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from portal.accounts.models import Company, User, Verification, VerificationDocument
from portal.accounts.services import companies, renewals, verifications
from portal.activity.models import ActivityEvent
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.core import files
from portal.notifications.models import Notification
from tests.cast import client_of
from tests.portal.accounts.papers import PDF, REQUIRED, body, hand_in, pdf, picture, upload
from tests.portal.core.state_matrix import assert_state_matrix
from tests.portal.core.threads import race

Kind = VerificationDocument.Kind
PAGE = "/customer/settings/verification/"


def state(company: Company) -> str:
    return Company.objects.get(pk=company.pk).verification


def test_papers_are_collected_handed_in_and_approved(owner: User, staff: User, company: Company) -> None:
    client = client_of(owner)
    for kind in REQUIRED:
        sent = client.post(f"{PAGE}documents/", {"kind": kind, "file": pdf("../Cert 1.exe")})
        assert sent.status_code == 302
    assert client.post(f"{PAGE}submit/").status_code == 302
    assert state(company) == "pending"
    assert "Being checked" in client.get(PAGE).content.decode()
    approvals.approve(approval=Approval.objects.get(), by=staff, at=timezone.now())
    company.refresh_from_db()
    assert (company.verification, company.verification_ends_on) == ("verified", None)
    assert [note.recipient for note in Notification.objects.filter(kind="verification_approved")] == [owner]
    assert VerificationDocument.objects.values_list("name", flat=True)[0] == "Cert_1.pdf"


def test_verification_ends_with_the_first_of_the_papers(owner: User, staff: User, company: Company) -> None:
    ends = timezone.localdate() + timedelta(days=200)
    upload(company, owner, Kind.DIRECTORS, expires_on=ends + timedelta(days=1))
    approvals.approve(approval=hand_in(company, owner, expires_on=ends), by=staff, at=timezone.now())
    assert Company.objects.get(pk=company.pk).verification_ends_on == ends


def test_a_rejection_says_why_and_the_papers_can_be_put_right(owner: User, staff: User, company: Company) -> None:
    approval = hand_in(company, owner)
    with pytest.raises(approvals.ReasonMissing):
        approvals.reject(approval=approval, by=staff, at=timezone.now(), comment=" ")
    assert state(company) == "pending"
    approvals.reject(approval=approval, by=staff, at=timezone.now(), comment="The tax certificate is blurred.")
    assert state(company) == "rejected"
    assert "The tax certificate is blurred." in client_of(owner).get(PAGE).content.decode()
    assert "blurred" in Notification.objects.get(kind="verification_rejected").body
    upload(company, owner, Kind.TAX)
    verifications.submit(company=company, by=owner, at=timezone.now())
    assert state(company) == "pending"
    assert Verification.objects.filter(status="rejected").get().documents.count() == 3
    assert company.verifications.count() == 2


def test_nothing_is_handed_in_while_something_is_missing(owner: User, company: Company) -> None:
    upload(company, owner, Kind.TAX)
    answer = client_of(owner).post(f"{PAGE}submit/")
    assert answer.status_code == 422
    assert "Still missing: registration certificate, proof of address." in answer.content.decode()
    assert (state(company), Approval.objects.count()) == ("unverified", 0)


def test_what_was_handed_in_stands_until_it_is_taken_back(owner: User, company: Company) -> None:
    approval = hand_in(company, owner)
    client = client_of(owner)
    sent = client.post(f"{PAGE}documents/", {"kind": Kind.TAX, "file": pdf()})
    assert "Withdraw them to change something" in sent.content.decode()
    document = VerificationDocument.objects.first()
    assert document is not None
    assert client.post(f"{PAGE}documents/{document.public_id}/remove/").status_code == 409
    assert VerificationDocument.objects.count() == 3
    assert client.post(f"{PAGE}withdraw/").status_code == 302
    approval.refresh_from_db()
    assert (approval.status, state(company)) == ("cancelled", "unverified")
    upload(company, owner, Kind.TAX)
    assert company.verifications.count() == 2


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (SimpleUploadedFile("a.pdf", b"<html></html>", "application/pdf"), "file_kind"),
        (SimpleUploadedFile("a.pdf", b"", "application/pdf"), "file_empty"),
        (SimpleUploadedFile("a.pdf", PDF + b"0" * (10 * 1024 * 1024), "application/pdf"), "file_too_large"),
    ],
)
def test_only_papers_of_the_kinds_asked_for_are_taken(
    owner: User, company: Company, file: SimpleUploadedFile, code: str
) -> None:
    with pytest.raises(files.FileRefused) as refusal:
        verifications.add_document(company=company, kind=Kind.TAX, upload=file, by=owner, at=timezone.now())
    assert refusal.value.code == code
    assert (Verification.objects.count(), VerificationDocument.objects.count()) == (0, 0)


def test_an_expired_paper_is_not_taken(owner: User, company: Company) -> None:
    answer = client_of(owner).post(
        f"{PAGE}documents/", {"kind": Kind.TAX, "file": pdf(), "expires_on": timezone.localdate().isoformat()}
    )
    assert list(answer.context["form"].errors) == ["expires_on"]
    assert VerificationDocument.objects.count() == 0


def test_a_paper_replaces_one_of_its_kind_and_its_file_goes(
    owner: User, company: Company, django_capture_on_commit_callbacks
) -> None:
    first = upload(company, owner, Kind.TAX)
    with django_capture_on_commit_callbacks(execute=True):
        second = upload(company, owner, Kind.TAX)
    assert list(VerificationDocument.objects.all()) == [second]
    assert not files.private_storage().exists(str(first.file.name))
    assert files.private_storage().exists(str(second.file.name))


def test_a_file_that_an_earlier_attempt_has_too_stays(
    owner: User, staff: User, company: Company, django_capture_on_commit_callbacks
) -> None:
    approvals.reject(approval=hand_in(company, owner), by=staff, at=timezone.now(), comment="No.")
    old = Verification.objects.get().documents.get(kind=Kind.TAX)
    with django_capture_on_commit_callbacks(execute=True):
        upload(company, owner, Kind.TAX)
    assert files.private_storage().exists(str(old.file.name))
    attempt = verifications.open_one(company)
    assert attempt is not None
    assert sorted(attempt.documents.values_list("kind", flat=True)) == sorted(REQUIRED)


def test_who_reads_a_paper(request: pytest.FixtureRequest, owner: User, company: Company) -> None:
    document = upload(company, owner, Kind.TAX)
    address = f"{PAGE}documents/{document.public_id}/"
    names = ("owner", "company_admin", "billing_member", "viewer", "stranger", "developer", "support", "staff")
    draft = {name: client_of(request.getfixturevalue(name)).get(address).status_code for name in names}
    assert list(draft.values()) == [200, 200, 403, 403, 404, 404, 404, 404]
    for kind in REQUIRED:
        upload(company, owner, kind)
    verifications.submit(company=company, by=owner, at=timezone.now())
    document = VerificationDocument.objects.get(kind=Kind.TAX)
    address = f"{PAGE}documents/{document.public_id}/"
    handed_in = {name: client_of(request.getfixturevalue(name)).get(address).status_code for name in names}
    # Support has the right from its group.
    assert list(handed_in.values()) == [200, 200, 403, 403, 404, 404, 200, 200]


def test_each_download_is_written_down(owner: User, staff: User, company: Company) -> None:
    hand_in(company, owner)
    document = VerificationDocument.objects.get(kind=Kind.TAX)
    answer = client_of(staff).get(f"{PAGE}documents/{document.public_id}/")
    assert body(answer) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="paper.pdf"'
    event = ActivityEvent.objects.get(verb="file.downloaded")
    assert (event.actor, event.company, event.subject_label) == (staff, company, "Tax certificate")


def test_a_decider_reads_profile_and_papers_side_by_side(owner: User, company: Company) -> None:
    companies.change(company=company, values={"legal_name": "Savanna Ltd", "tax_id": "P051365947M"}, by=owner)
    facts = {fact.label: fact for fact in hand_in(company, owner).rules.facts(Approval.objects.get())}
    assert facts["Registered name"].value == "Savanna Ltd"
    assert facts["Tax number"].value == "P051365947M"
    document = VerificationDocument.objects.get(kind=Kind.TAX)
    assert facts["Tax certificate"].url == f"{PAGE}documents/{document.public_id}/"
    assert facts["Owners"].value == str(owner)
    assert facts["Tax certificate"].heading == "Documents"


def test_only_staff_with_the_right_decide(owner: User, finance: User, company: Company) -> None:
    approval = hand_in(company, owner)
    for person in (owner, finance):
        with pytest.raises(approvals.MayNotDecide):
            approvals.approve(approval=approval, by=person, at=timezone.now())
    assert state(company) == "pending"
    finance.user_permissions.add(Permission.objects.get(codename="verify_company"))
    approvals.approve(approval=approval, by=User.objects.get(pk=finance.pk), at=timezone.now())
    assert state(company) == "verified"


@pytest.mark.django_db(transaction=True)
def test_of_two_deciders_one_decides(owner: User, company: Company) -> None:
    people = [User.objects.create_superuser(f"staff{number}@portal.example", "x") for number in range(2)]
    approval = hand_in(company, owner)
    done = race(
        lambda number: (
            approvals.approve(approval=approval, by=people[number], at=timezone.now())
            if number
            else approvals.reject(approval=approval, by=people[number], at=timezone.now(), comment="No.")
        ),
        threads=2,
    )
    assert sorted(type(one).__name__ for one in done) == ["AlreadyDecided", "Approval"]
    assert (state(company), Verification.objects.get().status) in [("verified", "approved"), ("rejected", "rejected")]


def verified(company: Company, owner: User, staff: User, ends_on: date | None = None) -> None:
    approvals.approve(approval=hand_in(company, owner, expires_on=ends_on), by=staff, at=timezone.now())


def test_what_is_being_checked_cannot_change(owner: User, company: Company) -> None:
    hand_in(company, owner)
    with pytest.raises(companies.BeingChecked):
        companies.change(company=company, values={"legal_name": "Other"}, by=owner)
    companies.change(company=company, values={"size": "1"}, by=owner)
    assert Company.objects.get(pk=company.pk).legal_name == ""


def test_another_name_ends_the_verification(owner: User, staff: User, company: Company) -> None:
    verified(company, owner, staff)
    companies.change(company=company, values={"website": "https://x.example"}, by=owner)
    assert state(company) == "verified"
    companies.change(company=company, values={"legal_name": "Other"}, by=owner)
    assert state(company) == "unverified"


def test_members_are_reminded_once_for_each_of_the_three_days(owner: User, staff: User, company: Company) -> None:
    today = timezone.localdate()
    verified(company, owner, staff, today + timedelta(days=40))
    told = {}
    for passed in range(40):
        renewals.remind(today=today + timedelta(days=passed), at=timezone.now())
        told[passed] = Notification.objects.filter(kind="document_expires").count()
        renewals.remind(today=today + timedelta(days=passed), at=timezone.now())
    assert [day for day in told if told[day] > told.get(day - 1, 0)] == [10, 33, 39]
    assert max(told.values()) == 3


def test_on_the_day_the_company_is_not_verified_any_more(owner: User, staff: User, company: Company) -> None:
    ends = timezone.localdate() + timedelta(days=40)
    verified(company, owner, staff, ends)
    assert renewals.expire(today=ends - timedelta(days=1), at=timezone.now()) == 0
    assert state(company) == "verified"
    assert renewals.expire(today=ends, at=timezone.now()) == 1
    assert renewals.expire(today=ends, at=timezone.now()) == 0
    assert state(company) == "expired"
    assert Notification.objects.filter(kind="verification_expired").count() == 1
    assert ActivityEvent.objects.filter(verb="verification.expired").count() == 1


def test_a_company_stays_verified_while_newer_papers_are_checked(owner: User, staff: User, company: Company) -> None:
    today = timezone.localdate()
    verified(company, owner, staff, today + timedelta(days=20))
    upload(company, owner, Kind.TAX, expires_on=today + timedelta(days=400))
    verifications.submit(company=company, by=owner, at=timezone.now())
    assert state(company) == "verified"
    approvals.approve(approval=Approval.objects.pending().get(), by=staff, at=timezone.now())
    company.refresh_from_db()
    assert company.verification_ends_on == today + timedelta(days=400)
    assert renewals.remind(today=today, at=timezone.now()) == 0
    assert renewals.expire(today=today + timedelta(days=20), at=timezone.now()) == 0


def test_newer_papers_that_are_rejected_leave_the_verification(owner: User, staff: User, company: Company) -> None:
    verified(company, owner, staff)
    upload(company, owner, Kind.TAX)
    verifications.submit(company=company, by=owner, at=timezone.now())
    approvals.reject(approval=Approval.objects.pending().get(), by=staff, at=timezone.now(), comment="No.")
    assert state(company) == "verified"


def test_a_viewer_reads_how_far_it_is_but_no_papers(owner: User, viewer: User, company: Company) -> None:
    upload(company, owner, Kind.TAX)
    page = client_of(viewer).get(PAGE).content.decode()
    assert "Owners and admins hand the documents in." in page
    assert "paper.pdf" not in page
    assert picture().size > 0


def company_in(state: str) -> Company:
    return Company(verification=state or "unverified")


def test_states_of_a_company() -> None:
    assert_state_matrix(
        company_in,
        {
            "await_verification": dict.fromkeys(["unverified", "rejected", "expired"], "pending"),
            "withdraw_verification": {"pending": "unverified"},
            "verify": {"pending": "verified", "verified": "verified"},
            "refuse_verification": {"pending": "rejected"},
            "expire_verification": {"verified": "expired"},
            "unsettle_verification": {"verified": "unverified"},
        },
        field="verification",
        arguments={"verify": {"at": timezone.now(), "ends_on": None}},
    )


def test_states_of_an_attempt(owner: User) -> None:
    now = timezone.now()
    assert_state_matrix(
        lambda state: Verification(status=state or "draft"),
        {
            "submit": {"draft": "pending"},
            "approve": {"pending": "approved"},
            "reject": {"pending": "rejected"},
            "withdraw": {"pending": "withdrawn"},
        },
        arguments={
            "submit": {"by": owner, "at": now},
            "approve": {"at": now},
            "reject": {"at": now, "reason": "No."},
            "withdraw": {"at": now},
        },
    )
