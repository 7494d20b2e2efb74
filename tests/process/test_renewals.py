"""`process_subscriptions` with its invoices and dunning, killed at every statement and commit, and started again."""

from pathlib import Path

import pytest

from tests.process.nursery import Nursery

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("process")]
WORLD = "tests.process.stories"


def test_command_killed_at_every_statement_leaves_what_one_run_leaves(var: Path) -> None:
    with Nursery(var) as nursery:
        expected = nursery.call(f"{WORLD}:unbroken")
        assert [(row[0], row[1][1]) for row in expected][:2] == [("plain", "suspended"), ("down", "active")]
        nursery.call(f"{WORLD}:tell_stories")
        killed = 0
        while (said := nursery.call(f"{WORLD}:process", killed + 1)) is None:
            killed += 1
            assert killed < 500, nursery.log.read_text()[-2000:]
        assert killed > 80, "the batches, the invoices and the dunning have more statements than that"
        assert nursery.call(f"{WORLD}:outcome") == expected
        assert said == nursery.call(f"{WORLD}:process", 0) == "Done. Nothing was due.\n"
