"""Where a refusal of the domain becomes an error of the form that asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpResponse

from portal.core.errors import DomainError


@contextmanager
def refusals_on(form: BaseForm) -> Iterator[None]:
    """Put a DomainError of the block on the form: on the field that it names if the form has it, else on top.

    The block of a view ends with `return redirect(…)`; what follows the block shows the form again.
    """
    try:
        yield
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, ValidationError(error.message, error.code))


class RefusalsMixin:
    """For class-based form views: a DomainError raised by `form_valid` shows the form again with the error on it."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Save the form, or show what speaks against it."""
        base: Any = super()
        mixed_into: Any = self
        with refusals_on(form):
            saved: HttpResponse = base.form_valid(form)
            return saved
        shown_again: HttpResponse = mixed_into.form_invalid(form)
        return shown_again
