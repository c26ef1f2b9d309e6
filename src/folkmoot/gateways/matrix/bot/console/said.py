"""What was decided and done, in words for administrators."""

from collections.abc import Sequence

from sqlalchemy import Connection

from folkmoot.explain.times import moment
from folkmoot.gateways.matrix.bot.console.moments import spoken
from folkmoot.remember import actions, decisions
from folkmoot.remember.deciding import Action, ActionState, DecidedBy, Decision, DecisionKind
from folkmoot.vocabulary import ActionKind, Urgency

URGENCY = {Urgency.URGENT: "Urgent", Urgency.SOON: "Soon", Urgency.WHEN_YOU_CAN: "When you can"}
_DONE = {
    ActionKind.WARN: "{people} warned",
    ActionKind.MUTE: "{people} muted {until}",
    ActionKind.KICK: "{people} put out (they may come back)",
    ActionKind.BAN: "{people} banned {until}",
    ActionKind.ALLOW_NEXT_TIME: "{people} may send the same once more within 24 hours",
    ActionKind.LOCK_DOWN: "rooms locked down",
}


def decided(connection: Connection, made: Decision) -> str:
    """Return what a decision does, in a sentence that begins with who decided."""
    done = [one for one in actions.of_decision(connection, made.id) if one.inverse_of is None]
    who = made.by if made.decided_by is DecidedBy.PERSON else "A rule"
    if not done:
        return f"{who} decided: it may stay as it is."
    parts = _parts(done, made.at)
    return f"{who} decided: {', '.join(parts)}."


def taken_back(connection: Connection, made: Decision) -> str:
    """Return what an undo took back."""
    before = decisions.get(connection, made.supersedes or made.partly or "")
    if before is None:
        return f"{made.by} took it back."
    what = decided(connection, before)
    if made.partly is not None:
        return f"{partly(made)} (Before: {what})"
    how = "granted the appeal" if made.kind is DecisionKind.APPEAL else "took that back"
    return f"{made.by} {how}: all of it is undone. (Before: {what})"


def partly(made: Decision) -> str:
    """Return for whom alone a decision was taken back."""
    return f"{made.by} granted the appeal of {made.person}: what was done to them is undone."


def state(done: Sequence[Action]) -> str:
    """Return how far what a decision wants has come, where that is not simply done."""
    held = any(one.state is ActionState.HELD for one in done)
    failed = [one for one in done if one.state is ActionState.FAILED]
    parts = []
    if held:
        parts.append("It can't be given back, so a second administrator has to agree first.")
    for one in failed[:3]:
        parts.append(f"Not done: {one.kind.value} ({one.trouble or 'the homeserver refused'}).")
    return " ".join(parts)


def _parts(done: Sequence[Action], at: float) -> list[str]:
    parts: list[str] = []
    for kind in dict.fromkeys(one.kind for one in done):
        same = [one for one in done if one.kind is kind]
        if kind is ActionKind.REMOVE:
            parts.append("message removed" if len(same) == 1 else f"{len(same)} messages removed")
            continue
        people = [*dict.fromkeys(one.person for one in same if one.person)]
        shown = people[0] if len(people) == 1 else f"{len(people)} members"
        until = same[0].until
        ends = "without an end" if until is None else f"for {spoken(until - at)} (until {moment(until)})"
        parts.append(_DONE[kind].format(people=shown, until=ends))
    return parts
