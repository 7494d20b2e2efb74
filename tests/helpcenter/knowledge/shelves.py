"""A help center of any size, written at once."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from helpcenter.knowledge.models import (
    ArticlePage,
    FAQPage,
    HelpIndexPage,
    HelpPage,
    HelpPageRelation,
    TopicPage,
    TroubleshootingPage,
    TutorialPage,
)
from helpcenter.knowledge.services import publishing
from home.demo.scale import tree
from tests.helpcenter.knowledge import pages

TEXT = [pages.text("<p>The levy is due on the twentieth.</p>")]
NODE = {"key": "start", "title": "Is the levy due?", "body": TEXT, "answers": []}


def kinds() -> list[HelpPage]:
    """One page of each type that holds content, unsaved."""
    step = pages.block("step", {"title": "Open the return", "body": TEXT})
    return [
        ArticlePage(title="Levy article", slug="article", body=TEXT),
        TutorialPage(title="Levy tutorial", slug="tutorial", steps=[step]),
        FAQPage(title="Levy question", slug="faq", body=TEXT),
        TroubleshootingPage(title="Levy trouble", slug="trouble", nodes=[pages.block("node", NODE)]),
    ]


def stand(parent: Page, made: Iterable[HelpPage]) -> list[HelpPage]:
    """Let live pages stand below another and write what readers get of them."""
    fresh = Page.objects.get(pk=parent.pk).specific
    added = [fresh.add_child(instance=page) for page in made]
    publishing.write(page.pk for page in added)
    return added


def stand_many(kind: type[HelpPage], parent: Page, rows: Iterable[dict[str, Any]]) -> list[Page]:
    """Many live pages below another, given by their fields, and what readers get of them; in a tenth of the time."""
    now = timezone.now()
    published = {"first_published_at": now, "last_published_at": now}
    fresh = Page.objects.get(pk=parent.pk)
    added = tree.add(kind, fresh, [{"summary": "", "body": TEXT, **published, **row} for row in rows])
    publishing.write(page.pk for page in added)
    return added


class Growing:
    """A topic whose children, a help center whose topics, and an article whose related pages become more."""

    def __init__(self) -> None:
        self.index = HelpIndexPage.objects.get()
        (self.topic,) = stand(self.index, [TopicPage(title="Levies", slug="levies")])
        self.kinds = stand(self.topic, kinds())
        self.size = 0

    def grow(self, size: int) -> None:
        """Let there be so many more articles, questions and topics."""
        numbers = range(self.size, size)
        articles = [{"title": f"Levy {n}", "slug": f"a{n}", "summary": "What is due."} for n in numbers]
        questions = [{"title": f"What is levy {n}?", "slug": f"q{n}"} for n in numbers]
        added = [*stand_many(ArticlePage, self.topic, articles), *stand_many(FAQPage, self.topic, questions)]
        stand_many(TopicPage, self.index, [{"title": f"Topic {n}", "slug": f"t{n}", "body": []} for n in numbers])
        article = self.kinds[0]
        HelpPageRelation.objects.bulk_create(
            HelpPageRelation(page_id=article.pk, related_id=page.pk, sort_order=page.pk) for page in added[:10]
        )
        self.size = size
