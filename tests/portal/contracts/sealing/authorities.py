"""Keys and certificates of tests, and a time stamp server that speaks RFC 3161 over HTTP and can fail in many ways."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

STARTS_AT = datetime(2026, 1, 1, tzinfo=UTC)
STAMPED_AT = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
TAKEN = ("key_encipherment", "data_encipherment", "key_agreement", "crl_sign", "encipher_only", "decipher_only")


@dataclass(frozen=True)
class Pair:
    """A key and its certificate."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        """The certificate."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def der(self) -> bytes:
        """The certificate."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def key_der(self) -> bytes:
        """The key."""
        return self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def key_pem(self, passphrase: str = "") -> str:
        """The key, encrypted where there is a passphrase."""
        cipher = (
            serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
        )
        return self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, cipher).decode()


@cache
def pair(
    name: str,
    *,
    above: str = "",
    is_authority: bool = False,
    for_stamps: bool = False,
    starts_at: datetime = STARTS_AT,
    days: int = 3650,
) -> Pair:
    """A pair of this name, made once: signed by itself, or by the authority of the name `above`."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    issuer = pair(above, is_authority=True) if above else None
    usage = dict.fromkeys(TAKEN, False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(above or name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(starts_at)
        .not_valid_after(starts_at + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=not is_authority,
                key_cert_sign=is_authority,
                **usage,
            ),
            critical=True,
        )
    )
    if for_stamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return Pair(key, builder.sign(issuer.key if issuer else key, hashes.SHA256()))


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def responder(name: str = "Clock Authority", at: datetime = STAMPED_AT) -> DummyTimeStamper:
    """Signs what RFC 3161 asks for, at this time."""
    found = pair(name, for_stamps=True)
    return DummyTimeStamper(asn1.Certificate.load(found.der), keys.PrivateKeyInfo.load(found.key_der), fixed_dt=at)


@dataclass
class Server:
    """A time stamp server; `mode` says how it answers, `asked` what it was sent."""

    url: str = ""
    mode: str = "good"
    asked: list[dict[str, str]] = field(default_factory=list)

    def answer(self, body: bytes) -> tuple[int, str, bytes]:
        """Status, content type and body of the answer."""
        good = "application/timestamp-reply"
        if self.mode == "down":
            return 503, "text/html", b"<h1>Down</h1>"
        if self.mode == "page":
            return 200, "text/html", b"<h1>Sign in to the hotel's network</h1>"
        if self.mode == "garbage":
            return 200, good, b"\x30\x82\x01\x00 not an answer"
        if self.mode == "huge":
            return 200, good, b"\x30" * (2 * 1024 * 1024)
        if self.mode == "refusal":
            status = tsp.PKIStatusInfo({"status": "rejection", "status_string": ["Too many."]}).dump()
            return 200, good, b"\x30" + bytes([len(status)]) + status
        return 200, good, responder().request_tsa_response(self._request(body)).dump()

    def _request(self, body: bytes) -> tsp.TimeStampReq:
        request = tsp.TimeStampReq.load(body)
        if self.mode == "other digest":
            request["message_imprint"]["hashed_message"] = b"\x01" * 32
        if self.mode == "other nonce":
            request["nonce"] = 4711
        return tsp.TimeStampReq.load(request.dump(force=True))


@contextmanager
def running() -> Iterator[Server]:
    """A server on a port of its own."""
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.asked.append(dict(self.headers))
            status, kind, content = server.answer(body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            size, pause = (1, 0.05) if server.mode == "slow" else (len(content), 0)
            with suppress(BrokenPipeError, ConnectionResetError):
                for place in range(0, len(content), size):
                    self.wfile.write(content[place : place + size])
                    time.sleep(pause)

        def log_message(self, *args: object) -> None:
            """Stay silent."""

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web.daemon_threads = True
    server.url = f"http://127.0.0.1:{web.server_address[1]}/stamp"
    threading.Thread(target=web.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        web.shutdown()
        web.server_close()
