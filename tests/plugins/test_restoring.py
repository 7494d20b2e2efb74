"""A test with real transactions leaves the database as the migrations did."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from wagtail.models import Site

from portal.accounts.models import Company
from tests.factories import CompanyFactory
from tests.plugins.databases import connect
from tests.plugins.restoring import SEQUENCES, Original

# Keys that tests of this process gave: sequences are put back too.
SEEN: list[int] = []


@pytest.mark.django_db(transaction=True)
def test_rows_that_were_added_changed_and_deleted_are_put_back(staff) -> None:
    name = connection.settings_dict["NAME"]
    with connect(name) as server:
        original = Original(server)
        before = (original.marks, server.execute(SEQUENCES).fetchall())
    CompanyFactory.create()
    Site.objects.update(hostname="changed.example")
    Group.objects.all().delete()
    connection.close()
    with connect(name) as server:
        assert Original(server).marks != before[0]
        original.restore(server)
        assert (Original(server).marks, server.execute(SEQUENCES).fetchall()) == before
    assert Site.objects.get().hostname != "changed.example"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_next_test_finds_no_company_of_the_one_before(time: int) -> None:
    assert list(Company.objects.all()) == []
    SEEN.append(CompanyFactory.create().pk)
    assert set(SEEN) == {SEEN[0]}
