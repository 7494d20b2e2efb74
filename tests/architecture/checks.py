"""`make check`: every check, one after the other, with a line for each and the output of those that fail."""

import os
import subprocess
import sys
import time
from pathlib import Path

from portal import embedded
from tests.architecture.sources import ROOT

BIN = Path(sys.executable).parent
PYTHON = sys.executable
CHECKS: dict[str, list[str | Path]] = {
    "format": [BIN / "ruff", "format", "--check", "."],
    "lint": [BIN / "ruff", "check", "."],
    "import layers": [BIN / "lint-imports", "--no-cache"],
    "templates": [PYTHON, "-m", "djlint", "--lint", "--quiet", "templates"],
    "types": [PYTHON, "-m", "mypy"],
    "missing migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "deployment": [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    "architecture": [PYTHON, "-m", "pytest", "-q", "tests/architecture"],
}
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "SECRET_KEY": "only-for-the-check-" + "k3y" * 20,
    "ALLOWED_HOSTS": "portal.example",
    "BASE_URL": "https://portal.example",
    "FIELD_ENCRYPTION_KEYS": "3vVq0mGmJp0h1qU1v8bHkq8m9n3sK2cYw5x7R4tZ6eA=",
}


def main() -> int:
    """Run all checks, or those named. Returns how many failed, as an exit status."""
    os.environ.setdefault("PORTAL_VAR", str(ROOT / "var" / "test"))
    embedded.ensure(durable=False)
    names = sys.argv[1:] or list(CHECKS)
    failed = [name for name in names if not _passes(name)]
    sys.stdout.write(f"\n{len(names) - len(failed)} passed, {len(failed)} failed\n")
    return 1 if failed else 0


def _passes(name: str) -> bool:
    sys.stdout.write(f"{name:<20} ")
    sys.stdout.flush()
    started = time.monotonic()
    extra = PRODUCTION if name == "deployment" else {}
    done = subprocess.run(
        CHECKS[name],
        cwd=ROOT,
        env=os.environ | extra,
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    sys.stdout.write(f"{'FAILED' if done.returncode else 'ok':<6} {time.monotonic() - started:5.1f} s\n")
    if done.returncode:
        sys.stdout.write(done.stdout + "\n")
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
