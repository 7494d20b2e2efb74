"""Keys are changed while people work: nothing is overwritten, and the old key is not needed afterwards."""

from collections.abc import Iterator
from io import StringIO

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql

from portal.accounts.models import Authenticator, Company, RecoveryCodes, SignIn, User
from portal.accounts.models.second_factor import digest_of, new_codes, plain
from portal.accounts.services import second_factor, sign_ins, tokens
from portal.core.services import encryption
from tests.factories import CompanyFactory, UserFactory
from tests.portal.accounts.authenticators import code_of, with_app
from tests.portal.core.threads import race

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
COLUMNS = {"accounts_company": "tax_id", "accounts_authenticator": "key", "accounts_signin": "session_key"}
pytestmark = pytest.mark.django_db(transaction=True)


def opened_by(key: str) -> dict[str, int]:
    """How many stored values of each table this key opens."""
    found = {}
    with connection.cursor() as cursor:
        for table, column in COLUMNS.items():
            stored = sql.SQL("SELECT {column} FROM {table} WHERE {column} IS NOT NULL")
            cursor.execute(stored.format(column=sql.Identifier(column), table=sql.Identifier(table)))
            found[table] = sum(opens(key, value) for (value,) in cursor.fetchall())
    return found


def opens(key: str, value: str) -> bool:
    try:
        Fernet(key).decrypt(value)
    except InvalidToken:
        return False
    return True


def rotate() -> str:
    """Run the command; what it prints."""
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    return out.getvalue()


def begin(user: User, session_key: str) -> SignIn:
    return sign_ins.begin(
        user=user, session_key=session_key, browser="b", device="Firefox", address=None, at=timezone.now()
    )


@pytest.fixture
def people(settings, monkeypatch) -> Iterator[list[User]]:
    """Six people with an app, recovery codes, a sign-in and a company, all under the old key; batches of two."""
    monkeypatch.setattr(encryption, "BATCH", 2)
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    made = UserFactory.create_batch(6)
    for number, user in enumerate(made):
        with_app(user)
        begin(user, f"session {number}")
        CompanyFactory.create(slug=f"company-{number}", tax_id=f"P05123456{number}X")
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    return made


def test_writers_at_work_lose_nothing_and_the_old_key_may_go(people, settings):
    keys = {device.user_id: device.key for device in Authenticator.objects.all()}
    codes = {user.pk: new_codes() for user in people}
    for user in people:
        digests = [digest_of(plain(code), user.pk) for code in codes[user.pk]]
        RecoveryCodes.objects.create(user=user, name="codes", digests=digests)
    pairs = [tokens.issue(user=user, company=None, is_proven=True, at=timezone.now()) for user in people]
    rounds = range(8)

    def write(number: int) -> int:
        if number == len(people):
            return sum("may be removed" in rotate() for _ in rounds)
        user, company = people[number], Company.objects.get(slug=f"company-{number}")
        for turn in rounds:
            company.tax_id = f"{number}-{turn}"
            company.save(update_fields=["tax_id"])
            Company.objects.filter(pk=company.pk).update(tax_id=f"{number}-{turn} again")
            assert Company.objects.get(pk=company.pk).tax_id == f"{number}-{turn} again"
            second_factor.check(user=user, code=codes[user.pk][turn])
            begin(user, f"session {number}-{turn}")
        return number

    assert race(write, threads=7) == [0, 1, 2, 3, 4, 5, len(rounds)]
    assert opened_by(OLD) == dict.fromkeys(COLUMNS, 0)
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert {company.slug: company.tax_id for company in Company.objects.filter(slug__startswith="company-")} == {
        f"company-{number}": f"{number}-7 again" for number in range(6)
    }
    assert {device.user_id: device.key for device in Authenticator.objects.all()} == keys
    assert sorted(SignIn.objects.values_list("session_key", flat=True)) == sorted(
        [f"session {number}" for number in range(6)] + [f"session {n}-{turn}" for n in range(6) for turn in rounds]
    )
    assert [len(device.digests) for device in RecoveryCodes.objects.all()] == [2] * 6
    for user, pair in zip(people, pairs, strict=True):
        second_factor.check(user=user, code=code_of(Authenticator.objects.get(user=user)))
        second_factor.check(user=user, code=codes[user.pk][9])
        assert tokens.refresh(token=pair.refresh, at=timezone.now()).access


def test_change_that_comes_between_reading_and_writing_waits_and_stands(people, settings, monkeypatch):
    """Deterministic: the writer begins when the rotation has read its row, and has not written it yet."""
    company, waited = Company.objects.get(slug="company-3"), []
    write_back = encryption.models.QuerySet.bulk_update

    def change(number: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            Company.objects.filter(pk=company.pk).update(tax_id="changed meanwhile")

    def with_a_writer_between(rows, batch, fields):
        if company in batch:
            waited.extend(race(change, threads=1))
        return write_back(rows, batch, fields)

    monkeypatch.setattr(encryption.models.QuerySet, "bulk_update", with_a_writer_between)
    rotate()
    assert [type(error).__name__ for error in waited] == ["OperationalError"]
    change(0)
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert Company.objects.get(pk=company.pk).tax_id == "changed meanwhile"


@pytest.mark.parametrize("rows", [0, 2, 4])
def test_stopped_in_the_middle_everything_opens_and_it_goes_on(people, settings, monkeypatch, rows):
    stop, write_back, done = KeyboardInterrupt(), encryption.models.QuerySet.bulk_update, []

    def stopping(found, batch, fields):
        if len(done) == rows and found.model is Company:
            raise stop
        done.extend(batch if found.model is Company else [])
        return write_back(found, batch, fields)

    with monkeypatch.context() as patch:
        patch.setattr(encryption.models.QuerySet, "bulk_update", stopping)
        with pytest.raises(KeyboardInterrupt):
            rotate()
    assert opened_by(NEW)["accounts_company"] == rows
    assert opened_by(OLD)["accounts_company"] == 6 - rows
    taxes = [f"P05123456{number}X" for number in range(6)]
    companies = Company.objects.filter(slug__startswith="company-").order_by("slug")
    assert [company.tax_id for company in companies] == taxes
    assert "accounts.Company: 6 rows (tax_id)" in rotate()
    assert opened_by(OLD) == dict.fromkeys(COLUMNS, 0)
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert [company.tax_id for company in companies.all()] == taxes
    assert "accounts.Authenticator: 6 rows (key)" in rotate()
