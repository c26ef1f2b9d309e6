"""Fuzzes everything that happens to a message (`make fuzz`): atheris finds the inputs that reach new code.

`make fuzz ARGS=-max_total_time=600` runs for ten minutes. What it finds is written to a file crash-… that
shows the fault again: `make fuzz ARGS=crash-…`.
"""

import contextlib
import sys
import time

import atheris

with atheris.instrument_imports(include=["folkmoot"]):
    from folkmoot.cli.host_files import HostsError, read
    from folkmoot.decide import policy, starters
    from folkmoot.decide.judge import compile_policy
    from folkmoot.detect.hosts import Hosts
    from folkmoot.gateways.http.problems import RefusedError
    from folkmoot.gateways.http.reading import decode
    from folkmoot.intake.memory import Memory
    from folkmoot.text.fold import fold
    from folkmoot.text.prints import prints
    from folkmoot.vocabulary import Context, Message

SLOWEST = 0.5
"""Seconds; instrumented code is many times slower than the real one."""

_EXPERT = """
id = "expert"
name = "Rules for experts"
[[rules]]
id = "all"
sentence = "Everything that can be asked for."
category = "spam"
outcome = "stop"
made_by = "a test"
made_at = 2026-11-22T09:00:00Z
when = [
  { kind = "links", what = ["any"], hosts = ["bad.example"], host_lists = ["fed"] },
  { kind = "links", well_known = ["paypal.com"] },
  { kind = "pattern", any = ['(?i)buy\\W+now', '[0-9]{4}(-[0-9]{4}){3}', '\\p{Greek}+x'] },
  { kind = "pattern", any = ['^[A-Z ]{20,}$'], exactly = true },
  { kind = "condition", cel = "links > 1 && hosts.exists(host, host.endsWith('.example'))" },
  { kind = "condition", cel = "text_length > 9000" },
  { kind = "words", any = ["casino", "kill you", "garantiert*", "гарантированный доход", "ربح مضمون", "=é"] },
]
"""
_FED = {"fed": (Hosts([("evil.example.org", 500.0)]),)}
_JUDGES = [
    *(compile_policy(starters.load(name)) for name in starters.names()),
    compile_policy(policy.load(_EXPERT)).fed(_FED),
]
_MEMORY = Memory(senders=100, texts=100, numbers=400)


def one_input(raw: bytes) -> None:
    """Judge a text with every starter and rules for experts; read the bytes as a request and as a list."""
    given = atheris.FuzzedDataProvider(raw)
    now = float(given.ConsumeIntInRange(0, 1000))
    text = given.ConsumeUnicode(4_000) * given.ConsumeIntInRange(1, 64)
    message = Message(id="1", text=text, sender="@a", room="!r", group="g")
    began = time.process_time()
    folded = fold(text)
    recent, copies = _MEMORY.visit(message, *prints(folded), now)
    for judge in _JUDGES:
        verdict = judge.judge(message, Context(now=now, recent=recent, copies=copies), folded)
        for signal in verdict.signals:
            for span in signal.spans:
                assert 0 <= span.start <= span.end <= len(text), (signal.name, span)
    assert time.process_time() - began < SLOWEST
    with contextlib.suppress(RefusedError):
        decode(raw, 10)
    with contextlib.suppress(HostsError):
        read(text[:20_000], now)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
