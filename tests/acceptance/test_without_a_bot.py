"""A forum that has no bot: from the first command to what its member reads about a stopped message."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

ADVERT = "Casino bonus 200%, free spins t.me/luckyace"


class Forum:
    """An installation without Matrix, as its operator has it."""

    def __init__(self, folder: Path) -> None:
        """Make it with the commands that the README names."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self._settings = str(folder / "folkmoot.toml")
        self._environment = {**os.environ, "FOLKMOOT_WEB_PORT": str(port)}
        self._told("init", str(folder), "--public-url", self.address, settings=False)
        self.group = self._told("group", "new", "Bees").splitlines()[0].strip()
        self._told("group", "start", self.group)
        self.token = self._told("token", self.group).strip()

    def _told(self, *words: str, settings: bool = True) -> str:
        more = ("--settings", self._settings) if settings else ()
        command = [sys.executable, "-m", "folkmoot", *words, *more]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def served(self) -> Iterator[httpx2.Client]:
        """Run it, and give a client that shows the token."""
        command = [sys.executable, "-m", "folkmoot", "serve", "--settings", self._settings]
        serving = subprocess.Popen(
            command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            with httpx2.Client(base_url=self.address, headers=headers, trust_env=False) as client:
                _wait(client)
                yield client
        finally:
            serving.terminate()
            serving.wait(20)


def _wait(client: httpx2.Client) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            client.get("/health")
        except httpx2.TransportError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("it does not answer")


def test_what_a_member_of_a_forum_reads_promises_nothing_that_only_a_bot_does(tmp_path: Path) -> None:
    """The reason names the rule, the link opens the whole statement, and an appeal goes by the link alone."""
    forum = Forum(tmp_path / "forum")
    with forum.served() as client:
        message = {"id": "post-7", "text": ADVERT, "sender": "kim", "room": "general"}
        judged = client.post("/v1/judge", json=message).json()
        assert (judged["outcome"], judged["done"], judged["practice"]) == ("stop", "stop", False)
        assert judged["rules"][0] == "gambling"
        assert judged["reason"].startswith("Your message was stopped before anyone saw it.")
        assert "No gambling for money" in judged["reason"]
        read = client.get(judged["link"], headers={"Authorization": ""})
    assert read.status_code == 200
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", read.text))
    for part in ("No gambling for money", "Bees", "automatic rules found it", "You can appeal here"):
        assert part in text
    assert ADVERT not in text
    for only_a_bot in ("answer this message", "reply to this", "!moot"):
        assert only_a_bot not in judged["reason"] + text
