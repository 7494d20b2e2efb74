"""The style guide's pages; they exist in development only."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from home.styleguide import samples

SECTIONS = {
    "foundations": ("Foundations", "layout-grid"),
    "actions": ("Actions", "zap"),
    "forms": ("Forms", "list-checks"),
    "figures": ("Figures and charts", "chart-line"),
    "lists": ("Lists and tables", "list"),
    "messages": ("Messages and states", "message-square"),
    "articles": ("Articles", "book-open"),
    "work": ("Work", "inbox"),
    "training": ("Training and papers", "graduation-cap"),
}


@require_safe
def section(request: HttpRequest, name: str) -> HttpResponse:
    """One page of the style guide."""
    if not settings.DEVELOPMENT or name not in SECTIONS:
        raise Http404
    context = {"title": SECTIONS[name][0], "navigation": navigation(name), **samples.context_of(name)}
    return render(request, f"styleguide/{name}.html", context)


def navigation(current: str) -> list[dict[str, object]]:
    """The sections, as the sidebar shows them."""
    entries = [
        {"label": title, "icon": icon, "url": address(name), "active": name == current}
        for name, (title, icon) in SECTIONS.items()
    ]
    return [{"label": "Style guide", "entries": entries}]


def address(name: str) -> str:
    """Where a section is."""
    return reverse("styleguide") if name == "foundations" else reverse("styleguide-section", args=[name])
