"""Publishes pages that an import has filled."""

from collections import defaultdict
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from modelsearch.backends import get_search_backends
from wagtail.models import COMMENTS_RELATION_NAME, PageLogEntry, ReferenceIndex, Revision
from wagtail.signals import page_published

from helpcenter.knowledge.services.importing import rows


class Publication:
    """Publishes one page after another; what Wagtail keeps beside the pages is written for all of them at the end."""

    def __init__(self) -> None:
        self._fresh: dict[Any, list[Any]] = defaultdict(list)
        self._entries: list[PageLogEntry] = []

    def publish(self, page: Any) -> None:
        """Keep a revision and make it live. Raises ValidationError."""
        # Relations are keys that were looked up just now, and the tree keeps what is unique.
        known = [field.name for field in page._meta.concrete_fields if field.is_relation or field.unique]
        page.full_clean(exclude=known)
        if page.latest_revision_id or page.live:
            page.save_revision(clean=False).publish()
            page = type(page).objects.get(pk=page.pk)
        else:
            self._publish_first(page)
        ReferenceIndex.create_or_update_for_object(page)

    def _publish_first(self, page: Any) -> None:
        setattr(page, COMMENTS_RELATION_NAME, [])
        page.live, page.has_unpublished_changes = True, False
        page.first_published_at = page.last_published_at = page.latest_revision_created_at = timezone.now()
        revision = Revision.objects.create(
            content_object=page,
            base_content_type=page.get_base_content_type(),
            content=page.serializable_data(),
            object_str=str(page),
        )
        page.latest_revision = page.live_revision = revision
        rows.update(page)
        page_published.send(sender=type(page), instance=page, revision=revision)
        self._fresh[type(page)].append(page)
        self._entries.append(log_entry(page, revision))

    def finish(self) -> None:
        """Write log and index of the CMS for the pages that are new."""
        PageLogEntry.objects.bulk_create(self._entries, batch_size=500)
        for backend in get_search_backends(with_auto_update=True):
            for model, pages in self._fresh.items():
                backend.add_bulk(model, pages)


def log_entry(page: Any, revision: Revision) -> PageLogEntry:
    """What the history of the page shows."""
    return PageLogEntry(
        content_type=ContentType.objects.get_for_model(type(page)),
        page_id=page.pk,
        label=page.title,
        action="wagtail.publish",
        timestamp=page.last_published_at,
        revision=revision,
        content_changed=True,
    )
