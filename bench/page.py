"""The page docs/benchmarks.md, from what was measured."""

from msgspec import Struct

from bench import aims, machine
from bench.compared import Comparison
from bench.delivery import Delivery
from bench.growth import Growth
from bench.hostile import Hostile
from bench.judging import Row
from bench.serving import Serving
from bench.signing import Signing
from bench.starting import Start


class Measured(Struct, frozen=True, kw_only=True):
    """Everything that was measured in one run; None where it could not be."""

    judging: list[Row]
    growth: Growth
    serving: list[Serving]
    mail: "Mail | None"
    starting: list[Start]
    hostile: list[Hostile]
    comparison: Comparison
    signing: Signing
    delivery: Delivery | None


class Mail(Struct, frozen=True, kw_only=True):
    """rspamd and Folkmoot over HTTP, in turn."""

    version: str
    theirs: Serving
    ours: Serving


def render(found: Measured) -> str:
    """Return the page as Markdown."""
    parts = [
        [_HEAD, machine.sentence()],
        [_AIMS, *aims.rows(found), ""],
        [_JUDGING, *_judging(found.judging), "", _growth(found.growth)],
        [_SERVING, *_serving(found.serving), "", _mail(found.mail)],
        [_PEERS, *_peers(found.comparison)],
        [_STARTING, *_starting(found.starting)],
        [_HOSTILE, *_hostile(found.hostile)],
        [_DELIVERY, *_delivery(found.delivery, found.signing)],
        [_NOTES],
    ]
    return "\n".join(line for part in parts for line in part)


def _judging(rows: list[Row]) -> list[str]:
    lines = [
        "| what | messages a second | processor time a message | p50 of a call | p99 | ratio |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        lines.append(
            f"| {row.what} | {row.per_second:,.0f} | {row.microseconds:.1f} µs | {row.p50:,.0f} µs "
            f"| {row.p99:,.0f} µs | {row.microseconds / rows[0].microseconds:.2f}× |"
        )
    return lines


def _growth(growth: Growth) -> str:
    return (
        f"After {growth.history:,} messages of {growth.history // 5:,} members in {growth.history // 100:,} "
        f"rooms a message costs {growth.large:.1f} µs; after a hundredth of each {growth.small:.1f} µs: "
        f"**{growth.ratio:.2f}×**."
    )


def _serving(rows: list[Serving]) -> list[str]:
    lines = [
        "| connections | messages each | requests/s | messages/s | server's time | client's | p50 | p99 |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        lines.append(
            f"| {row.callers} | {row.batch} | {row.per_second:,.0f} | {row.per_second * row.batch:,.0f} "
            f"| {row.microseconds:,.0f} µs | {row.client:,.0f} µs | {row.p50:.1f} ms | {row.p99:.1f} ms |"
        )
    return lines


def _mail(mail: "Mail | None") -> str:
    if mail is None:
        return "rspamd: left out (not installed); `sh scripts/bench_peers.sh` unpacks it."
    ours, theirs = mail.ours, mail.theirs
    return (
        f"rspamd {mail.version} over the same loopback (`/checkv2`, its usual rules and 10,000 phrases, "
        f"no network, {theirs.callers} connections): {theirs.per_second:,.0f} requests a second, "
        f"{theirs.microseconds:,.0f} µs of processor time each; Folkmoot with durable evidence and 100,000 "
        f"phrases: {ours.per_second:,.0f} and {ours.microseconds:,.0f} µs, that is "
        f"**{ours.per_second / theirs.per_second:.1f}×** ({theirs.microseconds / ours.microseconds:.1f}× in "
        "processor time)."
    )


def _peers(comparison: Comparison) -> list[str]:
    names = [*comparison.sets]
    lines = [
        "![Processor time of a message](images/bench-cost.svg)",
        "",
        f"| what | version | a message | ratio | {' | '.join(names)} |",
        f"|---|---|---:|---:|{'---:|' * len(names)}",
    ]
    ours = comparison.contenders[0].microseconds
    for one in comparison.contenders:
        shares = " | ".join(f"{one.flagged[name] * 100:.1f} %" for name in names)
        lines.append(
            f"| {one.name} | {one.version} | {one.microseconds:,.0f} µs "
            f"| {one.microseconds / ours:.1f}× | {shares} |"
        )
    lines += ["", "What they are:", ""]
    lines += [f"- **{one.name}**: {one.about}." for one in comparison.contenders]
    lines += [f"- {missing}." for missing in comparison.missing]
    counted = ", ".join(f"{count} of “{name}”" for name, count in comparison.sets.items())
    return [*lines, "", f"Asked about: {counted}."]


