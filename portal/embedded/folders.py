"""Where the embedded servers keep their data, and as whom they run."""

import hashlib
import os
import pwd
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from portal.embedded.errors import EmbeddedError

BASE_DIR = Path(__file__).resolve().parents[2]
# A socket's whole path has room for 104 bytes on macOS and 108 on Linux, `/postgres/.s.PGSQL.5432` included.
LONGEST_HOME = 75
PLAIN = re.compile(r"[A-Za-z0-9/._+@=-]+")


@dataclass(frozen=True)
class Account:
    """The system account that the servers run as."""

    uid: int
    gid: int
    popen: dict[str, object] = field(default_factory=dict)


def account() -> Account:
    """Return the account for servers: one's own, but `nobody` for root, as whom PostgreSQL refuses to run."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid, {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []})


def var_dir() -> Path:
    """Return the folder for everything the portal writes: PORTAL_VAR, or var/ of the checkout."""
    return Path(os.environ.get("PORTAL_VAR") or BASE_DIR / "var").absolute()


def data_dir(var: Path) -> Path:
    """Return the servers' folder, made if missing: `var`, or a short one outside where its path does not suit them.

    A space or a long path breaks their sockets; a server that root starts as `nobody` must be able to enter.
    """
    var.mkdir(parents=True, exist_ok=True)
    for home in _candidates(var):
        if suits(home):
            _make_own(home)
            return home
    raise EmbeddedError(f"No folder suits the embedded servers: set PORTAL_VAR to a short path instead of {var}.")


def _candidates(var: Path) -> Iterator[Path]:
    yield var
    name = f"portal-{hashlib.sha256(os.fsencode(var)).hexdigest()[:12]}"
    yield Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / name
    yield Path("/var/tmp") / name  # noqa: S108 - _make_own refuses a folder that somebody else has put there


def suits(home: Path) -> bool:
    """Tell whether servers can live in `home`."""
    text = str(home)
    return len(text) <= LONGEST_HOME and PLAIN.fullmatch(text) is not None and is_reachable(home)


def is_reachable(path: Path) -> bool:
    """Tell whether the servers' account can enter the existing folders above `path`."""
    if account().uid == os.geteuid():
        return True
    existing = [folder for folder in path.parents if folder.exists()]
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in existing)


def _make_own(home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True, mode=0o711)
    if home.is_symlink() or home.stat().st_uid != os.geteuid():
        raise EmbeddedError(f"{home} belongs to another user: set PORTAL_VAR to a folder of your own.")


def make_private(folder: Path) -> None:
    """Make a folder that only the servers' account (and root) can read."""
    owner = account()
    folder.mkdir(exist_ok=True, mode=0o700)
    if folder.stat().st_uid != owner.uid:
        os.chown(folder, owner.uid, owner.gid)
