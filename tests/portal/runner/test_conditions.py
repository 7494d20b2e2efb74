"""What keeps the portal from starting is told in one sentence."""

import sys

import pytest

from portal.runner import conditions
from portal.runner.errors import CannotRun


def test_libraries_of_this_machine_suffice() -> None:
    conditions.system_libraries()


@pytest.mark.skipif(sys.platform != "linux", reason="the sentence names Debian's packages")
def test_missing_library_is_named_with_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(conditions.LIBRARIES, "linux", ("libmissing-1.0.so.0",))
    with pytest.raises(CannotRun) as refusal:
        conditions.system_libraries()
    assert str(refusal.value) == (
        "The system library libmissing-1.0.so.0 is missing, which sets PDF files "
        "(on Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)."
    )


def test_port_for_root_only_is_told(monkeypatch) -> None:
    def refuse(self, address: tuple[str, int]) -> None:
        raise PermissionError

    monkeypatch.setattr(conditions.socket.socket, "bind", refuse)
    with pytest.raises(CannotRun, match=r"^Port 80 is for root only: choose another, as in `make run PORT=8001`\.$"):
        conditions.free_port("80")
