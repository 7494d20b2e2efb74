"""The sample product as a process of its own, and a member's browser before it."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from allauth.idp.oidc.models import Client

from billing.catalog.models import Product
from billing.launch.services import clients

ROOT = Path(__file__).resolve().parents[4]
HOST = "127.0.0.1"
SECONDS = 60


@dataclass
class Sample:
    """One of the sample products that runs, and the client that it was started with."""

    url: str
    portal: str
    client: Client
    process: "subprocess.Popen[bytes]"

    @property
    def client_id(self) -> str:
        """How the portal names it."""
        return str(self.client.pk)

    def get(self, window: requests.Session, path: str = "/", *, follow: bool = False) -> requests.Response:
        """Open a page of the product."""
        return window.get(f"{self.url}{path}", allow_redirects=follow, timeout=SECONDS)

    def press(self, window: requests.Session, path: str) -> requests.Response:
        """Press one of its buttons."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(window).text)
        told = {"csrfmiddlewaretoken": token[1] if token else ""}
        return window.post(f"{self.url}{path}", data=told, timeout=SECONDS)

    def send_logout(self, token: str) -> requests.Response:
        """Post a logout token, as the portal does."""
        address = f"{self.url}/backchannel-logout"
        return requests.post(address, data={"logout_token": token}, timeout=SECONDS)

    def launch(self, window: requests.Session, to: str = "") -> requests.Response:
        """Click on the card, and arrive."""
        address = f"{self.portal}/customer/products/payroll/launch/"
        return window.get(address, params={"to": to} if to else None, timeout=SECONDS)

    def has(self, window: requests.Session) -> bool:
        """Whether this browser is signed in to the product."""
        return "Sign out" in self.get(window).text


def start(product: Product, *, portal: str, folder: Path, check: float = 30) -> Sample:
    """Give a product a client and start its sample; what the portal says is taken for true for `check` seconds."""
    port = free_port()
    url = f"http://{HOST}:{port}"
    client = clients.keep(
        product=product,
        redirect_uris=[f"{url}/callback"],
        post_logout_redirect_uris=[f"{url}/"],
        backchannel_logout_uri=f"{url}/backchannel-logout",
        by=None,
    )
    secret = clients.renew_secret(product=product, by=None)
    credentials = folder / "products.json"
    credentials.write_text(json.dumps({product.slug: {"port": port, "client_id": client.pk, "client_secret": secret}}))
    options = ["--issuer", portal, "--credentials", str(credentials), "--check", str(check), "--heartbeat", "3600"]
    command = [sys.executable, "-m", "billing.launch.sample", product.slug, *options]
    sample = Sample(url, portal, Client.objects.get(pk=client.pk), subprocess.Popen(command, cwd=ROOT))
    stand_for(product, sample)
    deadline = time.monotonic() + SECONDS
    while not answers(sample):
        assert time.monotonic() < deadline, "the sample product does not answer"
        assert sample.process.poll() is None, "the sample product has ended"
        time.sleep(0.05)
    return sample


def stand_for(product: Product, sample: Sample) -> None:
    """Let a sample that runs be this product: the database knows its client, and where it is."""
    if not Client.objects.filter(pk=sample.client_id).exists():
        sample.client.save(force_insert=True)
    product.client = sample.client
    product.launch_url, product.health_url = f"{sample.url}/login", f"{sample.url}/health"
    product.save()


@contextmanager
def ended() -> Iterator[dict[float, Sample]]:
    """Samples by for how many seconds they take the portal's word; those that were started are ended."""
    running: dict[float, Sample] = {}
    try:
        yield running
    finally:
        for sample in running.values():
            sample.process.kill()
            sample.process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def answers(sample: Sample) -> bool:
    """Whether it works."""
    try:
        return requests.get(f"{sample.url}/health", timeout=5).json() == {"status": "ok", "product": "payroll"}
    except OSError:
        return False
