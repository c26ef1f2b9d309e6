"""A real Synapse on this machine only: SQLite, a private authority, nothing reachable from outside."""

import base64
import contextlib
import hashlib
import hmac
import json
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2
from msgspec import Struct

from folkmoot.cli.demo.authority import Certificate

# The child asks the kernel to be ended when we die, so that no homeserver outlives us even after a kill -9.
_START = (
    "import ctypes, sys; libc = ctypes.CDLL(None); getattr(libc, 'prctl', lambda *_: 0)(1, 15); "
    "from synapse.app.homeserver import main; main()"
)
_NO_LIMIT = {"per_second": 10_000, "burst_count": 10_000}


class PortTakenError(Exception):
    """Something else listens on a port that we need; stop it, or choose another port."""

    def __init__(self, host: str, port: int, purpose: str) -> None:
        """Name the port and what it was wanted for."""
        super().__init__(f"Port {port} on {host} is in use; it is needed for {purpose}.")
        self.port = port


class HomeserverError(Exception):
    """Synapse did not start, or refused what was asked of it; the message ends with what it said."""


class Account(Struct, frozen=True):
    """A Matrix account with the token of one device."""

    id: str
    token: str
    device: str


class Homeserver:
    """A real Synapse that lives until `stop`; everything it writes lies in its folder."""

    def __init__(
        self,
        folder: Path,
        certificate: Certificate,
        authority: Path,
        *,
        host: str = "localhost",
        client_port: int = 0,
        federation_port: int = 0,
    ) -> None:
        """Prepare a homeserver whose name is `host:federation_port`; a port of 0 means any free one."""
        self.folder = folder
        self.client_port = client_port or free_port()
        self.federation_port = federation_port or free_port()
        self.name = f"{host}:{self.federation_port}"
        self.url = f"http://127.0.0.1:{self.client_port}"
        self._certificate = certificate
        self._authority = authority
        self._secret = secrets.token_urlsafe(32)
        self._running: subprocess.Popen[bytes] | None = None

    def start(self, *, within: float = 60) -> None:
        """Start Synapse and return once it answers; PortTakenError or HomeserverError says why not."""
        require_free(self.client_port, "the homeserver's clients")
        require_free(self.federation_port, "the homeserver's federation")
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        settings = self.folder / "homeserver.yaml"
        self._write_files(settings)
        with (self.folder / "homeserver.log").open("wb") as log:
            self._running = subprocess.Popen(
                [sys.executable, "-c", _START, "-c", str(settings)],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self._wait(time.monotonic() + within)
        except BaseException:
            self.stop()
            raise

    def stop(self, *, within: float = 10) -> None:
        """Stop Synapse; harmless if it does not run."""
        running, self._running = self._running, None
        if running is None:
            return
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(within)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()

    def register(
        self, name: str, *, display: str | None = None, administrator: bool = False, password: str = ""
    ) -> Account:
        """Make an account (Synapse's shared-secret registration) and return it, signed in.

        Without a password it gets one that nobody knows.
        """
        place = f"{self.url}/_synapse/admin/v1/register"
        password = password or secrets.token_urlsafe(24)
        with httpx2.Client(timeout=30, trust_env=False) as client:
            nonce = client.get(place).json()["nonce"]
            role = "admin" if administrator else "notadmin"
            proof = hmac.new(
                self._secret.encode(), "\0".join((nonce, name, password, role)).encode(), hashlib.sha1
            )
            asked = {
                "nonce": nonce,
                "username": name,
                "password": password,
                "admin": administrator,
                "mac": proof.hexdigest(),
                "displayname": display or name,
            }
            answer = client.post(place, json=asked)
        if answer.status_code != 200:
            raise HomeserverError(f"The account {name} could not be made: {answer.text}")
        made = answer.json()
        return Account(made["user_id"], made["access_token"], made["device_id"])

    def _wait(self, until: float) -> None:
        with httpx2.Client(timeout=2, trust_env=False) as client:
            while time.monotonic() < until:
                if self._running is None or self._running.poll() is not None:
                    raise HomeserverError(f"Synapse ended while starting. It said:\n{self.last_words()}")
                with contextlib.suppress(httpx2.TransportError):
                    if client.get(f"{self.url}/health").status_code == 200:
                        return
                time.sleep(0.1)
        raise HomeserverError(f"Synapse did not answer in time. It said:\n{self.last_words()}")

    def last_words(self, lines: int = 15) -> str:
        """Return the end of Synapse's log."""
        text = (self.folder / "homeserver.log").read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def _write_files(self, settings: Path) -> None:
        seed = secrets.token_bytes(32)
        key = self.folder / "signing.key"
        if not key.exists():
            write_private(key, f"ed25519 demo {_base64(seed)}\n")
        write_private(self.folder / "log.yaml", json.dumps(_LOGGING))
        write_private(settings, json.dumps(self._settings(key), indent=1))

    def _settings(self, key: Path) -> dict[str, Any]:
        loopback = ["127.0.0.1"]
        return {
            "server_name": self.name,
            "public_baseurl": f"{self.url}/",
            "report_stats": False,
            "listeners": [
                _listener(self.client_port, loopback, "client", tls=False),
                _listener(self.federation_port, loopback, "federation", tls=True),
            ],
            "tls_certificate_path": str(self._certificate.chain),
            "tls_private_key_path": str(self._certificate.key),
            "federation_custom_ca_list": [str(self._authority)],
            "ip_range_whitelist": ["127.0.0.1/32", "::1/128"],
            "database": {"name": "sqlite3", "args": {"database": str(self.folder / "homeserver.db")}},
            "media_store_path": str(self.folder / "media"),
            "signing_key_path": str(key),
            "log_config": str(self.folder / "log.yaml"),
            "trusted_key_servers": [],
            "suppress_key_server_warning": True,
            "registration_shared_secret": self._secret,
            "macaroon_secret_key": secrets.token_urlsafe(32),
            "form_secret": secrets.token_urlsafe(32),
            "enable_registration": False,
            "url_preview_enabled": False,
            "presence": {"enabled": False},
            # Every account here is made by us a moment ago: slow hashing would only delay the start.
            "bcrypt_rounds": 4,
            **_RATES,
        }


_RATES: dict[str, Any] = {
    "rc_message": _NO_LIMIT,
    "rc_registration": _NO_LIMIT,
    "rc_login": dict.fromkeys(("address", "account", "failed_attempts"), _NO_LIMIT),
    "rc_joins": dict.fromkeys(("local", "remote"), _NO_LIMIT),
    "rc_joins_per_room": _NO_LIMIT,
    "rc_invites": dict.fromkeys(("per_room", "per_user", "per_issuer"), _NO_LIMIT),
    "rc_room_creation": _NO_LIMIT,
    "rc_admin_redaction": _NO_LIMIT,
}
_LOGGING = {
    "version": 1,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"level": "WARNING", "handlers": ["console"]},
    "disable_existing_loggers": False,
}


def free_port() -> int:
    """Return a port of the loopback address that nothing listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def require_free(port: int, purpose: str) -> None:
    """Raise PortTakenError if something listens on `port` of the loopback address."""
    try:
        with socket.create_server(("127.0.0.1", port)):
            return
    except OSError as trouble:
        raise PortTakenError("127.0.0.1", port, purpose) from trouble


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text, encoding="utf-8")


def _listener(port: int, addresses: list[str], resource: str, *, tls: bool) -> dict[str, Any]:
    return {
        "port": port,
        "bind_addresses": addresses,
        "type": "http",
        "tls": tls,
        "x_forwarded": False,
        "resources": [{"names": [resource], "compress": False}],
    }


def _base64(body: bytes) -> str:
    return base64.b64encode(body).decode().rstrip("=")
