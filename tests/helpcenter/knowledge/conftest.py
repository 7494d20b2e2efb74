"""A help center to work in."""

import pytest

from home.models import HomePage
from tests.helpcenter.knowledge import pages
from tests.plugins.standing import Standing

HELP_CENTER = Standing("help_center", pages.help_center, is_begun=HomePage.objects.exists)


@pytest.fixture
def help_center(db: None) -> None:
    """The help center alone, without the other pages of the portal."""
    HELP_CENTER.stand()
