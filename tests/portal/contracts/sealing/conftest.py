"""A contract that everybody has signed, and what it is sealed with."""

from collections.abc import Iterator

import pytest

from portal.accounts.models import Company, User
from portal.contracts.models import Contract
from tests.portal.contracts.sealing import authorities
from tests.portal.contracts.sealing.authorities import Server, pair
from tests.portal.contracts.sealing.signed import signed


@pytest.fixture
def clock() -> Iterator[Server]:
    """A time stamp server; nothing is configured to use it."""
    with authorities.running() as server:
        yield server


@pytest.fixture
def with_clock(clock: Server, settings) -> Server:
    """The same, as the settings name it."""
    settings.TIMESTAMP_URL = clock.url
    settings.TIMESTAMP_CERTIFICATES = pair("Clock Authority", for_stamps=True).pem
    return clock


@pytest.fixture
def vendor_seal(settings) -> authorities.Pair:
    """The certificate that contracts are sealed with."""
    found = pair("Tamarind Seals")
    settings.SEAL_CERTIFICATE, settings.SEAL_KEY = found.pem, found.key_pem()
    return found


@pytest.fixture
def contract(company: Company, owner: User, staff: User, vendor_seal: authorities.Pair) -> Contract:
    """Signed by the owner, then by staff; not sealed yet."""
    return signed(company, [owner], [staff])
