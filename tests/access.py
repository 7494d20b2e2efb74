"""Who gets which answer at which address: the access matrix.

Each row names an address by its URL pattern, an example of it, and the status for each of the cast; `EVERYONE` is the
default. A pattern that is not listed fails the test, so that nobody adds a page without saying who may see it.
"""

from dataclasses import dataclass, field

from tests.cast import CAST

EVERYONE, SIGNED_IN = dict.fromkeys(CAST, 200), dict.fromkeys(CAST, 200) | {"anonymous": 302}
MEMBERS = ("owner", "company_admin", "billing_member", "viewer", "stranger")
STAFF = ("support", "finance", "staff")


def only(*names: str, otherwise: int = 404, anonymous: int = 302) -> dict[str, int]:
    """These people get the page, other people `otherwise`."""
    return {**dict.fromkeys(CAST, otherwise), "anonymous": anonymous, **dict.fromkeys(names, 200)}


@dataclass(frozen=True)
class Row:
    """An address and its answers."""

    example: str
    answers: dict[str, int] = field(default_factory=lambda: EVERYONE)
    method: str = "get"


MATRIX: dict[str, Row] = {
    "healthz": Row("/healthz"),
    "readyz": Row("/readyz", dict.fromkeys(CAST, 503)),
    "^brand/accent-(?P<color>[0-9a-fA-F]{6})\\.css$": Row("/brand/accent-00695c.css"),
    "manifest.webmanifest": Row("/manifest.webmanifest"),
    "service-worker.js": Row("/service-worker.js"),
    "offline/": Row("/offline/"),
    "dashboard/": Row("/dashboard/", dict.fromkeys(CAST, 302)),
    "desks/switch/": Row("/desks/switch/", {**dict.fromkeys(CAST, 404), "anonymous": 302}, "post"),
    "customer/dashboard/": Row("/customer/dashboard/", only(*MEMBERS)),
    "developer/dashboard/": Row("/developer/dashboard/", only("developer")),
    "agency/dashboard/": Row("/agency/dashboard/", only("agency_admin")),
    "reseller/dashboard/": Row("/reseller/dashboard/", only("reseller")),
    "staff/dashboard/": Row("/staff/dashboard/", only(*STAFF)),
    "help/": Row("/help/"),
    "help/search/": Row("/help/search/?q=invoice"),
    "help/search/suggest/": Row("/help/search/suggest/?q=inv"),
    "help/feed/": Row("/help/feed/"),
    "help/search/click/": Row("/help/search/click/", dict.fromkeys(CAST, 405)),
    "help/feedback/<int:page_id>/": Row("/help/feedback/999999/", dict.fromkeys(CAST, 404)),
    "help/<path:path>.pdf": Row("/help/no-such-page.pdf", dict.fromkeys(CAST, 404)),
    "help/<path:path>/": Row("/help/no-such-page/", dict.fromkeys(CAST, 404)),
    "sitemap.xml": Row("/sitemap.xml"),
    "sitemap-<section>.xml": Row("/sitemap-help.xml"),
    "llms.txt": Row("/llms.txt"),
    "media/images/<path:path>": Row("/media/images/no-such-picture.webp", dict.fromkeys(CAST, 404)),
    "api/help/v1/pages/": Row("/api/help/v1/pages/"),
    "api/help/v1/pages/<uuid:id>/": Row(
        "/api/help/v1/pages/00000000-0000-4000-8000-000000000000/", dict.fromkeys(CAST, 404)
    ),
    "api/help/v1/search/": Row("/api/help/v1/search/?q=invoice"),
    "api/help/v1/suggest/": Row("/api/help/v1/suggest/?q=inv"),
    "api/schema/": Row("/api/schema/"),
    # In development only: settings decide whether these exist.
    "styleguide/": Row("/styleguide/"),
    "styleguide/<slug:name>/": Row("/styleguide/actions/"),
    "api/docs/": Row("/api/docs/"),
}
