"""What members ask: status, rules, why a message was stopped; and objecting to that."""

import re
from collections import Counter

from folkmoot.explain.reasons import Statement
from folkmoot.gateways.matrix.bot import messages, texts
from folkmoot.gateways.matrix.bot.asking import Answer, Ask, Desk, group_of
from folkmoot.gateways.matrix.bot.wire import OutOfReachError, RefusedError
from folkmoot.observe import logger
from folkmoot.remember import log, rooms, verdicts
from folkmoot.remember.records import Encrypted, Group, VerdictRecord
from folkmoot.vocabulary import Outcome

_DAY = 86_400.0
_MOST_LOOKED_AT = 1_000
_LONGEST_OBJECTION = 1_000
_VERDICT = re.compile(r"[0-9a-f]{32}\Z")
_NONE = Answer(text="I know of no message of yours that a rule touched.", privately=True)
_WOULD = {
    Outcome.STOP: "it would have been stopped before anyone saw it",
    Outcome.REMOVE: "it would have been removed",
    Outcome.CASE: "an administrator would have looked at it",
    Outcome.ALLOW: "it would have been delivered all the same",
}
_log = logger("bot")


async def status(desk: Desk, ask: Ask) -> Answer:
    """Say whether each room is protected, by which policy, and what happened in the last day."""
    group = group_of(ask)
    policy = await desk.rulebook.in_force(group)
    shown = await desk.here.store.read(lambda c: rooms.of_group(c, group.id))
    state = "in practice (nothing is stopped yet)" if group.practice else "in force"
    lines = [
        f"“{group.title}”: the rules are {state}.",
        f"Policy: “{policy.name}”, version {group.policy_version}, {len(policy.rules)} rules.",
        *texts.protection(shown),
        await _counts(desk, group),
        texts.on_failure(group.on_failure),
    ]
    if any(room.encrypted for room in shown):
        refused = group.encrypted is Encrypted.REFUSE
        lines.append(f"Encrypted messages can't be read and are {'refused' if refused else 'delivered'}.")
    return Answer(text="\n".join(lines))


async def rules(desk: Desk, ask: Ask) -> Answer:
    """Say every rule as a sentence, with its outcome."""
    group = group_of(ask)
    policy = await desk.rulebook.in_force(group)
    text = texts.rules(
        policy,
        group=group.title,
        version=group.policy_version,
        practice=group.practice,
        page=desk.here.receipts.rules(group.id),
    )
    return Answer(text=text)


async def why(desk: Desk, ask: Ask) -> Answer:
    """Say why a message was stopped, to its author or to an administrator only."""
    found = await _touched(desk, ask)
    if found is None:
        return _NONE
    words = await desk.rulebook.statement(found)
    text = words.text() if found.done is found.outcome else _practised(found, words)
    if found.sender != ask.person:
        text = f"About a message of {found.sender}:\n\n{text}"
    return Answer(text=text, privately=True, verdicts=(found.id,))


async def objection(desk: Desk, ask: Ask) -> Answer:
    """Pass a person's objection to a stop on to the administrators of the group."""
    found = await _touched(desk, ask)
    if found is None or found.sender != ask.person or found.done not in (Outcome.STOP, Outcome.REMOVE):
        return Answer(text="I know of no stopped message of yours to object to.", privately=True)
    said = " ".join(ask.words)[:_LONGEST_OBJECTION]
    if not said:
        return Answer(text="Say why, in the same message: object, and then your reasons.", privately=True)
    if not desk.objections.spend(ask.person):
        text = "You have objected three times within an hour. Please wait, or write to an administrator."
        return Answer(text=text, privately=True)
    told = await _pass_on(desk, ask, found, said)
    if not told:
        text = "I could not reach an administrator. Please write to one of them yourself."
        return Answer(text=text, privately=True)
    now = desk.here.clock()
    await desk.here.store.write(
        lambda c: log.write(c, found.group, "objection", by=ask.person, at=now, subject=found.id)
    )
    people = "the administrator" if told == 1 else f"{told} administrators"
    return Answer(text=f"I have passed your words on to {people} of the group.", privately=True)


