"""Reads what Labs answers. Its shapes are known from other clients alone: what is not understood is left out."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from portal.projects.labs.errors import Unreachable

LONGEST_NAME = 200
MOST_ROWS = 30
MOST_FIGURES = 20
LARGEST = 10**15
# Under which name a list stands, where the answer is not the list itself.
LISTS = ("results", "items", "products", "milestones", "releases", "insights", "data")
FIGURE = re.compile(r"[A-Za-z][A-Za-z0-9 _-]{0,59}")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at Labs; `subject` stays when name and address change."""

    subject: str
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Product:
    """A project at Labs; `key` is what is the same each time."""

    key: str
    uuid: UUID | None
    number: str
    name: str
    url: str


def identity(answer: Any) -> Identity:
    """The person of /me. Raises Unreachable when it names nobody."""
    row = unwrapped(answer)
    found = row if isinstance(row, dict) else {}
    uuid = uuid_of(found.get("uuid"))
    subject = str(uuid) if uuid else number_of(found.get("id"))
    if not subject:
        raise Unreachable("Labs answered, but did not say who you are.")
    name = f"{text(found.get('first_name'), 100)} {text(found.get('last_name'), 100)}".strip()
    email = text(found.get("email"), 254)
    return Identity(subject, email if "@" in email else "", name)


def product(row: Any) -> Product | None:
    """One project; nothing of a row that names none."""
    if not isinstance(row, dict):
        return None
    uuid = uuid_of(row.get("uuid")) or uuid_of(row.get("product_uuid"))
    number = number_of(row.get("id")) or number_of(row.get("product_id"))
    name = text(row.get("name"), LONGEST_NAME) or text(row.get("title"), LONGEST_NAME)
    key = str(uuid) if uuid else number
    return Product(key, uuid, number, name, web_address(row.get("url"))) if key and name else None


def rows(answer: Any) -> list[Any]:
    """The rows of a list, however it is wrapped. Raises Unreachable for what is no list."""
    found = unwrapped(answer)
    if isinstance(found, dict):
        found = next((found[name] for name in LISTS if isinstance(found.get(name), list)), None)
    if not isinstance(found, list):
        raise Unreachable("Labs answered with something else than a list.")
    return found


def dated(found: Iterable[Any], *days: str) -> list[dict[str, str]]:
    """Milestones or releases: name, day and state, as far as each has them; the day in the first of these fields."""
    made = []
    for row in found:
        if not isinstance(row, dict):
            continue
        name = next((words for field in ("name", "title", "version") if (words := text(row.get(field), 160))), "")
        day = next((on for field in days if (on := day_of(row.get(field)))), "")
        if name:
            made.append({"name": name, "on": day, "state": text(row.get("status") or row.get("state"), 40)})
    return made[:MOST_ROWS]


def figures(answer: Any) -> dict[str, int | float]:
    """Numbers that have names, and nothing else."""
    found = unwrapped(answer)
    pairs: Iterable[tuple[Any, Any]] = ()
    if isinstance(found, Mapping):
        pairs = found.items()
    elif isinstance(found, list):
        pairs = [(row.get("name"), row.get("value")) for row in found if isinstance(row, dict)]
    named = {name: value for name, value in pairs if is_name(name) and is_figure(value)}
    return dict(list(named.items())[:MOST_FIGURES])


def is_name(name: Any) -> bool:
    """Whether a number may be called so; identifiers are no figures."""
    return isinstance(name, str) and bool(FIGURE.fullmatch(name)) and not re.search(r"(^|_)(id|uuid)$", name.lower())


def is_figure(value: Any) -> bool:
    """Whether it is a number that can be shown."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < LARGEST if isinstance(value, int) else math.isfinite(value) and abs(value) < LARGEST


def unwrapped(answer: Any) -> Any:
    """What stands in {"data": …}, or the answer itself."""
    if isinstance(answer, dict) and isinstance(answer.get("data"), dict | list):
        return answer["data"]
    return answer


def text(value: Any, most: int) -> str:
    """Words in one line, without what cannot be seen or kept."""
    if not isinstance(value, str):
        return ""
    seen = "".join(" " if unicodedata.category(sign).startswith("C") else sign for sign in value[: most * 4])
    return " ".join(seen.split())[:most]


def uuid_of(value: Any) -> UUID | None:
    """A UUID, if it is one."""
    try:
        return UUID(value) if isinstance(value, str) and len(value) <= 36 else None
    except ValueError:
        return None


def number_of(value: Any) -> str:
    """A whole number from 1 on, in digits, if it is one."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    digits = str(value) if isinstance(value, str) or value < LARGEST else ""
    return digits if re.fullmatch(r"[1-9][0-9]{0,14}", digits) else ""


def day_of(value: Any) -> str:
    """A day in ISO's way, of a day or an instant."""
    try:
        return date.fromisoformat(value[:10]).isoformat() if isinstance(value, str) else ""
    except ValueError:
        return ""


def web_address(value: Any) -> str:
    """An address that a page may lead to."""
    found = text(value, 300)
    return found if re.fullmatch(r"https?://[^\s<>\"'\\]+", found) else ""
