"""Where the servers' data goes."""

import os
from pathlib import Path

import pytest

from portal.embedded import folders
from portal.embedded.errors import EmbeddedError

LONG = "a-folder-with-quite-a-long-name/" * 3


@pytest.mark.parametrize(
    ("path", "suits"),
    [
        ("/srv/portal/var", True),
        ("/srv/portal_2.1+x@host=y/var", True),
        ("/srv/my portal/var", False),
        ("/srv/zürich/var", False),
        ("/srv/$HOME/var", False),
        (f"/srv/{LONG}var", False),
    ],
)
def test_only_short_and_plain_paths_suit_the_servers(monkeypatch, path: str, suits: bool) -> None:
    monkeypatch.setattr(folders, "is_reachable", lambda path: True)
    assert folders.suits(Path(path)) is suits


def test_suitable_var_folder_is_used_itself(tmp_path: Path) -> None:
    var = Path(f"/tmp/portal-{os.getpid()}")
    try:
        assert folders.data_dir(var) == var
    finally:
        var.rmdir()


def test_data_goes_to_a_short_folder_outside_when_the_path_has_a_space(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(folders, "is_reachable", lambda path: True)
    monkeypatch.setenv("XDG_STATE_HOME", "/tmp/portal-state")
    first = folders.data_dir(tmp_path / "my portal" / "var")
    second = folders.data_dir(tmp_path / "my second portal" / "var")
    assert [first.parent, second.parent] == [Path("/tmp/portal-state")] * 2
    assert first != second
    assert folders.data_dir(tmp_path / "my portal" / "var") == first
    for folder in (first, second, first.parent):
        folder.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder that belongs to somebody else")
def test_folder_of_somebody_else_is_refused() -> None:
    var = Path(f"/tmp/portal-foreign-{os.getpid()}")
    var.mkdir()
    os.chown(var, 12345, 12345)
    try:
        with pytest.raises(
            EmbeddedError, match=f"{var} belongs to another user: set PORTAL_VAR to a folder of your own"
        ):
            folders.data_dir(var)
    finally:
        var.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="another account runs the servers for root only")
def test_servers_of_root_need_a_folder_that_nobody_can_enter(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert folders.is_reachable(closed / "var") is False
    assert folders.account().uid != 0
