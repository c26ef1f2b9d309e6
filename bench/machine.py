"""What the figures were measured on."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("hyperscan", "msgspec", "SQLAlchemy", "uvloop", "uvicorn", "PyNaCl", "matrix-synapse")


def sentence() -> str:
    """Return date, commit, processor, load and versions, as one paragraph."""
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} at commit {commit or 'unknown'}: {_processor()}, "
        f"{platform.system()}, Python {platform.python_version()}; {packages}. Before the run "
        f"{os.getloadavg()[0]:.1f} other tasks were running on average.\n"
    )


def _processor() -> str:
    name = platform.processor() or platform.machine()
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return name
    for line in text.splitlines():
        if line.startswith("model name"):
            name = line.partition(":")[2].strip()
            break
    return f"{name}, {os.cpu_count()} cores"
