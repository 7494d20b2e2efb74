"""Numbers of clauses, written into the text: 1., 1.1, (a), (i), (A)."""

from collections.abc import Iterable

from bs4 import BeautifulSoup, Tag

ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def number(pages: Iterable[BeautifulSoup]) -> None:
    """Make plain elements of numbered lists, with the number at the beginning of each: no style sheet changes it."""
    for page in pages:
        for found in page.find_all("ol"):
            if found.find_parent("ol") is None:
                _number(found, page, [])
        for found in page.find_all("ol"):
            _make_plain(found)


def _number(listed: Tag, page: BeautifulSoup, above: list[int]) -> None:
    for count, item in enumerate(listed.find_all("li", recursive=False), 1):
        place = [*above, count]
        for inner in item.find_all("ol"):
            if inner.find_parent("ol") is listed:
                _number(inner, page, place)
        mark = page.new_tag("span", attrs={"class": "clause-number"})
        mark.string = written(place)
        item.insert(0, mark, " ")


def _make_plain(listed: Tag) -> None:
    listed.name, listed.attrs["class"] = "div", "clauses"
    for item in listed.find_all("li", recursive=False):
        item.name, item.attrs["class"] = "div", "clause"


def written(place: list[int]) -> str:
    """The number of an item by its place in each of the lists around it."""
    if len(place) == 1:
        return f"{place[0]}."
    if len(place) == 2:
        return f"{place[0]}.{place[1]}"
    styles = (letters, roman, capitals)
    return f"({styles[(len(place) - 3) % len(styles)](place[-1])})"


def letters(count: int) -> str:
    """a, b, … z, aa, ab, …."""
    found = ""
    while count > 0:
        count, rest = divmod(count - 1, 26)
        found = chr(ord("a") + rest) + found
    return found


def capitals(count: int) -> str:
    """A, B, … Z, AA, AB, …."""
    return letters(count).upper()


def roman(count: int) -> str:
    """i, ii, iii, iv …."""
    found = ""
    for value, sign in ROMAN:
        found += sign * (count // value)
        count %= value
    return found
