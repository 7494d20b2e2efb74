"""`{% show_widget widget %}`: a widget of a dashboard, which never takes the page down."""

from typing import Any

import structlog
from django import template
from django.template.context import Context
from django.template.loader import render_to_string

from portal.core.questions import start_afresh

log = structlog.get_logger(__name__)
register = template.Library()


def note_broken(request: Any) -> None:
    """Remember that a part of the page is missing: it is not what the reader should get again."""
    if request is not None:
        vars(request)["has_broken_widget"] = True


@register.simple_tag(takes_context=True)
def show_widget(context: Context, widget: Any) -> str:
    """The widget, or in its place that it cannot be shown and a button to try again."""
    known: Any = context.flatten()
    try:
        return str(widget.render(known))
    except Exception:
        # What was read may ask the database only now; the widgets beside it are shown all the same.
        log.exception("widget_failed", widget=widget.block_type)
        start_afresh()
        note_broken(known.get("request"))
        return render_to_string("core/widgets/broken.html", {**known, "id": widget.id, "value": widget.value})
