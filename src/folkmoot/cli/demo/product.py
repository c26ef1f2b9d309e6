"""Folkmoot itself as an operator runs it: a settings file and a child process `folkmoot serve`."""

import contextlib
import json
import signal
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2

from folkmoot.cli.demo.authority import Authority
from folkmoot.cli.demo.homeserver import Account, Homeserver, write_private
from folkmoot.cli.demo.ports import Ports

# As `python -m folkmoot`, but the child asks the kernel to be ended when we die, even by kill -9.
_START = (
    "import ctypes; getattr(ctypes.CDLL(None), 'prctl', lambda *_: 0)(1, 15); "
    "from folkmoot.cli import main; main()"
)


class ProductError(Exception):
    """Folkmoot did not start; the message ends with what it said."""


class Product:
    """`folkmoot serve` with a generated settings file, alive until `stop`."""

    def __init__(self, folder: Path, ports: Ports, homeserver: Homeserver, authority: Authority) -> None:
        """Prepare to run in `folder`, for accounts of `homeserver`, with TLS from `authority`."""
        self.folder = folder
        self.console = f"http://127.0.0.1:{ports.console}"
        self.policy_name = f"localhost:{ports.policy}"
        self.policy_account = f"@moot:{self.policy_name}"
        self.database = folder / "folkmoot.db"
        self.settings = folder / "folkmoot.toml"
        self._ports = ports
        self._homeserver = homeserver
        self._authority = authority
        self.authority_certificate = str(authority.certificate)
        self._running: subprocess.Popen[bytes] | None = None

    def start(self, bot: Account, *, within: float = 90) -> None:
        """Start with `bot` as the bot's account; return once console and policy server answer."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(self.folder / "bot.token", bot.token + "\n")
        write_private(self.settings, settings_text(self.settings_for(bot)))
        with (self.folder / "folkmoot.log").open("ab") as log:
            self._running = subprocess.Popen(
                [sys.executable, "-c", _START, "serve", "--settings", str(self.settings)],
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
        """Stop Folkmoot; harmless if it does not run."""
        running, self._running = self._running, None
        if running is None:
            return
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(within)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()

    def kill(self) -> None:
        """End Folkmoot as a crash does, in the middle of whatever it is at; `start` begins again."""
        running, self._running = self._running, None
        if running is not None:
            running.kill()
            running.wait()

    def last_words(self, lines: int = 15) -> str:
        """Return the end of Folkmoot's log."""
        text = (self.folder / "folkmoot.log").read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def _wait(self, until: float) -> None:
        trust = ssl.create_default_context(cafile=str(self._authority.certificate))
        waiting = [f"https://{self.policy_name}/_matrix/key/v2/server", f"{self.console}/healthz"]
        with httpx2.Client(timeout=2, trust_env=False, verify=trust) as client:
            while time.monotonic() < until:
                if self._running is None or self._running.poll() is not None:
                    raise ProductError(f"Folkmoot ended while starting. It said:\n{self.last_words()}")
                with contextlib.suppress(httpx2.TransportError):
                    while waiting and client.get(waiting[0]).status_code < 500:
                        waiting.pop(0)
                if not waiting:
                    return
                time.sleep(0.1)
        raise ProductError(f"{waiting[0]} did not answer in time. Folkmoot said:\n{self.last_words()}")

    def settings_for(self, bot: Account) -> dict[str, dict[str, Any]]:
        """Return the settings of a product with this bot, by section."""
        certificate = self._authority.issue("policy-server", "localhost", "127.0.0.1")
        return {
            "store": {"folder": str(self.folder)},
            "web": {"port": self._ports.console, "public_url": self.console},
            "policy_server": {
                "server_name": self.policy_name,
                "port": self._ports.policy,
                "certificate": str(certificate.chain),
                "certificate_key": str(certificate.key),
                "authority": str(self._authority.certificate),
                "allow_networks": ["127.0.0.1/32", "::1/128"],
                # A busy machine must not make messages pass unjudged; Synapse itself waits 30 seconds.
                "deadline": 15.0,
            },
            "bot": {
                "homeserver": self._homeserver.url,
                "account": bot.id,
                "token_file": str(self.folder / "bot.token"),
                "device": bot.device,
                "watch_every": 10.0,
            },
        }


def settings_text(sections: dict[str, dict[str, Any]]) -> str:
    """Write settings as TOML; JSON's strings, numbers and lists are TOML's too."""
    lines = ["# Written by `folkmoot demo`; docs/operators/settings.md explains every line."]
    for name, section in sections.items():
        lines += ["", f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in section.items())]
    return "\n".join(lines) + "\n"
