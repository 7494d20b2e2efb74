"""Sample products of the demo world as relying parties: ERP, SACCO and Payroll, on the three ports after the portal's.

Their credentials are written to `products.json` of the var folder, for this user alone.
"""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from billing.catalog.models import Product
from billing.launch.services import clients

SLUGS = ("erp", "sacco", "payroll")
HOST = "127.0.0.1"
FILE = "products.json"


def prepare() -> None:
    """Make what is missing, and move what was made for another port of the portal. Quick where all is as it was.

    Products that staff have pointed elsewhere stay as they are.
    """
    path = Path(settings.VAR_DIR) / FILE
    known = _read(path)
    told = {slug: entry for number, slug in enumerate(SLUGS, 1) if (entry := _prepare(slug, _port() + number, known))}
    if told != known:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(told, file, indent=2)
        draft.replace(path)


def _prepare(slug: str, port: int, known: dict[str, Any]) -> dict[str, Any] | None:
    """Point one product at its sample; its credentials, or None where there is no sample to point at."""
    product = Product.objects.select_related("client").filter(slug=slug).first()
    if product is None or urlsplit(product.launch_url).hostname not in (HOST, None):
        return None
    base = f"http://{HOST}:{port}"
    if product.launch_url != f"{base}/login" or product.client is None:
        product.launch_url, product.health_url = f"{base}/login", f"{base}/health"
        product.save(update_fields=["launch_url", "health_url"])
        clients.keep(
            product=product,
            redirect_uris=[f"{base}/callback"],
            post_logout_redirect_uris=[f"{base}/"],
            backchannel_logout_uri=f"{base}/backchannel-logout",
            by=None,
        )
    client, entry = product.client, dict(known.get(slug, {}))
    secret = str(entry.get("client_secret", ""))
    if client is None or entry.get("client_id") != client.pk or not clients.is_secret_of(client, secret):
        secret = clients.renew_secret(product=product, by=None)
    return {"port": port, "client_id": product.client.pk if product.client else "", "client_secret": secret}


def _read(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (FileNotFoundError, ValueError):
        return {}


def _port() -> int:
    return urlsplit(settings.BASE_URL).port or 8000
