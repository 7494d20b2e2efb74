"""What the browser of an editor posts: the forms of the Wagtail admin, filled in."""

from typing import Any

from django.test import Client
from django.utils.text import slugify
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from helpcenter.knowledge.models import HelpIndexPage

PAGES = "/admin/pages"
Row = tuple[str, Any]


def listed(*values: Any) -> dict[str, Any]:
    """A list of blocks."""
    return streamfield([("item", value) for value in values])


def stream(*blocks: Row) -> dict[str, Any]:
    """A stream of blocks: (type, value) of each."""
    return streamfield(list(blocks))


def text(html: str) -> Row:
    """Running text, as the rich text editor posts it."""
    return "text", rich_text(html)


def table(*cells: str) -> Row:
    """A table of one column below the heading “Amount”."""
    rows: dict[str, Any] = {}
    for number, cell in enumerate(cells):
        rows |= {f"row-{number}-order": number, f"row-{number}-deleted": "", f"cell-{number}-0": rich_text(cell)}
    column = {"column-0-type": "text", "column-0-order": "0", "column-0-deleted": "", "column-0-heading": "Amount"}
    return "table", {"caption": "Limits", "column-count": "1", "row-count": len(cells), **column, **rows}


def fields(title: str, /, **values: Any) -> dict[str, Any]:
    """What every help page posts; `values` take precedence."""
    known = {
        "title": title,
        "slug": slugify(title),
        "summary": f"{title} in a sentence.",
        "keywords": "",
        "product": "",
        "reviewer": "",
        "review_on": "",
        "audience": [],
        "audience_products": [],
        "body": stream(),
        "relations": inline_formset([]),
        "audience_companies": inline_formset([]),
        "comments": inline_formset([]),
    }
    return {**known, **values}


def posted(values: dict[str, Any]) -> dict[str, Any]:
    """Fields under the names of the form; lists are several answers to one field."""
    several = {name: value for name, value in values.items() if isinstance(value, list)}
    return {**nested_form_data({name: value for name, value in values.items() if name not in several}), **several}


def add(client: Client, kind: str, values: dict[str, Any], parent: Page | None = None, action: str = "") -> Any:
    """Post the form of a new page; `kind` such as "knowledge/articlepage"."""
    below = parent or HelpIndexPage.objects.get()
    return client.post(f"{PAGES}/add/{kind}/{below.pk}/", posted({**values, **pressed(action)}))


def edit(client: Client, page: Page, values: dict[str, Any], action: str = "") -> Any:
    """Post the form of a page that is there."""
    return client.post(f"{PAGES}/{page.pk}/edit/", posted({**values, **pressed(action)}))


def pressed(action: str) -> dict[str, str]:
    """The button that was pressed: "publish", "submit", "workflow-action" …; without one a draft is kept."""
    return {f"action-{action}": "1"} if action else {}


def errors_of(answer: Any) -> dict[str, list[str]]:
    """What the form of an answer says is wrong, by field."""
    found: dict[str, list[str]] = {name: list(errors) for name, errors in answer.context["form"].errors.items()}
    for name, formset in getattr(answer.context["form"], "formsets", {}).items():
        said = [message for form in formset.forms for errors in form.errors.values() for message in errors]
        if said:
            found[name] = said
    return found
