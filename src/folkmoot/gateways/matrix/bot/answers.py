"""What members ask: status, rules, why a message was stopped."""

import re
from collections import Counter

from folkmoot.explain.languages import Tongue, later, speak
from folkmoot.explain.reasons import Statement
from folkmoot.gateways.matrix.bot import messages, texts
from folkmoot.gateways.matrix.bot.asking import Answer, Ask, Desk, group_of
from folkmoot.gateways.matrix.bot.members.tongue import tongue_of
from folkmoot.remember import rooms, verdicts
from folkmoot.remember.records import Encrypted, Group, VerdictRecord
from folkmoot.review import statements
from folkmoot.vocabulary import Outcome

_DAY = 86_400.0
_MOST_LOOKED_AT = 1_000
_VERDICT = re.compile(r"[0-9a-f]{32}\Z")
_WOULD = {
    Outcome.STOP: later("Otherwise it would have been stopped before anyone saw it."),
    Outcome.REMOVE: later("Otherwise it would have been removed."),
    Outcome.CASE: later("Otherwise an administrator would have looked at it."),
    Outcome.ALLOW: later("Otherwise it would have been delivered all the same."),
}


async def status(desk: Desk, ask: Ask) -> Answer:
    """Say whether each room is protected, by which policy, and what happened in the last day."""
    group, _ = group_of(ask), await tongue_of(desk, ask)
    policy = await desk.rulebook.in_force(group)
    shown = await desk.here.store.read(lambda c: rooms.of_group(c, group.id))
    state = (
        _("“{group}”: the rules are in practice (nothing is stopped yet).")
        if group.practice
        else _("“{group}”: the rules are in force.")
    )
    number, name = len(policy.rules), _(policy.name) if policy.name else ""
    rules = _.ngettext(
        "Policy: “{policy}”, version {version}, {number} rule.",
        "Policy: “{policy}”, version {version}, {number} rules.",
        number,
    )
    lines = [
        state.format(group=group.title),
        rules.format(policy=name, version=group.policy_version, number=number),
        *texts.protection(shown, _),
        await _counts(desk, group, _),
        texts.on_failure(group.on_failure, _),
    ]
    if any(room.encrypted for room in shown):
        refused = group.encrypted is Encrypted.REFUSE
        lines.append(
            _("Encrypted messages can't be read and are refused.")
            if refused
            else _("Encrypted messages can't be read and are delivered.")
        )
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
        _=await tongue_of(desk, ask),
    )
    return Answer(text=text)


async def why(desk: Desk, ask: Ask) -> Answer:
    """Say why a message was stopped, to its author or to an administrator only."""
    found = await _touched(desk, ask)
    if found is None:
        _ = await tongue_of(desk, ask, privately=True)
        return Answer(text=_("I know of no message of yours that a rule touched."), privately=True)
    language = await desk.here.store.read(lambda c: statements.language_of(c, found.group, ask.person))
    _ = speak(language)
    words = await desk.rulebook.statement(found, language=language)
    text = words.text() if found.done is found.outcome else _practised(found, words, _)
    if found.sender != ask.person:
        text = _("About a message of {person}:").format(person=found.sender) + f"\n\n{text}"
    return Answer(text=text, privately=True, verdicts=(found.id,))


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


def _practised(found: VerdictRecord, words: Statement, _: Tongue) -> str:
    """In practice: what was done, and what would have been."""
    first = _("Your message was delivered, because the group was in practice.")
    first += f" {_(_WOULD[found.outcome])}"
    parts = [first, words.place, words.rule, *words.facts, words.link or ""]
    return "\n\n".join(part for part in parts if part)


async def _counts(desk: Desk, group: Group, _: Tongue) -> str:
    since = desk.here.clock() - _DAY
    done = await desk.here.store.read(lambda c: verdicts.counts(c, group.id, since=since))
    stopped, cases = done.get(Outcome.STOP.value, 0), done.get(Outcome.CASE.value, 0)
    text = _(
        "In the last 24 hours: {judged} messages judged, {stopped} stopped, {cases} left for a person "
        "to decide."
    ).format(judged=sum(done.values()), stopped=stopped, cases=cases)
    would = await would_have(desk, group, since)
    if not would:
        return text
    return text + " " + _("In practice, {number} would have been stopped.").format(number=would)


async def would_have(desk: Desk, group: Group, since: float) -> int:
    """Return how many messages were delivered since then only because the group practised."""
    kept = await desk.here.store.read(lambda c: verdicts.latest(c, group.id, most=_MOST_LOOKED_AT))
    touched = Counter(
        one.outcome
        for one in kept
        if one.at >= since and one.done is Outcome.ALLOW and one.finding.failure is None
    )
    return touched[Outcome.STOP] + touched[Outcome.REMOVE]
