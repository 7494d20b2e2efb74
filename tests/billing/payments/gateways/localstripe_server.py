"""localstripe on loopback and in memory, taught the two parameters of a PaymentIntent that came after its version."""

import sys
from typing import Any

from aiohttp import web
from localstripe import resources, server

OLD = resources.PaymentIntent.__init__


def with_newer_parameters(self: Any, *, description: str = "", return_url: str = "", **known: Any) -> None:
    OLD(self, **known)


resources.PaymentIntent.__init__ = with_newer_parameters
resources.Store.dump_to_disk = lambda self: None

if __name__ == "__main__":
    web.run_app(server.app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
