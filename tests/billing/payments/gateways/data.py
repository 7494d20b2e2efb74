"""Schemas and recorded bodies of others, where they lie beside the project."""

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

DATA = Path(settings.BASE_DIR).parent / "shared" / "data"


def path(*parts: str) -> Path:
    """A file or folder, or a loud skip where it is missing."""
    found = DATA.joinpath(*parts)
    if not found.exists():
        pytest.skip(f"NOT TESTED: {found} is missing.")
    return found


@cache
def read(*parts: str) -> Any:
    """A JSON file, packed or not."""
    raw = path(*parts).read_bytes()
    return json.loads(gzip.decompress(raw) if parts[-1].endswith(".gz") else raw)


def resource(name: str) -> dict[str, Any]:
    """A copy of one of Stripe's own example objects, of the version of the OpenAPI description."""
    found = read("stripe", "openapi", "fixtures3.2022-04-12.json")["resources"][name]
    copied: dict[str, Any] = json.loads(json.dumps(found))
    return copied
