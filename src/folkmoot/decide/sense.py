"""Whether a policy of the right shape makes sense: one short function for each sentence that must be true."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from folkmoot.decide.expert_firing import most_patterns
from folkmoot.decide.firing import duration_troubles, phrase_troubles, trigger_troubles
from folkmoot.decide.phrases import expand
from folkmoot.decide.places import Path
from folkmoot.decide.rules import Policy, Rule
from folkmoot.decide.shadowing import said_already
from folkmoot.decide.shape import Trouble
from folkmoot.decide.silent import silent
from folkmoot.detect.triggers import Words, is_a_model
from folkmoot.vocabulary import Category, Outcome

MOST_PHRASES: Final = 200_000


def troubles(policy: Policy) -> Iterator[Trouble]:
    """Everything that keeps the policy or one of its rules from doing what it seems to say."""
    yield from _ids_are_used_once(policy)
    yield from _there_is_a_rule(policy)
    yield from _lists_hold_phrases(policy)
    for number, rule in enumerate(policy.rules):
        for sentence in _RULE:
            yield from sentence(policy, rule, ("rules", number))
        for which, trigger in enumerate(rule.when):
            yield from trigger_troubles(policy, trigger, ("rules", number, "when", which))
            yield from silent(policy, trigger, ("rules", number, "when", which), rule.made_at)
    yield from most_patterns(policy)
    yield from said_already(policy)


def _ids_are_used_once(policy: Policy) -> Iterator[Trouble]:
    seen: Counter[str] = Counter()
    for number, rule in enumerate(policy.rules):
        seen[rule.id] += 1
        if seen[rule.id] > 1:
            yield Trouble(
                ("rules", number, "id"), f"Two rules have the id “{rule.id}”.", "Give each rule its own id."
            )


def _there_is_a_rule(policy: Policy) -> Iterator[Trouble]:
    if not policy.rules:
        yield Trouble(
            ("rules",), "The policy has no rule.", "Add one with [[rules]], or start from a starter."
        )
    count = sum(map(len, policy.lists.values()))
    if count > MOST_PHRASES:
        yield Trouble(
            ("lists",), f"The lists hold {count:,} phrases.", f"At most {MOST_PHRASES:,} can be looked for."
        )


def _lists_hold_phrases(policy: Policy) -> Iterator[Trouble]:
    for name, phrases in policy.lists.items():
        path: Path = ("lists", name)
        if not phrases:
            yield Trouble(path, f"The list “{name}” is empty.", "Add a phrase, or leave the list out.")
        for number, phrase in enumerate(phrases):
            if phrase.startswith("@"):
                yield Trouble(
                    (*path, number), "A list refers to a list.", "Name both lists in the trigger instead."
                )
            else:
                yield from phrase_troubles(policy, phrase, (*path, number))


def _an_id_is_short_and_plain(policy: Policy, rule: Rule, path: Path) -> Iterator[Trouble]:
    if not rule.id or len(rule.id) > 64 or not rule.id.replace("-", "").isalnum() or not rule.id.isascii():
        yield Trouble(
            (*path, "id"), f"“{rule.id}” cannot be an id.", "Use letters, digits and hyphens, at most 64."
        )


def _a_rule_is_a_sentence(policy: Policy, rule: Rule, path: Path) -> Iterator[Trouble]:
    if not rule.sentence.strip():
        yield Trouble(
            (*path, "sentence"), "The rule says nothing to the members.", "Say in a sentence what not to do."
        )


def _a_rule_has_a_trigger(policy: Policy, rule: Rule, path: Path) -> Iterator[Trouble]:
    if not rule.when:
        yield Trouble(
            (*path, "when"), "The rule can never fire: it has no trigger.", "Add one with [[rules.when]]."
        )


def _a_rule_does_something(policy: Policy, rule: Rule, path: Path) -> Iterator[Trouble]:
    if rule.outcome is Outcome.ALLOW:
        remedy = (
            "Write case, stop or remove; to let messages pass, use an exception of the rule that stops them."
        )
        yield Trouble((*path, "outcome"), "A rule with the outcome “allow” does nothing.", remedy)


def _a_model_alone_decides_nothing(policy: Policy, rule: Rule, path: Path) -> Iterator[Trouble]:
    if rule.outcome not in (Outcome.STOP, Outcome.REMOVE) or not rule.when:
        return
    if all(map(is_a_model, rule.when)):
        remedy = "Write case: a person will look. Or add a trigger of another kind, such as words."
        yield Trouble((*path, "outcome"), "A model alone never stops or removes a message.", remedy)


def _concern_is_never_punished(policy: Policy, rule: Rule, path: Path) -> Iterator[Trouble]:
    if rule.category is Category.SELF_HARM and rule.outcome in (Outcome.STOP, Outcome.REMOVE):
        remedy = "Write case: a person will look, and can offer help."
        yield Trouble((*path, "outcome"), "Somebody who may be in danger is not silenced.", remedy)
    for which, trigger in enumerate(rule.when):
        concern = trigger.category is Category.SELF_HARM and not (trigger.unsure or is_a_model(trigger))
        if concern and rule.outcome in (Outcome.STOP, Outcome.REMOVE):
            remedy = "Add unsure = true: then it opens a case at most, and a person can offer help."
            place = (*path, "when", which, "category")
            yield Trouble(place, "Somebody who may be in danger is not silenced.", remedy)


def _newcomers_are_described(policy: Policy, rule: Rule, path: Path) -> Iterator[Trouble]:
    newcomers = rule.scope.newcomers
    if newcomers is None:
        return
    path = (*path, "scope", "newcomers")
    if newcomers.joined_within is None and newcomers.fewer_messages_than is None:
        remedy = 'Add joined_within = "7 days" or fewer_messages_than = 5.'
        yield Trouble(path, "The rule can never fire: nobody is a newcomer.", remedy)
    if newcomers.joined_within is not None:
        yield from duration_troubles(newcomers.joined_within, (*path, "joined_within"))
    if newcomers.fewer_messages_than is not None and newcomers.fewer_messages_than < 1:
        place = (*path, "fewer_messages_than")
        yield Trouble(place, "Nobody has sent fewer messages than none.", "Write 1 or more.")


def _a_room_is_not_in_and_out(policy: Policy, rule: Rule, path: Path) -> Iterator[Trouble]:
    if rule.scope.rooms and set(rule.scope.rooms) <= set(rule.exceptions.rooms):
        remedy = "Take a room out of the exceptions."
        yield Trouble((*path, "except", "rooms"), "The rule can never fire: every room is excepted.", remedy)


def _exceptions_leave_something(policy: Policy, rule: Rule, path: Path) -> Iterator[Trouble]:
    excepted = set(expand(rule.exceptions.words, policy.lists))
    for number, phrase in enumerate(rule.exceptions.words):
        yield from phrase_troubles(policy, phrase, (*path, "except", "words", number))
    for which, trigger in enumerate(rule.when):
        if (
            isinstance(trigger, Words)
            and (wanted := set(expand(trigger.any, policy.lists)))
            and wanted <= excepted
        ):
            remedy = "Take at least one phrase out of the exceptions."
            yield Trouble((*path, "when", which), "It can never fire: each of its words is excepted.", remedy)


_RULE: Final[tuple[Callable[[Policy, Rule, Path], Iterator[Trouble]], ...]] = (
    _an_id_is_short_and_plain,
    _a_rule_is_a_sentence,
    _a_rule_has_a_trigger,
    _a_rule_does_something,
    _a_model_alone_decides_nothing,
    _concern_is_never_punished,
    _newcomers_are_described,
    _a_room_is_not_in_and_out,
    _exceptions_leave_something,
)
