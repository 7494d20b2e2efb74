"""What the registers of payments have in common."""

from collections.abc import Iterator
from typing import Any

from django.urls import path, reverse
from django.utils.html import format_html
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button

from portal.activity.registers import Register, RegisterIndexView
from portal.core.admin_lists import FigureColumn
from portal.core.money import words

AMOUNT = FigureColumn("money", label="Amount", accessor=lambda row: words(row.money))
COMPANY = Column("company", label="Company")
STATE = Column("status", label="State", accessor=lambda row: row.get_status_display())


class WithCompany(RegisterIndexView):
    """With companies at hand, the newest first."""

    related: tuple[str, ...] = ("company",)

    def get_base_queryset(self) -> Any:
        """All rows."""
        return self.model._default_manager.select_related(*self.related)


class ActingRegister(Register):
    """A register whose records have buttons: name, view."""

    actions: dict[str, Any] = {}

    def get_urlpatterns(self) -> list[Any]:
        """List and inspect view, and what may be done."""
        own = [
            path(f"{name}/<int:pk>/" if view.is_about_one else f"{name}/", self.construct_view(view), name=name)
            for name, view in self.actions.items()
        ]
        return [*super().get_urlpatterns(), *own]


def button(register: str, name: str, label: str, icon: str, pk: int | None = None) -> Button:
    """A button that leads to an action."""
    args = [] if pk is None else [pk]
    return Button(label, url=reverse(f"{register}:{name}", args=args), icon_name=icon, priority=10)


def link(name: str, pk: int | None, label: object) -> Any:
    """The way to another record of the registers."""
    return format_html('<a href="{}">{}</a>', reverse(f"{name}:inspect", args=[pk]), label) if pk else "–"


def moments(row: Any, *names: str) -> Iterator[tuple[str, Any]]:
    """Instants that are there, with their names."""
    for name in names:
        if value := getattr(row, name):
            yield name.replace("_", " ").capitalize(), value
