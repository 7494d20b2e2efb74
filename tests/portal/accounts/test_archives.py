"""Archives of all data: what is in them and what is not, who gets them, and for how long."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client, override_settings
from django.utils import timezone

from portal.accounts.models import Archive, Company, Membership, User
from portal.accounts.roles import NotAllowed
from portal.accounts.services import archives, companies, consents, invitations, logos, verifications
from portal.activity.models import ActivityEvent
from portal.core import files
from portal.core.models import Job
from portal.core.services import jobs
from portal.notifications.models import Notification
from portal.teams.models import Developer
from tests.cast import client_of
from tests.factories import MembershipFactory
from tests.portal.accounts.authenticators import code_of, with_app
from tests.portal.accounts.papers import pdf, picture
from tests.portal.core.threads import race

OWN, COMPANYS = "/accounts/privacy/", "/customer/settings/privacy/"
PASSWORD = {"proof": "a-long-password"}


def unpacked(content: bytes) -> dict[str, Any]:
    """The files of an archive; JSON read."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        return {name: json.loads(packed.read(name)) if name.endswith(".json") else packed.read(name) for name in names}


def made(person: User, company: Company | None = None) -> Archive:
    """An archive that the worker has made."""
    archive = archives.ask(person=person, company=company, at=timezone.now())
    assert archives.build(pk=archive.pk) is True
    archive.refresh_from_db()
    return archive


