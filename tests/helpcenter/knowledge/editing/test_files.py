"""Files of help pages: who may have them, by address."""

import re
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from helpcenter.knowledge.models import HelpDocument
from portal.accounts.models import Company, User
from tests.cast import client_of
from tests.helpcenter.knowledge import pages

pytestmark = pytest.mark.usefixtures("portal_site")
READERS = {"owner", "company_admin", "billing_member", "viewer"}
# Staff read every page, editors work in the admin.
INSIDE = {"support", "finance", "staff", "editor"}


def stored(title: str = "Prices") -> Any:
    """A document as editors upload it."""
    return get_document_model().objects.create(title=title, file=ContentFile(b"1,2,3", name="prices.csv"))


def download(document: Any) -> dict[str, Any]:
    return pages.block("download", {"document": document.pk, "title": ""})


def who_gets(document: Any, clients: dict[str, Client]) -> set[str]:
    answers = {name: client.get(document.url) for name, client in clients.items()}
    assert {answer.status_code for answer in answers.values()} <= {200, 404}
    return {name for name, answer in answers.items() if answer.status_code == 200}


def test_a_file_of_a_companys_page_does_not_exist_for_another_company(
    clients: dict[str, Client], company: Company
) -> None:
    document = stored()
    pages.article("Agreed prices", companies=[company], body=[download(document)])
    assert who_gets(document, clients) == READERS | INSIDE


@pytest.mark.parametrize("place", ["link", "video", "fold"])
def test_a_file_is_found_wherever_the_page_offers_it(clients: dict[str, Client], company: Company, place: str) -> None:
    document = stored()
    link = f'<p><a linktype="document" id="{document.pk}">prices</a></p>'
    body = {
        "link": pages.text(link),
        "video": pages.block("video", {"title": "Prices", "url": "", "file": document.pk, "transcript": ""}),
        "fold": pages.block("accordion", {"items": [{"title": "Prices", "body": [pages.text(link)]}]}),
    }[place]
    pages.article("Agreed prices", companies=[company], body=[body])
    assert who_gets(document, clients) == READERS | INSIDE


def test_one_public_page_opens_a_file_to_everyone(clients: dict[str, Client], company: Company) -> None:
    document = stored()
    pages.article("Agreed prices", companies=[company], body=[download(document)])
    pages.article("List prices", body=[download(document)])
    assert who_gets(document, clients) == set(clients)


def test_the_rule_of_the_topic_holds_for_files_too(clients: dict[str, Client], other_company: Company) -> None:
    document = stored()
    topic = pages.topic("For Ridgeline", companies=[other_company])
    pages.article("List prices", topic, body=[download(document)])
    assert who_gets(document, clients) == {"stranger"} | INSIDE


def test_a_file_that_no_live_page_offers_is_for_the_admin_alone(clients: dict[str, Client]) -> None:
    unused, draft, withdrawn = stored(), stored(), stored()
    pages.article("Draft", live=False, body=[download(draft)])
    page = pages.article("Withdrawn", body=[download(withdrawn)])
    assert who_gets(withdrawn, clients) == set(clients)
    page.unpublish()
    for document in (unused, draft, withdrawn):
        assert who_gets(document, clients) == INSIDE


def test_a_file_follows_the_page_to_other_readers(clients: dict[str, Client], company: Company) -> None:
    document = stored()
    page = pages.article("Prices", body=[download(document)])
    page.audience = ["resellers"]
    pages.publish(page)
    assert who_gets(document, clients) == {"reseller"} | INSIDE


def test_a_file_is_looked_up_in_few_queries(owner: User, company: Company, django_assert_max_num_queries: Any) -> None:
    document = stored()
    for number in range(20):
        pages.article(f"Prices {number}", companies=[company], body=[download(document)])
    client = client_of(owner)
    client.get(document.url)
    ContentType.objects.clear_cache()
    with django_assert_max_num_queries(12):
        assert client.get(document.url).status_code == 200


def test_a_file_is_kept_as_it_is_and_runs_nothing() -> None:
    document = stored()
    pages.article("Prices", body=[download(document)])
    answer = Client().get(document.url)
    assert answer.getvalue() == b"1,2,3"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_a_film_is_sent_in_parts_to_its_readers_alone(clients: dict[str, Client], company: Company) -> None:
    film = get_document_model().objects.create(title="Film", file=ContentFile(b"\0\0\0\x20ftypisom", name="f.mp4"))
    video = {"title": "Film", "url": "", "file": film.pk, "transcript": ""}
    pages.article("Agreed prices", companies=[company], body=[pages.block("video", video)])
    answer = clients["owner"].get(film.url, headers={"range": "bytes=4-7"})
    assert (answer.status_code, answer.getvalue(), answer["Content-Range"]) == (206, b"ftyp", "bytes 4-7/12")
    assert answer["Content-Type"] == "video/mp4"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert clients["stranger"].get(film.url, headers={"range": "bytes=4-7"}).status_code == 404


def test_pictures_have_addresses_that_nobody_guesses(company: Company) -> None:
    image = get_image_model().objects.create(title="Plan", file=get_test_image_file("secret-plan.png"))
    picture = {"image": {"image": image.pk, "decorative": False, "alt_text": "The plan"}, "caption": ""}
    pages.article("Plan", companies=[company], body=[pages.block("image", picture)])
    names = re.findall(r'src="(/media/[^"]+)"', HelpDocument.objects.get(title="Plan").body_html)
    assert len(names) == 1
    assert re.fullmatch(r"/media/images/[0-9a-f]{32}\.webp", names[0])
    assert Client().get(names[0]).status_code == 200
    assert Client().get(f"/media/{image.file.name}").status_code == 404


@pytest.mark.parametrize("climb", ["../", "%2e%2e/", "..%2f", "plans/../../", "%2e%2e%2f"])
def test_no_address_of_a_picture_climbs_to_documents_and_originals(climb: str, company: Company) -> None:
    document = stored()
    image = get_image_model().objects.create(title="Plan", file=get_test_image_file("secret-plan.png"))
    pages.article("Agreed prices", companies=[company], body=[download(document)])
    for name in (document.file.name, image.file.name):
        assert Client().get(f"/media/images/{climb}{name}").status_code in {400, 404}
