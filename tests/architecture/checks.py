"""`make check`: every check, one for each processor at a time; a line for each, and what those say that fail."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from portal import embedded
from tests.architecture.sources import ROOT

BIN = Path(sys.executable).parent
PYTHON = sys.executable
# The longest first, so that none is waited for alone at the end.
CHECKS: dict[str, list[str | Path]] = {
    "types": [PYTHON, "-m", "mypy"],
    "format": [BIN / "ruff", "format", "--check", "."],
    "lint": [BIN / "ruff", "check", "."],
    "import layers": [BIN / "lint-imports", "--no-cache"],
    "templates": [PYTHON, "-m", "djlint", "--lint", "--quiet", "templates"],
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
    "OIDC_PRIVATE_KEYS": "only for the check",
}


@dataclass(frozen=True)
class Result:
    """How a check ended, what it said, and after how many seconds."""

    status: int
    output: str
    seconds: float


def main() -> int:
    """Run all checks, or those named. Returns whether one failed, as an exit status."""
    os.environ.setdefault("PORTAL_VAR", str(ROOT / "var" / "test"))
    embedded.ensure(durable=False)
    names = sys.argv[1:] or list(CHECKS)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        failed = [name for name, result in zip(names, pool.map(_run, names), strict=True) if not _tell(name, result)]
    sys.stdout.write(f"\n{len(names) - len(failed)} passed, {len(failed)} failed\n")
    return 1 if failed else 0


def _run(name: str) -> Result:
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
    return Result(done.returncode, done.stdout, time.monotonic() - started)


def _tell(name: str, result: Result) -> bool:
    """Print a line, and what it said if it failed. Returns whether it passed."""
    sys.stdout.write(f"{name:<20} {'FAILED' if result.status else 'ok':<6} {result.seconds:5.1f} s\n")
    if result.status:
        sys.stdout.write(result.output + "\n")
    sys.stdout.flush()
    return result.status == 0


if __name__ == "__main__":
    sys.exit(main())
