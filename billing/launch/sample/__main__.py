"""Run one of the sample products: `python -m billing.launch.sample payroll --issuer … --credentials var/products.json`.

The file of credentials holds for each product its port, client id and client secret: secrets stand on no command line.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path
from socketserver import TCPServer, ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from billing.launch.sample.portal import Portal
from billing.launch.sample.products import PRODUCTS, Books
from billing.launch.sample.reporting import Reporter
from billing.launch.sample.running import here
from billing.launch.sample.sessions import Sessions

HOST = "127.0.0.1"


class Server(ThreadingMixIn, WSGIServer):
    """A thread for each request."""

    daemon_threads = True

    def server_bind(self) -> None:
        """Listen, without asking a name server who we are."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]
        self.setup_environ()


class Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def main() -> None:
    """Run until a signal. Ends with a sentence where the port is taken or there are no credentials."""
    asked = arguments()
    try:
        mine = json.loads(asked.credentials.read_text("utf-8"))[asked.product]
    except (OSError, ValueError, KeyError):
        sys.exit(f"{asked.credentials} holds no credentials for {asked.product}.")
    configure(asked, mine)
    try:
        server = Server((HOST, mine["port"]), Quiet)
    except OSError:
        sys.exit(f"Port {mine['port']} is taken: {here.product.name} does not run.")
    server.set_app(get_wsgi_application())
    here.reporter.start(here.sessions, heartbeat=asked.heartbeat)
    server.serve_forever()


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m billing.launch.sample", description="A sample product.")
    parser.add_argument("product", choices=list(PRODUCTS))
    parser.add_argument("--issuer", required=True, help="the portal's address")
    parser.add_argument("--credentials", required=True, type=Path, help="a JSON file: port, client_id, client_secret")
    parser.add_argument("--heartbeat", type=float, default=300, help="seconds between two signs of life")
    parser.add_argument("--check", type=float, default=30, help="seconds for which the portal's word is taken")
    return parser.parse_args()


def configure(asked: argparse.Namespace, mine: dict[str, str]) -> None:
    """Say what runs here, and set Django up, without a database."""
    settings.configure(
        SECRET_KEY=hashlib.sha256(f"cookies {mine['client_secret']}".encode()).hexdigest(),
        ALLOWED_HOSTS=[HOST],
        ROOT_URLCONF="billing.launch.sample.urls",
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [Path(__file__).with_name("templates")],
            }
        ],
        # Cookies are shared by all ports of a machine.
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        SESSION_COOKIE_NAME=f"{asked.product}_session",
        CSRF_COOKIE_NAME=f"{asked.product}_csrf",
        USE_THOUSAND_SEPARATOR=True,
    )
    django.setup()
    here.base_url, here.product = f"http://{HOST}:{mine['port']}", PRODUCTS[asked.product]
    here.portal = Portal(issuer=asked.issuer, client_id=mine["client_id"], client_secret=mine["client_secret"])
    here.books, here.sessions = Books(here.product), Sessions(here.portal, seconds=asked.check)
    here.reporter = Reporter(here.portal, here.books)


if __name__ == "__main__":
    main()