def content_of(archive: Archive) -> dict[str, Any]:
    with archive.file.open("rb") as file:
        return unpacked(file.read())


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_person_asks_waits_is_told_and_downloads(
    viewer: User, portal_site: None, django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of(viewer)
    page = client.post(f"{OWN}archive/", PASSWORD, follow=True)
    archive = Archive.objects.get()
    assert page.request["PATH_INFO"] == f"{OWN}archives/{archive.public_id}/"
    assert "Being made" in page.content.decode()
    assert archives.build(pk=archive.pk) is True
    assert archives.build(pk=archive.pk) is False
    told = Notification.objects.get(recipient=viewer, kind="archive_ready")
    assert told.url == page.request["PATH_INFO"]
    assert "Ready" in client.get(told.url).content.decode()
    answer = client.post(told.url, PASSWORD)
    assert answer["Content-Disposition"] == f'attachment; filename="my-data-{archive.created_at:%Y-%m-%d}.zip"'
    assert unpacked(body(answer))["account.json"][0]["email"] == viewer.email
    verbs = list(ActivityEvent.objects.filter(verb__startswith="archive").values_list("verb", "actor", "company"))
    assert verbs == [("archive.asked", viewer.pk, None), ("archive.downloaded", viewer.pk, None)]


@pytest.mark.parametrize("address", ["archive/", "archives/{id}/"])
def test_without_the_password_nothing_is_made_or_handed_out(viewer: User, address: str) -> None:
    archive = made(viewer)
    answer = client_of(viewer).post(OWN + address.format(id=archive.public_id), {"proof": "wrong"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["proof"] == ["This is not your password."]
    assert Archive.objects.count() == 1
    assert not ActivityEvent.objects.filter(verb="archive.downloaded").exists()


def test_who_has_a_second_factor_gives_a_code_and_the_password_is_not_enough(viewer: User) -> None:
    app = with_app(viewer)
    client = client_of(viewer)
    session = client.session
    session["otp_device_id"] = app.persistent_id
    session.save()
    refused = client.post(f"{OWN}archive/", PASSWORD)
    assert "not right" in refused.context["form"].errors["proof"][0]
    assert Archive.objects.count() == 0
    app.refresh_from_db()
    app.throttle_reset()
    assert client.post(f"{OWN}archive/", {"proof": code_of(app)}).status_code == 302
    assert Archive.objects.count() == 1


@override_settings(ACCOUNT_RATE_LIMITS={"reauthenticate": "2/m/user"})
def test_passwords_cannot_be_tried_again_and_again(viewer: User) -> None:
    client = client_of(viewer)
    for _ in range(2):
        client.post(f"{OWN}archive/", {"proof": "wrong"})
    answer = client.post(f"{OWN}archive/", PASSWORD)
    assert "too many wrong tries" in answer.context["form"].non_field_errors()[0]
    assert Archive.objects.count() == 0


def test_one_at_a_time_and_three_a_day(viewer: User) -> None:
    now = timezone.now()
    first = archives.ask(person=viewer, company=None, at=now)
    with pytest.raises(archives.ArchiveUnderWay):
        archives.ask(person=viewer, company=None, at=now)
    archives.build(pk=first.pk)
    made(viewer), made(viewer)
    with pytest.raises(archives.TooManyArchives):
        archives.ask(person=viewer, company=None, at=now)
    assert archives.ask(person=viewer, company=None, at=now + timedelta(days=2)).pk
    assert Archive.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_of_several_who_ask_at_once_one_gets_an_archive(viewer: User) -> None:
    results = race(lambda _: archives.ask(person=viewer, company=None, at=timezone.now()), threads=4)
    refused = [result for result in results if isinstance(result, archives.ArchiveUnderWay)]
    assert (len(refused), Archive.objects.count()) == (3, 1)


def test_after_seven_days_it_is_not_handed_out(viewer: User, portal_site: None) -> None:
    archive = made(viewer)
    Archive.objects.update(expires_at=timezone.now())
    url = archives.url_of(archive)
    assert "seven days are over" in client_of(viewer).get(url).content.decode()
    refused = client_of(viewer).post(url, PASSWORD).context["form"].non_field_errors()
    assert refused == ["This archive cannot be downloaded any more. Have another one made."]
    assert not ActivityEvent.objects.filter(verb="archive.downloaded").exists()


def test_archives_of_others_do_not_exist(viewer: User, owner: User, stranger: User, company: Company) -> None:
    own, companys = made(viewer), made(owner, company)
    for client, archive in ((client_of(owner), own), (client_of(stranger), own), (client_of(stranger), companys)):
        assert client.post(archives.url_of(archive), PASSWORD).status_code == 404
    # Nor is the company's archive one of the person who asked for it.
    assert client_of(owner).get(f"{OWN}archives/{companys.public_id}/").status_code == 404
    assert client_of(viewer).get(archives.url_of(companys)).status_code == 403


def test_who_is_no_owner_any_more_gets_nothing(owner: User, company: Company) -> None:
    archive = made(owner, company)
    Membership.objects.filter(user=owner).update(role="admin")
    assert client_of(owner).post(archives.url_of(archive), PASSWORD).status_code == 403
    with pytest.raises(NotAllowed):
        archives.download(archive=archive, by=owner, at=timezone.now())
    with pytest.raises(NotAllowed):
        archives.ask(person=owner, company=company, at=timezone.now() + timedelta(days=2))


def test_a_persons_archive_holds_nothing_of_others(
    viewer: User, owner: User, stranger: User, company: Company, other_company: Company
) -> None:
    now = timezone.now()
    consents.give(user=viewer, at=now, company=company)
    MembershipFactory.create(company=other_company, user=viewer, role="admin")
    invitations.invite(company=company, email="third@savanna.example", role="viewer", by=owner, at=now)
    companies.change(company=other_company, values={"tax_id": "P051234567T"}, by=stranger)
    Developer.objects.create(user=viewer, headline="Django", cv=pdf("cv.pdf"))
    found = content_of(made(viewer))
    text = json.dumps({name: data for name, data in found.items() if name.endswith(".json")})
    assert {row["company_name"] for row in found["memberships.json"]} == {"Savanna Foods", "Ridgeline SACCO"}
    assert {row["kind"] for row in found["consents.json"]} == {"terms", "privacy"}
    assert found["developer/CV.pdf"].startswith(b"%PDF")
    for others in (owner.email, owner.last_name, stranger.email, "third@savanna.example", "P051234567T"):
        assert others not in text
    assert all(str(row["at"]).endswith("Z") for row in found["activity.json"])


def test_a_companys_archive_holds_its_data_and_files_alone(
    owner: User, viewer: User, stranger: User, company: Company, other_company: Company
) -> None:
    now = timezone.now()
    for by, place, name in ((owner, company, "ours"), (stranger, other_company, "theirs")):
        companies.set_logo(company=place, picture=logos.redraw(picture()), by=by)
        verifications.add_document(company=place, kind="tax_certificate", upload=pdf(f"{name}.pdf"), by=by, at=now)
        invitations.invite(company=place, email=f"{name}@new.example", role="viewer", by=by, at=now)
    found = content_of(made(owner, company))
    text = json.dumps({name: data for name, data in found.items() if name.endswith(".json")})
    assert [row["email"] for row in found["members.json"]] == [owner.email, viewer.email]
    assert found["company/logo.png"].startswith(b"\x89PNG")
    (paper,) = [name for name in found if name.startswith("verification/")]
    assert paper.endswith("ours.pdf")
    assert "ours@new.example" in text
    for others in ("theirs", stranger.email, stranger.last_name, other_company.name):
        assert others not in text
    listed = {row["file"] for row in found["contents.json"]["contents"]}
    assert listed == found.keys() - {"contents.json"}


def test_a_file_that_is_gone_is_named_and_hinders_nothing(viewer: User) -> None:
    developer = Developer.objects.create(user=viewer, cv=pdf("cv.pdf"))
    developer.cv.storage.delete(developer.cv.name)
    contents = content_of(made(viewer))["contents.json"]["contents"]
    assert {"file": "developer/CV.pdf", "is_missing": True} in contents


def test_what_cannot_be_made_is_tried_again_and_then_failed(viewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(archive: Archive, out: object) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(archives, "write", broken)
    archive = archives.ask(person=viewer, company=None, at=timezone.now())
    for _ in range(Archive.most_attempts):
        Archive.objects.update(available_at=timezone.now())
        archives.build(pk=archive.pk)
    archive.refresh_from_db()
    assert (archive.state, archive.status, archive.file.name) == (Job.State.FAILED, "failed", "")
    assert Notification.objects.count() == 0


def test_what_a_dead_worker_has_written_goes_when_no_attempt_is_left(
    viewer: User, django_capture_on_commit_callbacks: Any
) -> None:
    now, storage = timezone.now(), files.private_storage()
    archive = archives.ask(person=viewer, company=None, at=now)
    with django_capture_on_commit_callbacks(execute=True):
        for attempt in (1, 2, 3):
            Archive.objects.update(state="queued", available_at=now)
            claimed = jobs.claim(job_type=Archive, pk=archive.pk, at=now)
            assert claimed is not None
            storage.save(claimed.names()[-1], ContentFile(b"half"))
            jobs.sweep(at=timezone.now() + timedelta(hours=1))
            archive.refresh_from_db()
            assert archive.state == ("failed" if attempt == 3 else "queued")
    assert [name for name in archive.names() if storage.exists(name)] == []


def test_the_page_asks_until_the_archive_is_there(viewer: User) -> None:
    archive, client = archives.ask(person=viewer, company=None, at=timezone.now()), client_of(viewer)
    address = archives.url_of(archive)
    assert f'hx-get="{address}" hx-trigger="load delay:4s"' in client.get(address).content.decode()
    archives.build(pk=archive.pk)
    done = client.get(address).content.decode()
    assert ('hx-trigger="load' in done, "Can be downloaded until" in done) == (False, True)


def test_pages_ask_for_the_same_however_many_archives_there_are(
    owner: User, company: Company, portal_site: None, django_assert_max_num_queries: Any
) -> None:
    client: Client = client_of(owner)
    client.get(COMPANYS)
    for _ in range(3):
        made(owner, company)
    with django_assert_max_num_queries(12):
        client.get(COMPANYS)
