"""Run every benchmark and write docs/benchmarks.md: `make bench` (ARGS=--quick for a short look)."""

import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench import delivery, judging
from bench.delivery import Delivery
from bench.judging import Row

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
_PACKAGES = ("hyperscan", "msgspec", "SQLAlchemy", "uvloop", "uvicorn", "PyNaCl", "matrix-synapse")


def main(arguments: list[str]) -> int:
    """Measure, print, and write the page; with --quick measure less and write nothing."""
    quick = "--quick" in arguments
    if set(arguments) - {"--quick"}:
        print("Usage: make bench [ARGS=--quick]", file=sys.stderr)
        return 2
    rows = judging.run(4_000 if quick else 20_000)
    sent = delivery.run(60 if quick else 400)
    page = render(rows, sent)
    print(page)
    if not quick:
        PAGE.write_text(page, encoding="utf-8")
    return 0


def render(rows: list[Row], sent: Delivery) -> str:
    """Return the page as Markdown."""
    return "\n".join([_HEAD, _machine(), _JUDGING, *_table(rows), _DELIVERY, *_sends(sent), _NOTES])


def _machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} at commit {commit or 'unknown'}: {_processor()}, "
        f"{platform.system()}, Python {platform.python_version()}; {packages}.\n"
    )


def _processor() -> str:
    name = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                name = line.partition(":")[2].strip()
                break
        cores = Path("/proc/cpuinfo").read_text(encoding="utf-8").count("processor\t")
    except OSError:
        return name
    return f"{name}, {cores} cores"


def _table(rows: list[Row]) -> list[str]:
    first = rows[0]
    lines = [
        "| what | messages a second | processor time a message | p50 | p99 | ratio |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        ratio = row.microseconds / first.microseconds
        lines.append(
            f"| {row.what} | {row.per_second:,.0f} | {row.microseconds:.1f} µs | {row.p50:,.0f} µs "
            f"| {row.p99:,.0f} µs | {ratio:.2f}× |"
        )
    return lines


def _sends(sent: Delivery) -> list[str]:
    added = sent.protected - sent.plain
    return [
        "| room | median time of a send | ratio |",
        "|---|---:|---:|",
        f"| without protection | {sent.plain:.1f} ms | 1.00× |",
        f"| with protection | {sent.protected:.1f} ms | {sent.protected / sent.plain:.2f}× |",
        (
            f"| with protection, the message is stopped | {sent.stopped:.1f} ms "
            f"| {sent.stopped / sent.plain:.2f}× |"
        ),
        "",
        (
            f"Protection adds {added:.1f} ms to the median send; {sent.ours:.1f} ms of it "
            "is Folkmoot's pipeline, from the message's arrival to its durable answer."
        ),
    ]


_HEAD = """# Benchmarks

Written by `make bench`; don't edit by hand. Machines are noisy: read ratios, not absolutes. Every figure is
the median of interleaved rounds in one run.
"""

_JUDGING = """## Judging

20,000 distinct messages of chat length in many languages, on one core. *judge* is the policy alone: folding,
detectors, rules. *pipeline* is the whole way with durable evidence: every answer is on disk (SQLite,
`synchronous=FULL`) before it is given. The ratio is processor time against the first line.
"""

_DELIVERY = """
## Sending through Synapse

One member sends to two rooms of one real Synapse in turns: one room without protection, one with.
"""

_NOTES = """
## How to read this

- *messages a second* is wall-clock time of one process; *processor time* adds up its threads.
- p50 and p99 of the pipeline are seen by 64 callers at the same time: they wait for each other's commit.
- Peers on the same messages, and accuracy beside speed, come with the models.
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
