"""The page that an import goes under."""

from django.utils.text import slugify
from wagtail.models import Page

from helpcenter.knowledge.models import HelpIndexPage, TopicPage
from portal.core.errors import DomainError


class UnknownPlace(DomainError):
    """No page, or more than one, has the slug that was given."""

    code = "unknown_place"


def find(slug: str) -> Page | None:
    """The help center or the topic with this slug; a path such as "erp/selling" tells topics of one slug apart.

    None when there is no such page and one may be made. Raises UnknownPlace.
    """
    index = HelpIndexPage.objects.first()
    if index is None:
        raise UnknownPlace("There is no help center yet: run setup_site first.")
    path = slug.strip("/").removeprefix("help/")
    if path in ("", index.slug):
        return index
    found = [page for page in TopicPage.objects.descendant_of(index) if f"/{page.url_path}".endswith(f"/{path}/")]
    if len(found) > 1:
        paths = ", ".join(sorted(page.url_path.removeprefix(index.url_path).strip("/") for page in found))
        raise UnknownPlace(f"Several topics are called “{slug}”: {paths}. Give the path of one.")
    if not found and slugify(path) != path:
        raise UnknownPlace(f"No topic is called “{slug}”.")
    return found[0] if found else None


def make(slug: str) -> TopicPage:
    """Make and publish a topic of this slug, right below the help center."""
    topic = TopicPage(title=slug.replace("-", " ").capitalize(), slug=slug, live=False)
    HelpIndexPage.objects.get().add_child(instance=topic)
    topic.save_revision(clean=False).publish()
    return topic
