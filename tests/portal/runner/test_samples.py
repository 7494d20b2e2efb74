"""The sample products start where their ports are free, and never in production."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from portal.runner import preparing, processes, samples


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, ...]]:
    """The commands of products that were started, without starting any."""
    commands: list[tuple[str, ...]] = []
    monkeypatch.setenv("PORTAL_VAR", str(tmp_path))
    monkeypatch.setenv("BASE_URL", "http://127.0.0.1:8000")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "portal.settings.development")
    monkeypatch.delenv("SAMPLE_PRODUCTS", raising=False)
    monkeypatch.setattr(preparing, "prepare_products", lambda: None)
    monkeypatch.setattr(processes.Child, "start", lambda child: commands.append(child.command))
    return commands


def write(folder: Path, **ports: int) -> None:
    """What was prepared."""
    entries = {slug: {"port": port, "client_id": "id", "client_secret": "hidden"} for slug, port in ports.items()}
    (folder / "products.json").write_text(json.dumps(entries))


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    probes = [socket.socket() for _number in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def test_each_is_started_before_the_web_server_ends(started: Any, tmp_path: Path, capsys: Any) -> None:
    first, second = free_ports(2)
    write(tmp_path, erp=first, payroll=second)
    web = processes.web(8000)
    running = [web]
    samples.start(running)
    assert [command[3] for command in started] == ["erp", "payroll"]
    assert "hidden" not in str(started)
    assert (running[-1], [child.is_needed for child in running]) == (web, [False, False, True])
    assert f"erp on port {first} and payroll on port {second};" in capsys.readouterr().out


def test_taken_port_costs_one_product_and_one_sentence(started: Any, tmp_path: Path, capsys: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        write(tmp_path, erp=port, sacco=65536, payroll=free_ports(1)[0])
        samples.start([])
    assert [command[3] for command in started] == ["payroll"]
    assert capsys.readouterr().err == (
        f"Port {port} is not free: the sample product erp does not run.\n"
        "Port 65536 is not free: the sample product sacco does not run.\n"
    )


@pytest.mark.parametrize(
    ("name", "value"), [("SAMPLE_PRODUCTS", "off"), ("DJANGO_SETTINGS_MODULE", "portal.settings.production")]
)
def test_none_are_started(started: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    write(tmp_path, erp=free_ports(1)[0])
    monkeypatch.setenv(name, value)
    samples.start([])
    assert started == []


def test_without_a_demo_world_there_are_none(started: Any, tmp_path: Path) -> None:
    samples.start([])
    (tmp_path / "products.json").write_text("{half")
    samples.start([])
    assert started == []


def test_another_port_is_prepared_anew(started: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "seeded", lambda: "as before")
    before = preparing.products()
    assert preparing.products() == before
    monkeypatch.setenv("BASE_URL", "http://127.0.0.1:8010")
    moved = preparing.products()
    write(tmp_path, erp=8011)
    assert len({before, moved, preparing.products()}) == 3
