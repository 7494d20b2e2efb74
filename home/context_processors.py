"""The vendor's brand on every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from home.brand import accessible_accent
from home.models import BrandSettings
from portal.core import page_cache
from portal.notifications.registry import Letterhead


def brand(request: HttpRequest) -> dict[str, Any]:
    """`brand` with name, tagline, logo_url, accent and support_email, read when a template asks; `base_url`."""
    return {"brand": SimpleLazyObject(lambda: brand_of(request)), "base_url": settings.BASE_URL}


def brand_of(request: HttpRequest | None) -> dict[str, Any]:
    """The brand as editors keep it, read once a generation of kept pages."""
    return page_cache.remembered("brand", lambda: read_brand(request))


def read_brand(request: HttpRequest | None) -> dict[str, Any]:
    """The brand, asked of the database."""
    found = BrandSettings.load(request_or_site=request)
    logo = found.logo.get_rendition("max-320x96").url if found.logo else ""
    return {
        "name": found.name,
        "tagline": found.tagline,
        "logo_url": logo,
        "accent": found.accent,
        "support_email": found.support_email,
    }


def letterhead() -> Letterhead:
    """The brand on e-mails."""
    found = brand_of(None)
    accent, accent_dark = accessible_accent(found["accent"])
    return Letterhead(found["name"], accent, accent_dark, found["logo_url"], found["support_email"])
