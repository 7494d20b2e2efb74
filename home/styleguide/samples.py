"""Made-up contents of the style guide: data/*.json, and what is reckoned from it."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.template import Context as TemplateContext
from django.template import Template

from home.styleguide.forms import SampleForm
from portal.core import charts

Context = dict[str, Any]
DATA = Path(__file__).parent / "data"
HTML_KEYS = ("body", "contract")


def read(name: str) -> Context:
    """The sample data of one section."""
    content: Context = json.loads((DATA / f"{name}.json").read_text("utf-8"), object_hook=as_typed)
    return content


def as_typed(found: Context) -> Context:
    """Instants become datetimes; HTML of our own files is rendered as the template that it is."""
    for key, value in found.items():
        if key == "at":
            found[key] = datetime.fromisoformat(value)
        elif key in HTML_KEYS or (key == "title" and "<mark>" in value):
            found[key] = Template(value).render(TemplateContext())
    return found


def context_of(name: str) -> Context:
    """What the page of a section shows."""
    reckoned = {"forms": forms_shown, "figures": figures, "lists": lists}
    known = (DATA / f"{name}.json").exists()
    return {**read("shell"), **(read(name) if known else {}), **(reckoned[name]() if name in reckoned else {})}


def forms_shown() -> Context:
    """A fresh form and one sent empty."""
    return {"form": SampleForm(prefix="fresh"), "refused": SampleForm({}, prefix="refused")}


def figures() -> Context:
    """One chart of each kind, and figures with a course."""
    data = read("figures")
    users, earlier, use = data["users"], data["earlier"], data["use"]
    last = {name: row[-1] for name, row in use.items()}
    return {
        "products": data["products"],
        "line": charts.line("Active users a day", data["days"], {"Active users": users}, before=earlier),
        "bars": charts.bars("Active users by product", data["months"], use),
        "stacked": charts.stacked("Active users of all products", data["months"], use),
        "donut": charts.donut("Active users in November", last),
        "spark": charts.sparkline(users, label="Active users over 30 days, from 31 to 56"),
        "falling": charts.sparkline(earlier[::-1], label="Open tickets over 30 days, from 45 to 28"),
    }


def lists() -> Context:
    """A page of a long list."""
    page = Paginator(range(231), 25).page(4)
    return {"page": page, "pages": list(page.paginator.get_elided_page_range(4, on_each_side=1, on_ends=1))}
