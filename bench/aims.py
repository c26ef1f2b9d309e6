"""What was aimed at beside what was measured, in one table."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bench.judging import Row

if TYPE_CHECKING:
    from bench.page import Measured


def rows(found: "Measured") -> Iterator[str]:
    """The lines of the table."""
    yield "| what | aim | measured |"
    yield "|---|---:|---:|"
    for what, aim, measured in _all(found):
        yield f"| {what} | {aim} | {measured} |"


def _all(found: "Measured") -> Iterator[tuple[str, str, str]]:
    judge = _row(found.judging, "judge: neighbours")
    short = _row(found.judging, "judge: neighbours + 1,000 phrases")
    long = _row(found.judging, "judge: neighbours + 100,000 phrases")
    batches = _row(found.judging, "pipeline, durable, batches of 500: neighbours")
    at_64 = found.serving[0]
    serve = found.starting[-1]
    best, worst = max(one.best for one in found.hostile), max(one.worst for one in found.hostile)
    yield "messages a second, batches through the Python API", "60,000", f"{batches.per_second:,.0f}"
    yield f"HTTP requests a second, {at_64.callers} connections", "16,000", f"{at_64.per_second:,.0f}"
    yield "p99 inside the judge", "< 1 ms", f"{judge.p99 / 1000:.2f} ms"
    ratio = long.microseconds / short.microseconds
    yield "100,000 phrases against 1,000", "≤ 1.3×", f"{ratio:.2f}×"
    yield f"`{serve.what}`, 100,000 phrases: to the first answer", "< 1.5 s", f"{serve.again:.2f} s"
    yield "the same: memory", "< 250 MB", f"{serve.megabytes:.0f} MB"
    yield "a message after 100 times as much of everything", "flat", f"{found.growth.ratio:.2f}×"
    yield "a hostile message, seen again; the first time", "≤ 5 ms", f"{best:.1f} ms; {worst:.1f} ms"
    yield "a signature for Matrix, in the process", "≤ 286 µs", f"{found.signing.cpu:,.0f} µs"
    if found.delivery is not None:
        added = found.delivery.protected - found.delivery.plain
        yield "added to a send through Synapse", "+3 ms", f"{added:+.1f} ms"


def _row(among: list[Row], what: str) -> Row:
    return next(row for row in among if row.what == what)
