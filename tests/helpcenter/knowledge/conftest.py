"""A help center to work in."""

import pytest

from helpcenter.knowledge.models import HelpIndexPage
from home.setup import site


@pytest.fixture
def help_center(db: None) -> None:
    """The help center alone, without the other pages of the portal."""
    site.front_door().add_child(instance=HelpIndexPage(title="Help center", slug="help"))