async def _pass_on(desk: Desk, ask: Ask, found: VerdictRecord, said: str) -> int:
    """Tell each administrator; the words are not kept by us. Return how many were told."""
    reason = await desk.rulebook.reason(found)
    powers = await desk.here.store.read(lambda c: rooms.administrators_of(c, found.group))
    room = await desk.here.store.read(lambda c: rooms.get(c, found.room))
    text = "\n\n".join(
        [
            f"{ask.person} objects to the stop of a message in “{room.title if room else found.room}”.",
            f"The rule: {reason.sentence}" if reason else "No rule decided; it could not be judged in time.",
            f"In their words: “{said}”",
            f"The statement of reasons: {desk.here.receipts.link(found.id)}",
        ]
    )
    told = 0
    for administrator in powers:
        try:
            once = messages.once_in(ask.event, administrator)
            content = messages.letter(text, verdicts=(found.id,))
            await desk.directs.tell(administrator, content, once=once)
            told += 1
        except (RefusedError, OutOfReachError) as trouble:
            _log.warning("an administrator could not be told", trouble=str(trouble))
    return told


async def _touched(desk: Desk, ask: Ask) -> VerdictRecord | None:
    """Return the verdict that is meant, if the asker may see it: the one named, else their latest."""
    named = [word for word in ask.words[:1] if _VERDICT.match(word)]
    told = messages.verdicts_in(ask.replied.content) if ask.replied else []
    if not named and not told:
        return await _latest(desk, ask)
    for name in [*named, *reversed(told)][:50]:
        found = await desk.here.store.read(lambda c, name=name: verdicts.get(c, name))  # type: ignore[misc]
        if found is not None and await _may_see(desk, ask, found):
            return found
    return None


async def _may_see(desk: Desk, ask: Ask, found: VerdictRecord) -> bool:
    return found.sender == ask.person or await desk.whose.administers(found.group, ask.person)


async def _latest(desk: Desk, ask: Ask) -> VerdictRecord | None:
    """Return the asker's latest stopped message, or the latest that any rule touched."""
    theirs = [ask.group] if ask.group else await desk.whose.member_of(ask.person)
    found: list[VerdictRecord] = []
    for group in theirs:
        found += await desk.here.store.read(
            lambda c, group=group: verdicts.latest(c, group.id, sender=ask.person, most=20)  # type: ignore[misc]
        )
    found.sort(key=lambda one: one.seq, reverse=True)
    return next((one for one in found if one.done is Outcome.STOP), found[0] if found else None)


def _practised(found: VerdictRecord, words: Statement) -> str:
    """In practice: what was done, and what would have been."""
    first = (
        f"Your message was delivered, because the group was in practice. Otherwise {_WOULD[found.outcome]}."
    )
    parts = [first, words.place, words.rule, *words.facts, words.link or ""]
    return "\n\n".join(part for part in parts if part)


async def _counts(desk: Desk, group: Group) -> str:
    since = desk.here.clock() - _DAY
    done = await desk.here.store.read(lambda c: verdicts.counts(c, group.id, since=since))
    stopped, cases = done.get(Outcome.STOP.value, 0), done.get(Outcome.CASE.value, 0)
    judged = f"In the last 24 hours: {sum(done.values())} messages judged"
    text = f"{judged}, {stopped} stopped, {cases} left for a person to decide."
    would = await would_have(desk, group, since)
    return f"{text} In practice, {would} would have been stopped." if would else text


async def would_have(desk: Desk, group: Group, since: float) -> int:
    """Return how many messages were delivered since then only because the group practised."""
    kept = await desk.here.store.read(lambda c: verdicts.latest(c, group.id, most=_MOST_LOOKED_AT))
    touched = Counter(
        one.outcome
        for one in kept
        if one.at >= since and one.done is Outcome.ALLOW and one.finding.failure is None
    )
    return touched[Outcome.STOP] + touched[Outcome.REMOVE]
