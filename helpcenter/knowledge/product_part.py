"""Help pages on the page of a product."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.catalog.models import Product
from billing.launch.registry import Line, Part
from helpcenter.knowledge.models import HelpDocument
from helpcenter.knowledge.models.documents import Kind
from helpcenter.knowledge.readers import reader_of
from portal.core.http import MemberRequest

ARTICLES = 5


def articles(request: MemberRequest, product: Product) -> Part | None:
    """The pages on the product that the member may read, the last changed first; None without any."""
    pages = HelpDocument.objects.readable_by(reader_of(request)).filter(product=product).exclude(kind=Kind.TOPIC)
    found = pages.listed().order_by("-updated_at", "pk")[:ARTICLES]
    lines = [Line(page.title, page.path, read_in(page.minutes)) for page in found]
    search = f"{reverse('help-search')}?{urlencode({'product': product.slug})}"
    return Part(_("Help"), lines, _("All articles"), search) if lines else None


def read_in(minutes: int) -> str:
    """How long it takes to read."""
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
