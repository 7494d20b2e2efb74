"""The sample products of the demo world, on the ports after the portal's; it runs without them as well."""

import json
import os
import sys

from portal.embedded.folders import var_dir
from portal.runner import conditions, preparing, processes, welcome


def start(running: list[processes.Child]) -> None:
    """Start those whose ports are free, and say of the others in a sentence that they do not run.

    None are started in production, and with SAMPLE_PRODUCTS=off.
    """
    is_production = os.environ.get("DJANGO_SETTINGS_MODULE") == "portal.settings.production"
    if is_production or os.environ.get("SAMPLE_PRODUCTS") == "off":
        return
    preparing.prepare_products()
    told = []
    for slug, port in _ports().items():
        if not conditions.is_free(port):
            print(f"Port {port} is not free: the sample product {slug} does not run.", file=sys.stderr, flush=True)
            continue
        child = processes.sample(slug, var_dir() / preparing.PRODUCTS, os.environ["BASE_URL"])
        # At the front: what is told to the portal while they end still finds it.
        running.insert(0, child)
        child.start()
        told.append(f"{slug} on port {port}")
    if told:
        print(welcome.products(told), flush=True)


def _ports() -> dict[str, int]:
    """The port of each, as it was prepared; none where there is no demo world."""
    try:
        known = json.loads((var_dir() / preparing.PRODUCTS).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {slug: int(entry["port"]) for slug, entry in known.items()}
