"""What was decided about one member, in words: the statement of reasons with everything that it rests on."""

from collections.abc import Iterable
from typing import Literal

from sqlalchemy import Connection

from folkmoot.act.deciding import ALLOWED_FOR
from folkmoot.decide.policy import load
from folkmoot.decide.rules import Policy
from folkmoot.explain.done import RESTRICTIONS, Done
from folkmoot.explain.languages import choose
from folkmoot.explain.letters import decision_letter
from folkmoot.explain.reasons import Statement, reason_of, statement
from folkmoot.remember import actions, groups, policies, preferences, rooms, verdicts
from folkmoot.remember.deciding import Action, DecidedBy, Decision, FoundBy
from folkmoot.remember.records import VerdictRecord
from folkmoot.vocabulary import ActionKind, Signal

_MOST_VERDICTS = 20
_NAMES = frozenset(one.value for one in Done)
_FOUND: dict[FoundBy, Literal["report", "rule", "both", "person"]] = {
    FoundBy.REPORT: "report",
    FoundBy.RULE: "rule",
    FoundBy.BOTH: "both",
    FoundBy.PERSON: "person",
}


def language_of(connection: Connection, group: str, person: str) -> str:
    """Return the language in which a member of a group is written to: their own, else the group's."""
    own = preferences.get(connection, group, person).language
    return choose(own, groups.get(connection, group).language)


def title_of(connection: Connection, group: str, room: str) -> str | None:
    """Return what a room of the group is called; None where it is none of the group's."""
    known = rooms.get(connection, room) if room else None
    return known.title if known is not None and known.group == group else None


def actions_about(connection: Connection, decision: str, person: str) -> list[Action]:
    """Return what a decision did to one member, in order; what it took back is not among it."""
    found = actions.of_decision(connection, decision)
    return [one for one in found if one.person == person and one.inverse_of is None]


def done_to(connection: Connection, decision: str, person: str) -> tuple[Done, ...]:
    """Return what a decision did to one member, each once."""
    kinds = (one.kind.value for one in actions_about(connection, decision, person))
    return tuple(dict.fromkeys(Done(kind) for kind in kinds if kind in _NAMES))


def answerable(connection: Connection, group: str) -> bool:
    """Say whether members can answer what they are told: where there are rooms there is our bot."""
    return bool(rooms.of_group(connection, group))


def room_of(connection: Connection, decision: Decision, person: str) -> str | None:
    """Return the title of the one room that a decision is about; None where it holds in all rooms."""
    where = {one.room for one in actions_about(connection, decision.id, person)}
    return title_of(connection, decision.group, where.pop()) if len(where) == 1 else None


def of_decision(
    connection: Connection, decision: Decision, person: str, *, link: str | None, language: str
) -> Statement:
    """Return what a decision says to one member whom it touches."""
    did = actions_about(connection, decision.id, person)
    policy = _policy(connection, decision.group, decision.policy_version)
    return decision_letter(
        done_to(connection, decision.id, person),
        rule=reason_of(policy, (decision.rule,)),
        reason_text=decision.reason,
        found_by=_FOUND[decision.found_by],
        decided_by="person" if decision.decided_by is DecidedBy.PERSON else "rule",
        at=decision.at,
        until=until_of(did, decision.at),
        group=groups.get(connection, decision.group).title,
        room=room_of(connection, decision, person),
        link=link,
        language=language,
        category=decision.category,
        signals=_signals(connection, decision, person),
        messages=sum(one.kind is ActionKind.REMOVE for one in did),
        answerable=answerable(connection, decision.group),
    )


def of_verdict(connection: Connection, kept: VerdictRecord, *, link: str | None, language: str) -> Statement:
    """Return what a verdict says to the author of the message."""
    group = groups.get(connection, kept.group)
    policy = _policy(connection, kept.group, kept.policy_version)
    return statement(
        kept.done,
        reason_of(policy, kept.finding.rules),
        kept.finding.signals,
        at=kept.at,
        group=group.title,
        room=title_of(connection, kept.group, kept.room) or group.title,
        link=link,
        failure=kept.finding.failure,
        language=language,
        answerable=answerable(connection, group.id),
    )


def until_of(did: Iterable[Action], at: float) -> float | None:
    """Return when it ends: the mute or ban, or the time in which a message may be sent once more."""
    did = [*did]
    for kind in (ActionKind.BAN, ActionKind.MUTE):
        ends = [one.until for one in did if one.kind is kind]
        if ends:
            return None if None in ends else max(end for end in ends if end is not None)
    again = any(one.kind is ActionKind.ALLOW_NEXT_TIME for one in did)
    return at + ALLOWED_FOR if again else None


def restricts(done: Iterable[Done]) -> bool:
    """Say whether any of this takes something from the member."""
    return not RESTRICTIONS.isdisjoint(done)


def _policy(connection: Connection, group: str, version: int) -> Policy | None:
    kept = policies.get(connection, group, version) if version else None
    return None if kept is None else load(kept.source)


def _signals(connection: Connection, decision: Decision, person: str) -> list[Signal]:
    """Return what was found in the member's messages that led to the case, for the rule of the decision."""
    if decision.case is None or decision.rule is None:
        return []
    theirs = verdicts.of_case(connection, decision.case, sender=person, most=_MOST_VERDICTS)
    found = [signal for one in theirs for signal in one.finding.signals]
    return [signal for signal in found if signal.rule == decision.rule]
