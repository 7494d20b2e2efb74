"""Files that pages offer: whoever may read one of these pages may have the file."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, ReferenceIndex

from helpcenter.knowledge.models import HelpDocument, Reader


def may_be_read(*, file: Any, by: Reader) -> bool:
    """Whether a live page that the reader may read offers the file; one that no live page offers is not to be had."""
    types = ContentType.objects.get_for_models(type(file), Page)
    offering = ReferenceIndex.objects.filter(
        to_content_type=types[type(file)], to_object_id=str(file.pk), base_content_type=types[Page]
    )
    pages = [int(pk) for pk in offering.values_list("object_id", flat=True)]
    return bool(pages) and HelpDocument.objects.readable_by(by).filter(pk__in=pages).exists()
