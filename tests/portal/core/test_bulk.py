"""Many rows at once are the rows that saving them one by one makes."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from portal.core import bulk
from portal.core.models import NumberSeries
from tests.portal.core.sample.models import Chore, Secret

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_copy_writes_what_saving_writes():
    Secret.objects.create(name="a\tb\n\\N", token="s3cret", details={"of": ["all", None]})
    bulk.copy(Secret, ["name", "token", "details"], [("a\tb\n\\N", "s3cret", {"of": ["all", None]})])
    saved, copied = Secret.objects.order_by("pk")
    assert (copied.name, copied.token, copied.details) == (saved.name, saved.token, saved.details)
    assert saved.pk < copied.pk
    assert saved.public_id != copied.public_id


def test_copy_fills_in_defaults_and_what_all_rows_have_in_common():
    bulk.copy(Chore, ["id"], [(7,), (8,)], available_at=AT)
    assert list(Chore.objects.order_by("pk").values_list("pk", "state", "attempts", "available_at", "queued_at")) == [
        (7, "queued", 0, AT, None), (8, "queued", 0, AT, None),
    ]  # fmt: skip


def test_each_row_has_an_identifier_of_its_own():
    bulk.copy(Secret, ["token"], [(None,), (None,)], name="both")
    assert len(set(Secret.objects.values_list("public_id", flat=True))) == 2
    assert set(Secret.objects.values_list("name", "token")) == {("both", None)}


def test_copy_of_nothing_writes_nothing():
    bulk.copy(Secret, ["name"], [])
    assert not Secret.objects.exists()


def test_copy_is_refused_as_saving_is():
    with pytest.raises(IntegrityError, match="duplicate"):
        bulk.copy(NumberSeries, ["series", "year"], [("INV", 2026), ("INV", 2026)], last=0)


def test_names_of_no_column_are_refused():
    with pytest.raises((KeyError, FieldDoesNotExist)):
        bulk.copy(Secret, ["colour"], [("red",)])


def test_keys_are_new_each_time():
    keys = [*bulk.reserve_keys(Secret, 3), *bulk.reserve_keys(Secret, 2)]
    assert sorted(set(keys)) == keys
    assert Secret.objects.create().pk == keys[-1] + 1


def test_lookup_among_keys_is_one_value_however_many():
    made = [Secret.objects.create(name=str(number)) for number in range(3)]
    with CaptureQueriesContext(connection) as captured:
        found = Secret.objects.filter(pk__in=bulk.among(row.pk for row in made[:2]))
        assert sorted(row.name for row in found) == ["0", "1"]
    assert "ARRAY[" in captured[0]["sql"] or "'{" in captured[0]["sql"]
    assert not Secret.objects.filter(pk__in=bulk.among([])).exists()
