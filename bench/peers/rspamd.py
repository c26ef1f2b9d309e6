"""rspamd as a process of its own on loopback: its usual rules, 10,000 phrases, and no network."""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.asking import Asked, client
from bench.peers.child import HOME
from bench.serving import Serving
from bench.texts import messages, phrases

PHRASES = 10_000
_CONF = Path(__file__).with_name("rspamd.conf")
_MAIL = (
    "From: member@example.org\r\nTo: room@example.org\r\nSubject: message\r\nMIME-Version: 1.0\r\n"
    "Message-Id: <{number}@example.org>\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\n"
    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
)


def found() -> Path | None:
    """Return where rspamd is; None where it is not."""
    unpacked = HOME / "rspamd"
    if (unpacked / "usr/bin/rspamd").exists():
        return unpacked
    return Path("/") if shutil.which("rspamd") == "/usr/bin/rspamd" else None


def version(root: Path) -> str:
    """Return its version."""
    said = subprocess.run(
        [root / "usr/bin/rspamd", "--version"],
        env=_environment(root),
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout.split()[-1]


def run(root: Path, requests: int, callers: int) -> Serving:
    """Have it check messages, each as the text of a mail, from so many connections."""
    texts = messages(requests, seed=43)
    mails = [_MAIL.format(number=number, text=text).encode() for number, text in enumerate(texts)]
    with _running(root) as (port, process):
        asyncio.run(_asked(port, mails[:50], callers))
        before = _processor_time(process)
        asked = asyncio.run(_asked(port, mails, callers))
        used = _processor_time(process) - before
    ordered = sorted(asked.took)
    return Serving(
        callers=callers,
        batch=1,
        per_second=len(ordered) / asked.wall,
        microseconds=used / len(ordered) * 1e6,
        client=asked.cpu / len(ordered) * 1e6,
        p50=ordered[len(ordered) // 2] * 1e3,
        p99=ordered[len(ordered) * 99 // 100] * 1e3,
    )


async def _asked(port: int, mails: list[bytes], callers: int) -> Asked:
    async with client(port, "POST /checkv2 HTTP/1.1", mails, callers) as ask:
        return await ask()


@contextmanager
def _running(root: Path) -> Iterator[tuple[int, int]]:
    share = root / "usr/share/rspamd"
    with tempfile.TemporaryDirectory(prefix="folkmoot-bench-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        lines = [f"/{re.escape(phrase)}/i\n" for phrase in phrases(PHRASES)]
        (Path(folder) / "phrases.map").write_text("".join(lines), encoding="utf-8")
        places = {
            "DBDIR": folder,
            "SHAREDIR": str(share),
            "RULESDIR": str(share / "rules"),
            "PLUGINSDIR": str(share / "plugins"),
            "LUALIBDIR": str(share / "lualib"),
            "LOCAL_CONFDIR": folder,
            "CONFDIR": folder,
            "PORT": str(port),
        }
        command = [str(root / "usr/bin/rspamd"), "-f", "-i", "-c", str(_CONF)]
        command += [f"--var={name}={value}" for name, value in places.items()]
        process = subprocess.Popen(
            command, env=_environment(root), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            _wait(port, process)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait()


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            # It answers once its phrases are read.
            asyncio.run(_asked(port, [_MAIL.format(number=0, text="hi").encode()], 1))
        except RuntimeError:
            time.sleep(1)
        else:
            return
    raise RuntimeError("rspamd did not start")


def _environment(root: Path) -> dict[str, str]:
    if root == Path("/"):
        return {**os.environ}
    libraries = f"{root}/usr/lib/x86_64-linux-gnu:{root}/usr/lib/aarch64-linux-gnu:{root}/usr/lib/rspamd"
    return {**os.environ, "LD_LIBRARY_PATH": libraries}


def _processor_time(parent: int) -> float:
    """Return the processor time of a process and its children, in seconds."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent or stat.parent.name == str(parent):
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")
