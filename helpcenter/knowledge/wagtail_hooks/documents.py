"""Files ask for the readers of the pages that offer them."""

from typing import Any, cast

from django.http import Http404, HttpRequest
from wagtail import hooks

from helpcenter.knowledge.readers import reader_of
from helpcenter.knowledge.services import files
from portal.core.http import PortalRequest


@hooks.register("before_serve_document", order=-1)
def only_for_readers(document: Any, request: HttpRequest) -> None:
    """Let pass who may read a page that offers the file, and who works in the admin. Raises Http404."""
    if request.user.has_perm("wagtailadmin.access_admin"):
        return
    if not files.may_be_read(file=document, by=reader_of(cast("PortalRequest", request))):
        raise Http404("No page that the reader may know of offers this file.")
