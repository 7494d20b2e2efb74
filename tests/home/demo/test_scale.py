"""Load for tests is what editors and members would have made, only more of it."""

from collections import Counter

import pytest
from django.db.models import Count
from django.test import Client
from wagtail.models import Page

from helpcenter.knowledge.models import ArticlePage, HelpDocument, SearchDocument, TopicPage, Word
from helpcenter.knowledge.services import indexing, publishing
from home.demo import people, scale
from home.demo.scale import companies, volumes, words
from home.models import HomePage
from home.setup import groups, site
from portal.accounts.models import Company, Membership, User
from tests.cast import client_of
from tests.plugins.standing import Standing

SIZES = (20, 10, 5, 4, 3, 3, 2, 1, 1, 1)


SAID: list[str] = []


def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let volumes be of a hundredth of their size."""
    monkeypatch.setattr(volumes, "SIZES", SIZES)
    monkeypatch.setattr(volumes, "ONE_COMPANY", 10)
    monkeypatch.setattr(companies, "A_THOUSAND_ARTICLES", 5)


def build() -> None:
    """The portal's pages and people, two small volumes and their companies."""
    SAID.clear()
    site.create()
    groups.create()
    people.create()
    with pytest.MonkeyPatch.context() as monkeypatch:
        small(monkeypatch)
        scale.create(thousands=2, say=SAID.append)


LOAD = Standing("load", build, is_begun=HomePage.objects.exists)


@pytest.fixture
def load(db: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two small volumes and their companies; what was said of them."""
    small(monkeypatch)
    LOAD.stand()
    return [*SAID]


def test_articles_companies_and_members_are_as_many_as_asked_for(load: list[str]) -> None:
    assert ArticlePage.objects.count() == 2 * sum(SIZES)
    assert TopicPage.objects.count() == 1 + 2 * (1 + len(SIZES))
    assert Company.objects.filter(slug__startswith="load-").count() == 10
    assert Membership.objects.filter(company__slug__startswith="load-").count() == 30
    assert len(load) == 4


def test_tree_is_sound(load: list[str]) -> None:
    assert Page.find_problems() == ([], [], [], [], [])


def test_every_page_has_its_document_in_the_index(load: list[str]) -> None:
    pages = 2 * sum(SIZES) + 1 + 2 * (1 + len(SIZES))
    assert HelpDocument.objects.count() == SearchDocument.objects.count() == pages
    assert ArticlePage.objects.exclude(help_document=None).count() == 2 * sum(SIZES)


def written() -> list[tuple[object, ...]]:
    """All that readers get of the articles, as it is kept."""
    fields = ("pk", "path", "title", "summary", "headings", "text", "body_html", "toc", "breadcrumbs", "minutes")
    rows = HelpDocument.objects.order_by("pk").values_list(*fields, "structured_data", "audience", "product", "topic")
    return list(rows)


def vocabulary() -> set[tuple[object, ...]]:
    return set(Word.objects.values_list("word", "audience", "frequency", "title_frequency"))


def test_documents_and_words_are_those_that_publishing_would_write(load: list[str]) -> None:
    documents, counts = written(), vocabulary()
    publishing.write(HelpDocument.objects.values_list("pk", flat=True))
    assert written() == documents
    assert vocabulary() == counts
    indexing.rebuild()
    assert vocabulary() == counts


def test_running_again_adds_only_what_is_missing(load: list[str]) -> None:
    before = set(Page.objects.values_list("pk", flat=True))
    scale.create(thousands=2, say=load.append)
    assert set(Page.objects.values_list("pk", flat=True)) == before
    scale.create(thousands=3, say=load.append)
    assert Page.objects.count() == len(before) + sum(SIZES) + 1 + len(SIZES)
    assert Company.objects.filter(slug__startswith="load-").count() == 15
    assert Page.find_problems() == ([], [], [], [], [])


def test_articles_are_spread_over_products_and_audiences(load: list[str]) -> None:
    rules = Counter(HelpDocument.objects.values_list("audience__rule", flat=True))
    kinds = {rule for rule in rules if "company:" not in rule}
    assert "[]" in kinds
    assert {'[["customers"]]', '[["developers"]]', '[["resellers"]]', '[["staff"]]'} <= kinds
    assert any("product:" in rule for rule in kinds)
    assert len(rules) > len(kinds), "some pages are for one company"
    products = HelpDocument.objects.values("product__slug").annotate(pages=Count("pk"))
    assert {row["product__slug"] for row in products} == {"erp", "sacco", "payroll", None}


def test_articles_can_be_read_and_members_can_sign_in(load: list[str]) -> None:
    public = HelpDocument.objects.filter(kind="article", audience__rule="[]").first()
    customers = HelpDocument.objects.filter(kind="article", audience__rule='[["customers"]]').first()
    assert public is not None
    assert customers is not None
    anonymous, member = Client(), Client()
    assert member.login(username="owner@load-00001.example", password=people.PASSWORD)
    assert public.title in anonymous.get(public.path).content.decode()
    assert anonymous.get(customers.path).status_code == 404
    assert customers.title in member.get(customers.path).content.decode()


def test_editor_can_open_an_article_in_the_admin(load: list[str]) -> None:
    page = ArticlePage.objects.first()
    assert page is not None
    client = client_of(User.objects.get(email="editor@portal.example"))
    response = client.get(f"/admin/pages/{page.pk}/edit/")
    assert response.status_code == 200
    assert page.title in response.content.decode()


def test_few_words_are_frequent_and_many_are_rare() -> None:
    known, totals = words.counted()
    counts = [after - before for before, after in zip((0, *totals), totals, strict=False)]
    assert len(known) == len(set(known)) > 20_000
    assert counts[0] > 10 * counts[30] > 10 * counts[1000]
    assert sum(counts[:100]) > 0.3 * totals[-1]
    assert known[0] == "the"
