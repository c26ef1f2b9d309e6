"""What a group can choose about how it decides, in words, and how it is chosen in a chat."""

from typing import Any

from sqlalchemy import Connection

from folkmoot.gateways.matrix.bot.asking import Answer, Ask, Desk, group_of
from folkmoot.gateways.matrix.bot.console import deeds
from folkmoot.gateways.matrix.bot.console.case_commands import actor
from folkmoot.gateways.matrix.bot.console.moments import length, spoken
from folkmoot.gateways.matrix.bot.speech import meant
from folkmoot.remember import appeals, choices
from folkmoot.remember.choices import Choices
from folkmoot.review import choosing

_HOUR, _DAY = 3600.0, 86_400.0

MEANINGS = {
    "report_reaction": "the reaction by which members report a message",
    "urgent_hours": "how long an urgent case may wait",
    "soon_hours": "how long a case may wait that should be looked at soon",
    "later_hours": "how long any other case may wait",
    "appeal_hours": "how long an appeal may wait",
    "pause_hours": "after which pause the only administrator may look at an own decision again",
    "panel_size": "how many members are drawn for an appeal where there is no other administrator (0: none)",
    "ladder": "how long a rule mutes at the first, second … stopped message (0: only the reason)",
    "step_days": "after which time a step of the ladder is forgotten",
    "most_actions": "how many restrictions a minute may take effect before a person has to confirm",
    "unfounded_reports": "how many unfounded reports within 30 days bring a warning",
    "limit_days": "for how long a member who was warned can't report after more of them",
}
"""Every choice but the administrators' room, which is chosen by saying so in it."""


async def choose(desk: Desk, ask: Ask) -> Answer:
    """Say what the group chose, or choose something."""
    group = group_of(ask)
    if not ask.words:
        return Answer(text=await desk.here.store.read(lambda c: _listed(c, group.id)))
    name = ask.words[0].casefold().strip(":=").replace("-", "_")
    if name not in MEANINGS:
        close = meant(name, MEANINGS)
        more = f" Did you mean {close}?" if close else ""
        return Answer(text=f"There is no choice “{name[:40]}”.{more} To see all of them, write: choose")
    words = [word for word in ask.words[1:] if word not in ("=", "to")]
    if not words:
        return Answer(text=await desk.here.store.read(lambda c: _row(choices.get(c, group.id), name)))
    value = _value(name, words)
    if value is None:
        return Answer(text=f"I can't read “{' '.join(words)[:60]}”. {_example(name)}")
    by, now = actor(ask), desk.here.clock()
    try:
        made = await desk.here.store.write(lambda c: choosing.choose(c, name, value, by=by, at=now))
    except deeds.ERRORS as trouble:
        return Answer(text=str(trouble))
    await desk.here.changed()
    return Answer(text=f"Chosen. {_row(made, name)}")


def _listed(connection: Connection, group: str) -> str:
    made = choices.get(connection, group)
    panel = len(appeals.panel_of(connection, group))
    rows = [_row(made, name) for name in MEANINGS]
    last = "To choose, write for example: choose ladder 0 1h 24h"
    ready = "1 member agreed" if panel == 1 else f"{panel} members agreed"
    return "\n".join(["What your group chose:", *rows, f"{ready} to serve on panels.", last])


def _row(made: Choices, name: str) -> str:
    return f"{name}: {_shown(name, getattr(made, name))} ({MEANINGS[name]})"


def _shown(name: str, value: Any) -> str:
    if name == "ladder":
        return " ".join("0" if not hours else spoken(hours * _HOUR) for hours in value) or "none"
    if name.endswith("_hours"):
        return spoken(value * _HOUR)
    return spoken(value * _DAY) if name.endswith("_days") else str(value)


def _value(name: str, words: list[str]) -> object | None:
    """Read a value as people write it; None where it makes no sense."""
    if name == "report_reaction":
        return words[0]
    if name == "ladder":
        if words[0].casefold() in ("none", "off", "never"):
            return []
        steps = [_in(_HOUR, word) for word in words]
        return None if None in steps else steps
    if name.endswith(("_hours", "_days")):
        return _in(_HOUR if name.endswith("_hours") else _DAY, words[0])
    return int(words[0]) if words[0].isascii() and words[0].isdigit() and len(words[0]) < 6 else None


def _in(unit: float, word: str) -> float | None:
    """A length of time such as `2h`, or a plain number, in this unit."""
    seconds = length(word)
    if seconds is not None:
        return seconds / unit
    plain = word.strip(",;")
    return float(plain) if plain.isascii() and plain.isdigit() and len(plain) < 6 else None


def _example(name: str) -> str:
    if name == "ladder":
        return "Write for example: choose ladder 0 1h 24h"
    return f"Write for example: choose {name} {'4h' if name.endswith('_hours') else '7'}"
