"""`make requirements`: resolve requirements*.in in a fresh environment and write the complete pins."""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from tests.architecture.sources import ROOT


def main() -> None:
    """Write requirements.txt, then requirements-dev.txt on top of it."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        runtime = _install(python, "requirements.in")
        _write("requirements.txt", "requirements.in", runtime)
        development = _install(python, "requirements-dev.in", constraint="requirements.txt")
        _write(
            "requirements-dev.txt",
            "requirements-dev.in",
            ["-r requirements.txt", *(set(development) - set(runtime))],
        )


def _install(python: Path, wanted: str, constraint: str | None = None) -> list[str]:
    limits = ["-c", constraint] if constraint else []
    subprocess.run([python, "-m", "pip", "install", "-r", wanted, *limits], cwd=ROOT, check=True)
    frozen = subprocess.run([python, "-m", "pip", "freeze"], text=True, stdout=subprocess.PIPE, check=True).stdout
    return sorted(frozen.splitlines(), key=str.lower)


def _write(name: str, source: str, pins: list[str]) -> None:
    # A pin for some versions of Python only is kept as it is: this one may not have installed it.
    conditional = [line for line in (ROOT / name).read_text().splitlines() if ";" in line and line[0] != "#"]
    pins = sorted({*pins, *conditional}, key=str.lower)
    heading = f"# Complete pins of {source}. Written by `make requirements`."
    (ROOT / name).write_text("\n".join([heading, *pins]) + "\n")
    sys.stdout.write(f"{name}: {len(pins)} lines\n")


if __name__ == "__main__":
    main()
