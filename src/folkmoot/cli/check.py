"""`folkmoot check`: judge one message, or many from standard input, as if the policy were live."""

import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec
from msgspec import structs

from folkmoot.cli.lines import Line, LineError, moment, read
from folkmoot.cli.options import PolicyName
from folkmoot.cli.policy_files import NoPolicyError, source
from folkmoot.decide import starters, touches
from folkmoot.decide.diagnose import PolicyError
from folkmoot.decide.judge import Judge
from folkmoot.decide.rules import Policy
from folkmoot.detect import models
from folkmoot.intake.compiled import Compiled, caches, compiled
from folkmoot.intake.memory import Memory
from folkmoot.settings import SettingsError, load
from folkmoot.text.fold import fold
from folkmoot.text.prints import fingerprint, sketch
from folkmoot.vocabulary import Context, Message, Outcome, Verdict


def check(
    text: str | None = None,
    *,
    policy: PolicyName = "neighbours",
    jsonl: bool = False,
    json: bool = False,
    scores: bool = False,
) -> int:
    """Judge TEXT, or messages from standard input as JSON Lines; return the exit status.

    Parameters
    ----------
    text
        The message. Without it, or with --jsonl, messages are read from standard input.
    jsonl
        Read JSON Lines from standard input, and write one line of JSON for each.
    json
        Write JSON for one message too, on a terminal.
    scores
        Add what each model makes of the message: a probability by category, also where it says nothing.
    """
    try:
        models.begin(load(None).judging.second_opinion)
        made = _policy(policy)
        judge = made.judge(made.policy.all_live())
        if policy not in starters.names() and (touched := touches.touched(made.policy, judge)):
            print(touches.shown(touched), file=sys.stderr)
        if text is None or jsonl:
            return _many(judge, sys.stdin.buffer, sys.stdout.buffer, scores)
        return _one(judge, text, json or not sys.stdout.isatty(), scores)
    except (PolicyError, NoPolicyError, SettingsError, LineError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            return _hung_up()
        print(f"folkmoot check: {error}", file=sys.stderr)
        return 2


def _hung_up() -> int:
    """Whoever read our output has enough; say nothing more."""
    sys.stdout = None
    return 0


def _policy(name: str) -> Compiled:
    text = source(name)
    if name in starters.names():
        return compiled(text, None)
    made = compiled(text, caches())
    for finding in made.findings:
        print(finding, file=sys.stderr)
    return made


def judged(judge: Judge, source: BinaryIO) -> Iterator[tuple[str | int, Verdict]]:
    """The verdict on each line of standard input; lines with a sender and a time know of those before."""
    return ((name, verdict) for name, _, verdict in _judged(judge, source))


def _judged(judge: Judge, source: BinaryIO) -> Iterator[tuple[str | int, Line, Verdict]]:
    memory = Memory()
    for number, line in read(source):
        name: str | int = str(number) if line.id is None else line.id
        yield name, line, _verdict(judge, memory, number, line)


def _verdict(judge: Judge, memory: Memory, number: int, line: Line) -> Verdict:
    sent_at, joined_at = moment(number, line.sent_at), moment(number, line.joined_at, "joined_at")
    message, folded = _message(number, line, sent_at), fold(line.text)
    known = Context(
        now=sent_at or 0.0, role=line.role, joined_at=joined_at, messages_before=line.messages_before
    )
    if line.sender is None or sent_at is None:
        return judge.judge(message, known, folded)
    prints = (fingerprint(folded), sketch(folded)) if judge.needs_copies else (0, b"")
    recent, copies = memory.recall(message, *prints, sent_at)
    calls = memory.call(message, sent_at)
    context = structs.replace(known, calls=calls, recent=recent, copies=copies)
    verdict = memory.pieces.judge(judge, message, context, folded)
    memory.note(message, *prints, sent_at)
    return verdict


def _message(number: int, line: Line, sent_at: float | None) -> Message:
    return Message(
        id=str(number if line.id is None else line.id),
        text=line.text,
        sender=line.sender,
        room=line.room or "",
        group=line.group or "",
        sent_at=sent_at,
        mentions=line.mentions,
        mentions_room=line.mentions_room,
        media=line.media,
        encrypted=line.encrypted,
        language=line.language,
    )


def _many(judge: Judge, source: BinaryIO, out: BinaryIO, scores: bool) -> int:
    if source.isatty():
        print("folkmoot check: Give a message, or JSON Lines on standard input.", file=sys.stderr)
        return 2
    encode = msgspec.json.Encoder().encode
    for name, line, verdict in _judged(judge, source):
        told = plain(name, verdict)
        if scores:
            told["scores"] = scored(line.text, line.language)
        out.write(encode(told) + b"\n")
        out.flush()
    return 0


def plain(name: str | int, verdict: Verdict) -> dict[str, Any]:
    """A verdict as `folkmoot check` writes it."""
    return {
        "id": name,
        "outcome": verdict.outcome,
        "rules": verdict.rules,
        "signals": [
            {
                "name": signal.name,
                "category": signal.category,
                "strength": signal.strength,
                "spans": signal.spans,
                "sentence": signal.sentence,
            }
            for signal in verdict.signals
        ],
    }


def scored(text: str, language: str | None) -> dict[str, float]:
    """Each model's probability for a text, by category."""
    found = models.load().scores(fold(text), language)
    return {category.value: round(probability, 4) for category, probability in found.items()}


def _one(judge: Judge, text: str, as_json: bool, scores: bool) -> int:
    verdict = judge.judge(Message(id="1", text=text), Context(now=0.0))
    told = plain("1", verdict) | ({"scores": scored(text, None)} if scores else {})
    if as_json:
        sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
        sys.stdout.flush()
        return 0
    _show(judge.policy, text, verdict)
    for category, probability in told.get("scores", {}).items():
        print(f"  {category:15} {probability:.2f}")
    return 0


_WORDS = {
    Outcome.ALLOW: ("Delivered", "green"),
    Outcome.CASE: ("Delivered, and an administrator will look", "yellow"),
    Outcome.STOP: ("Stopped before anyone sees it", "red"),
    Outcome.REMOVE: ("Removed after it was delivered", "red"),
}


def _show(policy: Policy, text: str, verdict: Verdict) -> None:
    """Print the verdict for a person, with what was found marked in the message."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    words, colour = _WORDS[verdict.outcome]
    console.print(Text(f"{words} ({verdict.outcome}; policy {verdict.policy})", style=f"bold {colour}"))
    marked = Text(text)
    for signal in verdict.signals:
        for span in signal.spans:
            marked.stylize(f"underline {colour}", span.start, span.end)
    console.print(marked)
    for rule_id in verdict.rules:
        rule = policy.rule(rule_id)
        console.print(Text(f"Rule “{rule_id}”: {rule.sentence if rule else ''}"))
    for sentence in dict.fromkeys(signal.sentence for signal in verdict.signals):
        console.print(Text(f"  {sentence}"))
