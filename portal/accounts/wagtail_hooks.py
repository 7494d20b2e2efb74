"""What the accounts app adds to the Wagtail admin."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from portal.accounts.models import User
from portal.core import reader_cache


@hooks.register("after_bulk_action")
def forget_pages_of(request: HttpRequest, action_type: str, objects: Iterable[Any], action: object) -> None:
    """Forget the pages kept for people who were changed many at once: Wagtail locks them out without saving them."""
    reader_cache.expire_for([changed.pk for changed in objects if isinstance(changed, User)])
