"""A second start does nothing that the first one has done."""

from pathlib import Path

import pytest

from portal.runner import preparing
from portal.runner.errors import CannotRun

ALL = ["migrate", "collectstatic", "seed_demo"]


@pytest.fixture
def commands(monkeypatch, tmp_path: Path) -> list[str]:
    """The commands of manage.py that were run, without running any; checkout and database stay as they are."""
    run: list[str] = []
    monkeypatch.setenv("PORTAL_VAR", str(tmp_path))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "portal.settings.development")
    monkeypatch.setattr(preparing, "_manage", lambda announcement, command, *options: run.append(command))
    for name in ("migrated", "collected", "seeded"):
        monkeypatch.setattr(preparing, name, lambda name=name: f"{name} as before")
    return run


def test_first_start_does_everything_and_the_second_nothing(commands) -> None:
    preparing.prepare()
    assert commands == ALL
    preparing.prepare()
    assert commands == ALL


@pytest.mark.parametrize(
    ("changed", "command"), [("migrated", "migrate"), ("collected", "collectstatic"), ("seeded", "seed_demo")]
)
def test_what_has_changed_is_done_again_alone(commands, monkeypatch, changed: str, command: str) -> None:
    preparing.prepare()
    monkeypatch.setattr(preparing, changed, lambda: "changed")
    preparing.prepare()
    assert commands == [*ALL, command]


def test_production_gets_no_demo_world(commands, monkeypatch) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "portal.settings.production")
    preparing.prepare()
    assert commands == ["migrate", "collectstatic"]


def test_broken_notes_cost_time_and_nothing_else(commands, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{half")
    preparing.prepare()
    assert commands == ALL


def test_database_that_does_not_answer_is_told_in_one_sentence(monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://postgres@127.0.0.1:1/portal")
    with pytest.raises(CannotRun, match=r"^No database answers at DATABASE_URL: .*refused"):
        preparing.migrated()


def test_command_that_fails_stops_the_start(monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "manage.py").write_text("raise SystemExit(3)")
    monkeypatch.setattr(preparing, "BASE_DIR", tmp_path)
    with pytest.raises(CannotRun, match=r"^Migrating the database failed: `manage\.py migrate` ended with status 3\.$"):
        preparing._manage("Migrating the database", "migrate")


def test_cache_that_does_not_answer_is_told_in_one_sentence(monkeypatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    with pytest.raises(CannotRun, match=r"^No Redis answers at REDIS_URL: .*refused"):
        preparing.reach_cache()