def _starting(rows: list[Start]) -> list[str]:
    lines = ["| command | the first time | every time after | memory |", "|---|---:|---:|---:|"]
    for row in rows:
        lines.append(f"| `{row.what}` | {row.first:.1f} s | {row.again:.2f} s | {row.megabytes:.0f} MB |")
    return lines


def _hostile(rows: list[Hostile]) -> list[str]:
    lines = ["| message | characters | best of five | worst of five |", "|---|---:|---:|---:|"]
    for row in rows:
        lines.append(f"| {row.what} | {row.characters:,} | {row.best:.2f} ms | {row.worst:.2f} ms |")
    return lines


def _delivery(sent: Delivery | None, signing: Signing) -> list[str]:
    own = (
        f"In the process itself a request of {signing.size:,} bytes (two verifications, one signature, "
        f"judging left out) takes {signing.cpu:,.0f} µs of processor time; p50 {signing.p50:,.0f} µs, "
        f"p99 {signing.p99:,.0f} µs."
    )
    if sent is None:
        return ["Left out: Synapse could not be started here.", "", own]
    lines = ["| room | median time of a send | ratio |", "|---|---:|---:|"]
    for what, took in (
        ("without protection", sent.plain),
        ("with protection", sent.protected),
        ("with protection, the message is stopped", sent.stopped),
    ):
        lines.append(f"| {what} | {took:.1f} ms | {took / sent.plain:.2f}× |")
    added = (
        f"Protection adds {sent.protected - sent.plain:.1f} ms to the median send; {sent.ours:.1f} ms of it "
        "is Folkmoot's pipeline, from the message's arrival to its durable answer."
    )
    return [*lines, "", added, "", own]


_HEAD = """# Benchmarks

Written by `make bench`; don't edit by hand. Machines are noisy: read ratios, not absolutes. Every figure is
the median of interleaved rounds in one run.
"""

_AIMS = """## In short
"""

_JUDGING = """## Judging

![Messages a second](images/bench-judging.svg)

20,000 distinct messages of chat length in many languages, most of them not in Latin letters, on one core.
*judge* is the policy alone: folding, detectors, models, rules. *pipeline* is the whole way with durable
evidence: every answer is on disk (SQLite, `synchronous=FULL`) before it is given. The ratio is processor time
against the first line.
"""

_SERVING = """
## Over HTTP

`POST /v1/judge` over loopback, with a token and durable evidence. The client is a process of its own and
shares the machine's cores with the server.
"""

_PEERS = """
## Beside others

The same messages for everybody, in turn, in one run; each peer in a process of its own, by its own
processor time, without what it costs to talk to it. The columns after that say which share of a set is
flagged: of what must pass little should be, of what is to be found much. For Folkmoot everything but *allow*
counts as flagged, also what only opens a case for a person.
"""

_STARTING = """
## Starting, with 100,000 phrases

The first time a process of its own compiles the phrases; what it makes is kept in a file.
"""

_HOSTILE = """
## Messages made to cost much

Folding, fingerprints, memory and judge for one message. The worst try is the first one: it meets its
characters for the first time.
"""

_DELIVERY = """
## Sending through Synapse

One member sends to two rooms of one real Synapse in turns: one room without protection, one with.
"""

_NOTES = """
## What they do that Folkmoot does not

- **better-profanity**, **obscenity** and **bad-words** return the text with asterisks in place of coarse
  words. Folkmoot never changes what somebody wrote. The two of npm run in a browser, before a message is
  sent.
- **alt-profanity-check** gives one number for how coarse a text is. Folkmoot has no category for
  coarseness: coarse criticism is speech like any other.
- **rspamd** reads mail: headers, signatures (DKIM, DMARC), lists asked over the network, and it learns from
  what each person marks as spam. Folkmoot asks nobody and learns from nobody's messages.
- **Osprey** (roostorg) takes events of any kind, not only messages, over a queue and many machines, with a
  rule language and a place to search events. It is in no package index (`osprey` on PyPI is an older
  program for another purpose; roostorg's worker is run from its repository), so that it is not measured
  here.

## How to read this

- *messages a second* is wall-clock time of one process; *processor time* adds up its threads.
- p50 and p99 of the pipeline are seen by 64 callers at the same time: they wait for each other's commit.
- Peers that only look up a short list can be faster than a whole pipeline. None of those above keeps
  evidence, gives reasons, counts floods and copies, reads more than English, has rules that a group can
  change, or shows which words it meant. rspamd, where it is installed, does much work for mail that chat
  does not need.
- Short lists find coarse words, not behaviour: in sets of coarse English they find much, and they flag those
  who are insulted together with those who insult. Look at both kinds of columns.
"""
