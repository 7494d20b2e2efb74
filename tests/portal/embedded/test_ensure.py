"""When the embedded servers are wanted, and what is said when they cannot be had."""

from pathlib import Path

import pytest

from portal import embedded
from portal.embedded import programs, servers
from portal.embedded.errors import EmbeddedError

OWN = {"DATABASE_URL": "postgres://db.example/portal", "REDIS_URL": "redis://cache.example/0"}


@pytest.fixture
def asked(monkeypatch) -> list[list[str]]:
    """What of the servers was joined, without joining any."""
    calls: list[list[str]] = []

    def join(names: list[str], *, durable: bool) -> dict[str, str]:
        calls.append(names)
        return dict.fromkeys(names, "embedded")

    monkeypatch.setattr(servers, "join", join)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "portal.settings.development")
    for name in OWN:
        monkeypatch.setenv(name, "")
    return calls


def test_both_servers_are_joined_where_none_is_named(asked) -> None:
    embedded.ensure()
    assert asked == [["DATABASE_URL", "REDIS_URL"]]


@pytest.mark.parametrize("name", list(OWN))
def test_only_the_server_that_is_not_named_is_joined(asked, monkeypatch, name: str) -> None:
    monkeypatch.setenv(name, OWN[name])
    embedded.ensure()
    assert asked == [[other for other in OWN if other != name]]


def test_named_servers_are_left_alone(asked, monkeypatch) -> None:
    for name, address in OWN.items():
        monkeypatch.setenv(name, address)
    embedded.ensure()
    assert asked == []


def test_production_never_gets_embedded_servers(asked, monkeypatch) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "portal.settings.production")
    embedded.ensure()
    assert asked == []


def test_missing_servers_end_the_process_with_one_sentence(asked, monkeypatch) -> None:
    def refuse(names: list[str], *, durable: bool) -> dict[str, str]:
        raise EmbeddedError("No free port.")

    monkeypatch.setattr(servers, "join", refuse)
    with pytest.raises(SystemExit, match=r"^No free port\.$"):
        embedded.ensure()


@pytest.mark.parametrize(("program", "find"), [("PostgreSQL", programs.postgres), ("Valkey", programs.valkey)])
def test_platform_without_the_wheels_is_told_which_addresses_to_set(monkeypatch, program: str, find) -> None:
    monkeypatch.setattr(programs.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EmbeddedError) as refusal:
        find(Path("/nowhere"))
    assert str(refusal.value) == (
        f"The embedded {program} runs on Linux (glibc) and macOS only: "
        "set DATABASE_URL and REDIS_URL to servers of your own."
    )


def test_machine_without_a_valkey_program_is_told_so(monkeypatch) -> None:
    monkeypatch.setattr(programs.platform, "machine", lambda: "riscv64")
    with pytest.raises(EmbeddedError, match="set DATABASE_URL and REDIS_URL"):
        programs.valkey(Path("/nowhere"))
