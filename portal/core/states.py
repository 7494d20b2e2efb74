"""States of records, on django-fsm-2: a transition is a method of the model that changes fields and saves nothing.

class Invoice(StateModel):
    status = StateField(choices=Status.choices, default=Status.DRAFT)

    @transition(status, source=Status.DRAFT, target=Status.OPEN)
    def issue(self, *, at: datetime) -> None:
        self.issued_at = at
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import django_fsm
from django.db import models
from django.db.models.signals import class_prepared
from django.utils.translation import gettext as _

from portal.core.errors import InvalidTransition

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=models.Model)
Condition = Callable[[Any], bool]


class StateDescriptor(django_fsm.FSMFieldDescriptor):
    """Refuses assignment, but for a refresh of this very instance."""

    def __set__(self, instance: Any, value: Any) -> None:
        if getattr(instance, "_is_refreshing", False):
            self.field.set_state(instance, value)
        else:
            super().__set__(instance, value)


class StateField(django_fsm.FSMField):
    """A state that only transitions change: assigning to it raises AttributeError."""

    descriptor_class = StateDescriptor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"protected": True, **kwargs})

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False, **kwargs: Any
    ) -> None:
        """Join a model; those that migrations make up, thousands in one go, have no transitions to look for."""
        super().contribute_to_class(cls, name, private_only=private_only, **kwargs)
        if cls.__module__ == "__fake__":
            class_prepared.disconnect(self._collect_transitions)


class StateModel(models.Model):
    """A model with StateFields that can be refreshed.

    django-fsm's own FSMModelMixin lifts the protection of the field for all threads at once while it refreshes one
    record; two threads that refresh together then raise AttributeError.
    """

    # Read by StateDescriptor.
    _is_refreshing = False

    class Meta:
        abstract = True

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read the fields again, states included."""
        self._is_refreshing = True
        try:
            super().refresh_from_db(*args, **kwargs)
        finally:
            self._is_refreshing = False


def transition(
    field: str | StateField, *, source: str | Sequence[str], target: str, conditions: Sequence[Condition] = ()
) -> Callable[[Callable[Concatenate[M, P], R]], Callable[Concatenate[M, P], R]]:
    """Make a method a transition from one or several states, while all `conditions` hold.

    The method raises InvalidTransition, changing nothing, in any other state.
    """
    sources = source if isinstance(source, str) else list(source)
    fsm = django_fsm.transition(field, source=sources, target=target, conditions=list(conditions))

    def decorate(method: Callable[Concatenate[M, P], R]) -> Callable[Concatenate[M, P], R]:
        moves: Any = fsm(method)

        @wraps(method)
        def move(record: M, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if not django_fsm.can_proceed(moves.__get__(record)):
                raise _refusal(record, moves)
            result: R = moves(record, *args, **kwargs)
            return result

        return move

    return decorate


def possible(record: models.Model, field: str = "status") -> tuple[str, ...]:
    """Name the transitions that the record's state allows now, in alphabetical order."""
    return tuple(sorted(move.name for move in getattr(record, f"get_available_{field}_transitions")()))


def _refusal(record: models.Model, moves: Any) -> InvalidTransition:
    field = moves._django_fsm.field.name
    allowed = possible(record, field)
    words = {
        "record": str(record._meta.verbose_name),
        "state": getattr(record, f"get_{field}_display")(),
        "name": moves.__name__.replace("_", " "),
        "allowed": ", ".join(name.replace("_", " ") for name in allowed) or _("nothing more"),
    }
    text = _("This %(record)s is “%(state)s”: “%(name)s” is not possible. Possible now: %(allowed)s.")
    return InvalidTransition(text % words, possible=allowed)
