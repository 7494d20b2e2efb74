"""`make run` starts everything, says where it is, and ends all of it."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.process.portal import ROOT, Portal, alive, environment, servers, wait_until

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("process")]


def test_two_runs_share_servers_and_one_scheduler_and_each_ends_all_of_its_own(var: Path) -> None:
    first = Portal(var).start().wait()
    second = Portal(var).start().wait(children=2)
    assert (first.get("/healthz"), second.get("/healthz")) == (200, 200)
    assert f"The portal runs at http://127.0.0.1:{first.port}/" in first.said()
    assert "owner@savanna.example" in first.said()
    assert "demo-portal-pass" in first.said()
    assert len(servers(var)) == 2

    own = first.everything(with_servers=False)
    assert first.interrupt() == 0
    assert alive(own) == []
    wait_until(lambda: len(second.children()) == 3, seconds=10, what="the second run has a scheduler now")
    assert (second.get("/healthz"), len(servers(var))) == (200, 2)

    own = second.everything()
    second.runner.terminate()
    assert second.runner.wait(30) == 0
    assert alive(own) == []


def test_everything_ends_when_a_process_dies_or_the_runner_is_killed(var: Path) -> None:
    portal = Portal(var).start().wait()
    own = portal.everything()
    portal.child("portal.wsgi:application").send_signal(signal.SIGKILL)
    assert portal.runner.wait(60) == 1
    assert "The web server ended with status -9; ending the rest." in portal.said()
    assert alive(own) == []

    portal = Portal(var, portal.port).start().wait()
    children = portal.everything(with_servers=False)
    # One that hears nothing any more is killed by the web server after a while.
    portal.child("portal.wsgi:application").children()[0].suspend()
    portal.runner.kill()
    if sys.platform == "linux":
        wait_until(lambda: alive(children) == [], seconds=60, what="its processes end with it")


def test_taken_port_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = _refused(tmp_path, str(port))
    assert said == f"Port {port} is taken: choose another, as in `make run PORT={port % 65535 + 1}`.\n"


@pytest.mark.parametrize("port", ["0", "70000", "web", ""])
def test_port_that_is_none_is_told_in_one_sentence(tmp_path: Path, port: str) -> None:
    assert _refused(tmp_path, port) == f"PORT must be a number from 1 to 65535, not {port!r}.\n"


def _refused(var: Path, port: str) -> str:
    """Start a run that cannot start; return what it says, when it has left nothing behind."""
    command = [sys.executable, "-m", "portal.runner"]
    extra = environment(var, PORT=port)
    done = subprocess.run(command, cwd=ROOT, env=extra, text=True, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, list(var.iterdir())) == (1, [])
    return done.stderr
