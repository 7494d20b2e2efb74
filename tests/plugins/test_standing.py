"""What stands in a test's database is what the portal's own code makes."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from wagtail.models import GroupPagePermission, Page, Site, WorkflowPage

from home.models import DashboardPage, HomePage
from tests.cast import GROUPS, SITE


def found() -> list[object]:
    """Pages, rights and what hangs on them, without their numbers."""
    rights = GroupPagePermission.objects.values_list("group__name", "permission__codename", "page__depth")
    return [
        sorted(Page.objects.values_list("path", "title", "live", "url_path", "numchild", "has_unpublished_changes")),
        sorted((page.desk_kind, [block.block_type for block in page.body]) for page in DashboardPage.objects.all()),
        list(Site.objects.values_list("hostname", "site_name", "root_page__title")),
        sorted(rights),
        sorted(group.permissions.count() for group in Group.objects.all()),
        WorkflowPage.objects.count(),
    ]


@pytest.mark.django_db
def test_laid_in_or_made_is_the_same() -> None:
    with transaction.atomic():
        SITE.build()
        GROUPS.build()
        made = found()
        transaction.set_rollback(True)
    for standing in (SITE, GROUPS):
        standing.prepare()
        standing.stand()
    assert found() == made
    connection.check_constraints()


@pytest.mark.django_db
def test_what_stands_is_not_laid_in_again(portal_groups: None, portal_site: None) -> None:
    before = found()
    SITE.stand()
    GROUPS.stand()
    assert found() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_a_test_with_real_transactions_gets_them_too(time: int, portal_site: None) -> None:
    connection.close()
    assert HomePage.objects.count() == 1
    assert not Page.objects.filter(slug="home", depth=2).exists()
