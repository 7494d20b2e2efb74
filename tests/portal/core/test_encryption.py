"""Secrets: unreadable in the database, readable in Python, whichever key wrote them."""

from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from portal.core import checks, encryption
from portal.core.encryption import DecryptionFailed
from portal.core.services.encryption import encrypted_fields
from tests.portal.core.sample.models import Secret
from tests.portal.core.threads import race

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
TEXT = "s3cret – naïve ☃"


def stored(secret: Secret, column: str = "token") -> str | None:
    """What the database itself holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT token, details FROM sample_secret WHERE id = %s", [secret.pk])
        return dict(zip(["token", "details"], cursor.fetchone(), strict=True))[column]


@given(st.text())
def test_every_text_comes_back(text):
    token = encryption.encrypt(text)
    assert encryption.decrypt(token) == text
    assert token.isascii()


def test_same_text_has_another_token_each_time():
    assert encryption.encrypt("a") != encryption.encrypt("a")


@pytest.mark.django_db
class TestField:
    def test_database_holds_no_plain_text_and_python_does(self):
        secret = Secret.objects.create(token=TEXT, details={"iban": "KE12", "list": [1, None]})
        assert stored(secret).startswith("gAAAA")
        assert "KE12" not in stored(secret, "details")
        secret.refresh_from_db()
        assert (secret.token, secret.details) == (TEXT, {"iban": "KE12", "list": [1, None]})

    @pytest.mark.parametrize("value", ["", TEXT, "gAAAAlooks-encrypted", None])
    def test_value_survives_being_saved_again(self, value):
        secret = Secret.objects.create(token=value)
        for _ in range(2):
            secret = Secret.objects.get(pk=secret.pk)
            assert secret.token == value
            secret.save()
        assert (stored(secret) is None) == (value is None)

    def test_every_way_of_writing_encrypts(self):
        one, two = Secret.objects.bulk_create([Secret(token="a"), Secret(token="b")])
        Secret.objects.filter(pk=one.pk).update(token="c")
        two.token = "d"
        Secret.objects.bulk_update([two], ["token"])
        assert list(Secret.objects.order_by("pk").values_list("token", flat=True)) == ["c", "d"]
        assert {stored(one)[:5], stored(two)[:5]} == {"gAAAA"}

    def test_rows_are_found_by_null_alone(self):
        Secret.objects.create(token="a", name="with")
        Secret.objects.create(name="without")
        assert [found.name for found in Secret.objects.filter(token__isnull=True)] == ["without"]
        assert [found.name for found in Secret.objects.filter(token__isnull=False)] == ["with"]

    @pytest.mark.parametrize("lookup", ["token", "token__icontains", "token__in", "details"])
    def test_search_for_a_secret_is_refused_instead_of_finding_nothing(self, lookup):
        with pytest.raises(FieldError, match="is encrypted"):
            Secret.objects.filter(**{lookup: "a"}).exists()

    def test_dropped_key_is_an_error_that_tells_nothing_of_the_value(self, settings):
        secret = Secret.objects.create(token=TEXT)
        settings.FIELD_ENCRYPTION_KEYS = [NEW]
        with pytest.raises(DecryptionFailed) as error:
            Secret.objects.get(pk=secret.pk)
        assert str(error.value) == "No key of FIELD_ENCRYPTION_KEYS opens this value."

    def test_form_of_json_reads_json(self):
        field = Secret._meta.get_field("details").formfield()
        assert field.clean('{"a": [1]}') == {"a": [1]}


@pytest.mark.django_db(transaction=True)
def test_threads_read_and_write_without_losing_a_value():
    secrets = Secret.objects.bulk_create([Secret(token=f"token {number}") for number in range(8)])

    def read_and_write(number: int) -> set[str]:
        for _ in range(40):
            secret = Secret.objects.get(pk=secrets[number].pk)
            secret.save(update_fields=["token"])
        return set(Secret.objects.values_list("token", flat=True))

    everything = {f"token {number}" for number in range(8)}
    assert race(read_and_write, threads=8) == [everything] * 8


@pytest.mark.django_db
class TestRotation:
    @pytest.fixture
    def secrets(self, settings, monkeypatch) -> list[Secret]:
        """Five secrets under the old key, then the new one put before it; batches of two."""
        monkeypatch.setattr("portal.core.services.encryption.BATCH", 2)
        settings.FIELD_ENCRYPTION_KEYS = [OLD]
        made = [Secret.objects.create(token=f"token {number}", details=[number]) for number in range(4)]
        made.append(Secret.objects.create())
        settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
        return made

    def test_model_is_found_by_walking_all_apps(self):
        assert encrypted_fields()[Secret] == ["token", "details"]

    def test_old_keys_can_be_dropped_after_rotation(self, secrets, settings):
        out = StringIO()
        call_command("rotate_keys", stdout=out)
        assert "sample.Secret: 5 rows (token, details)" in out.getvalue()
        settings.FIELD_ENCRYPTION_KEYS = [NEW]
        assert [found.token for found in Secret.objects.order_by("pk")] == [*(f"token {n}" for n in range(4)), None]
        assert [found.details for found in Secret.objects.order_by("pk")] == [[0], [1], [2], [3], None]

    def test_rotation_changes_nothing_else(self, secrets):
        before = list(Secret.objects.order_by("pk").values_list("pk", "public_id", "name", "token", "details"))
        call_command("rotate_keys", stdout=StringIO())
        assert list(Secret.objects.order_by("pk").values_list("pk", "public_id", "name", "token", "details")) == before
        assert [stored(secret) is None for secret in secrets] == [False] * 4 + [True]

    def test_row_that_no_key_opens_stops_it_with_a_sentence_and_the_rest_stays_readable(self, secrets, settings):
        settings.FIELD_ENCRYPTION_KEYS = [NEW]
        with pytest.raises(CommandError, match="after 0 rows: No key of FIELD_ENCRYPTION_KEYS opens this value"):
            call_command("rotate_keys", stdout=StringIO())
        settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
        assert Secret.objects.get(pk=secrets[0].pk).token == "token 0"


@pytest.mark.parametrize(
    ("keys", "messages"),
    [
        ([OLD, NEW], []),
        ([], ["FIELD_ENCRYPTION_KEYS is empty."]),
        ([OLD, "short"], ["Key 2 of FIELD_ENCRYPTION_KEYS is not 32 bytes in URL-safe base64."]),
    ],
)
def test_wrong_keys_are_found_at_start_and_not_printed(settings, keys, messages):
    settings.FIELD_ENCRYPTION_KEYS = keys
    assert [error.msg for error in checks.encryption_keys()] == messages
