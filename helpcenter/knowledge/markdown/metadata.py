"""What the front matter says of a page, in the field names of several systems."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from helpcenter.knowledge.markdown.decoding import printable
from helpcenter.knowledge.markdown.errors import UnreadableSource

KINDS = ("article", "tutorial", "faq", "troubleshooting", "topic")
KINDS_OF_OTHERS = {
    "troubleshooter": "troubleshooting",
    "question": "faq",
    "category": "topic",
    "section": "topic",
    "docs": "article",
}
GROUPS = ("customers", "developers", "resellers", "staff")
PARTICULAR = re.compile(r"(product|company):[\w.-]+")
ICON = re.compile(r"[a-z][a-z0-9-]{0,39}")
NAMES = {
    "summary": ("summary", "description", "excerpt"),
    "keywords": ("keywords", "ms.search.keywords", "tags"),
    "redirects": ("redirect_from", "redirects", "aliases"),
    "order": ("order", "sidebar_position", "nav_order", "weight"),
    "slug": ("slug",),
}


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a page beside its text. An empty audience is that of the page above."""

    title: str = ""
    seo_title: str = ""
    kind: str = ""
    summary: str = ""
    keywords: str = ""
    product: str = ""
    audience: tuple[str, ...] = ()
    owner: str = ""
    review_on: date | None = None
    related: tuple[str, ...] = ()
    redirects: tuple[str, ...] = ()
    slug: str = ""
    order: float | None = None
    minutes: int | None = None
    video: str = ""
    icon: str = ""
    is_draft: bool = False


def read_metadata(fields: dict[str, Any]) -> tuple[Metadata, list[str]]:
    """The metadata and what could not be taken. Raises UnreadableSource for an audience that is not known."""
    warnings: list[str] = []
    foreign = any(name.startswith("ms.") for name in fields)
    return (
        Metadata(
            title=text(fields.get("title")),
            seo_title=text(fields.get("seo_title")),
            kind=_kind(fields, warnings),
            summary=text(_first(fields, "summary")),
            keywords=", ".join(dict.fromkeys(texts(_first(fields, "keywords")))),
            product=text(fields.get("product")).lower(),
            audience=_audience(fields, foreign=foreign, warnings=warnings),
            owner=text(fields.get("owner")).lower(),
            review_on=_day(fields, warnings),
            related=texts(fields.get("related")),
            redirects=texts(_first(fields, "redirects")),
            slug=text(_first(fields, "slug")).strip("/").rsplit("/", 1)[-1],
            order=_number(_first(fields, "order")),
            minutes=_minutes(fields),
            video=_video(fields, warnings),
            icon=text(fields.get("icon")) if ICON.fullmatch(text(fields.get("icon"))) else "",
            is_draft=fields.get("draft") is True or fields.get("published") is False,
        ),
        warnings,
    )


def _first(fields: dict[str, Any], name: str) -> Any:
    return next((fields[alias] for alias in NAMES[name] if fields.get(alias) not in (None, "", [])), None)


def text(value: Any) -> str:
    """A value as one line; lists and mappings are none."""
    return "" if value is None or isinstance(value, list | dict) else " ".join(printable(str(value)).split())


def texts(value: Any) -> tuple[str, ...]:
    """A list, or a text with commas, as its entries."""
    parts = value if isinstance(value, list) else text(value).split(",")
    return tuple(entry for entry in (text(part) for part in parts) if entry)


def _kind(fields: dict[str, Any], warnings: list[str]) -> str:
    asked = text(fields.get("type")).lower()
    kind = KINDS_OF_OTHERS.get(asked, asked)
    if kind and kind not in KINDS:
        warnings.append(f"The type “{asked}” is not known; the page becomes an article. Known are: {', '.join(KINDS)}.")
        return ""
    return kind


def _audience(fields: dict[str, Any], *, foreign: bool, warnings: list[str]) -> tuple[str, ...]:
    named = tuple(name.lower() if not name.startswith("company:") else name for name in texts(fields.get("audience")))
    unknown = [name for name in named if name not in (*GROUPS, "public") and not PARTICULAR.fullmatch(name)]
    if unknown and foreign:
        warnings.append(f"The audience “{', '.join(unknown)}” is of another system and not used.")
        return ()
    if unknown:
        known = ", ".join(("public", *GROUPS, "product:<slug>", "company:<slug>"))
        raise UnreadableSource(f"The audience “{', '.join(unknown)}” is not known. Known are: {known}.")
    return () if "public" in named else named


def _day(fields: dict[str, Any], warnings: list[str]) -> date | None:
    value = fields.get("review_on")
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or value is None:
        return value
    try:
        return date.fromisoformat(text(value))
    except ValueError:
        warnings.append(f"The review date “{text(value)}” is not a day such as 2027-01-31.")
        return None


def _video(fields: dict[str, Any], warnings: list[str]) -> str:
    address = text(fields.get("video"))
    try:
        if address:
            URLValidator(["http", "https"])(address)
    except ValidationError:
        warnings.append(f"The video “{address}” is no address of a web page.")
        return ""
    return address


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _minutes(fields: dict[str, Any]) -> int | None:
    number = _number(fields.get("minutes"))
    return int(number) if number is not None and 0 < number < 10_000 else None
