"""Runs every benchmark, writes docs/benchmarks.md and docs/evasion.md: `make bench` (ARGS=--quick: few)."""

import os
import sys
from pathlib import Path

from bench import attacks, compared, delivery, growth, hostile, judging, page, serving, signing, starting
from bench.delivery import Delivery
from bench.page import Mail, Measured
from bench.peers import rspamd
from bench.plots import Bar, bars
from bench.running import patient, with_phrases
from folkmoot.decide import starters
from folkmoot.detect import models

DOCS = Path(__file__).parent.parent / "docs"


def main(arguments: list[str]) -> int:
    """Measure, print, and write the page; with --quick measure less and write nothing."""
    quick = "--quick" in arguments
    # What a plain `pip install folkmoot` does is measured, here and in every process begun from here.
    os.environ["FOLKMOOT_JUDGING_SECOND_OPINION"] = "false"
    models.begin(second_opinions=False)
    if set(arguments) - {"--quick"}:
        print("Usage: make bench [ARGS=--quick]", file=sys.stderr)
        return 2
    found = measure(quick)
    text = page.render(found)
    print(text)
    if not quick:
        (DOCS / "benchmarks.md").write_text(text, encoding="utf-8")
        for name, plot in plots(found).items():
            (DOCS / "images").mkdir(exist_ok=True)
            (DOCS / "images" / name).write_text(plot, encoding="utf-8")
        attacks.PAGE.write_text(attacks.table(), encoding="utf-8")
    return 0


def measure(quick: bool) -> Measured:
    """Measure everything, one after the other, for nothing else may run meanwhile."""
    live = patient(starters.load("neighbours"))
    requests = 1_000 if quick else 8_000
    return Measured(
        judging=judging.run(4_000 if quick else 20_000, 2 if quick else judging.ROUNDS),
        growth=growth.run(5 if quick else 15, 200 if quick else 1_000),
        serving=[
            serving.run(live, requests),
            serving.run(live, requests // 8, callers=1),
            serving.run(live, max(16, requests // 50), callers=4, batch=100),
            serving.run(with_phrases(live, 100_000), requests),
        ],
        mail=_mail(300 if quick else 3_000),
        starting=starting.run(1 if quick else 3),
        hostile=hostile.run(),
        comparison=compared.run(quick),
        signing=signing.run(500 if quick else 2_000),
        delivery=_delivery(60 if quick else 400),
    )


def _mail(requests: int) -> Mail | None:
    root = rspamd.found()
    if root is None:
        return None
    policy = with_phrases(patient(starters.load("neighbours")), 100_000)
    theirs = [rspamd.run(root, requests, 16)]
    ours = serving.run(policy, requests, callers=16)
    theirs.append(rspamd.run(root, requests, 16))
    best = max(theirs, key=lambda one: one.per_second)
    return Mail(version=rspamd.version(root), theirs=best, ours=ours)


def _delivery(sends: int) -> Delivery | None:
    try:
        return delivery.run(sends)
    except Exception as trouble:  # the other figures are worth having without a homeserver
        print(f"sending through Synapse: left out ({type(trouble).__name__}: {trouble})", file=sys.stderr)
        return None


def plots(found: Measured) -> dict[str, str]:
    """Return the pictures of the page, by file name."""
    speed = [
        Bar(
            label=row.what.replace("pipeline, durable, ", ""),
            value=row.per_second,
            text=f"{row.per_second:,.0f}",
            ours=True,
        )
        for row in found.judging
    ]
    cost = [
        Bar(
            label=one.name,
            value=one.microseconds,
            text=f"{one.microseconds:,.0f} µs",
            ours=one.name.startswith("Folkmoot"),
        )
        for one in sorted(found.comparison.contenders, key=lambda one: one.microseconds)
    ]
    return {
        "bench-judging.svg": bars("Messages a second, one core", speed),
        "bench-cost.svg": bars("Processor time of a message (logarithmic)", cost, logarithmic=True),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
