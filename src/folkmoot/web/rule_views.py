"""Rules as pages show them: the sentence, what it does, and what exactly sets it off, in words."""

from collections import OrderedDict
from collections.abc import Iterator

from msgspec import Struct

from folkmoot.decide.phrases import expand, named
from folkmoot.decide.policy import PolicyError, load
from folkmoot.decide.rules import Policy, Rule
from folkmoot.detect.triggers import Copies, Floods, Links, Media, Mentions, Together, Trigger, Words
from folkmoot.remember.records import PolicyVersion
from folkmoot.vocabulary import Category, Outcome
from folkmoot.web.rendering import Translate
from folkmoot.web.words import category_words, outcome_words

_MOST_READ = 128
_read: OrderedDict[str, Policy] = OrderedDict()


class RuleView(Struct, frozen=True, kw_only=True):
    """One rule for a page."""

    id: str
    sentence: str
    category: str
    outcome: str
    kind: str
    shadow: bool
    details: tuple[str, ...]
    phrases: tuple[str, ...]
    """The words that set it off; empty on a public page if they may be private details themselves."""
    hidden: int
    """How many phrases are not shown."""


def policy_of(version: PolicyVersion) -> Policy:
    """Return a version's policy; a version never changes, so each is read once and then remembered."""
    key = f"{version.group}@{version.version}"
    if key in _read:
        _read.move_to_end(key)
        return _read[key]
    try:
        policy = load(version.source)
    except PolicyError:
        # Kept by an older Folkmoot in words that this one no longer reads: the history stays readable.
        policy = Policy(id="unreadable", name="", rules=())
    _read[key] = policy
    if len(_read) > _MOST_READ:
        _read.popitem(last=False)
    return policy


def rule_views(policy: Policy, _: Translate, *, public: bool) -> list[RuleView]:
    """Return all rules of a policy, in order."""
    return [_view(rule, policy, _, public=public) for rule in policy.rules]


def changes(older: Policy | None, newer: Policy, _: Translate) -> list[str]:
    """Return what a version changed, a sentence each."""
    before = {} if older is None else {rule.id: rule for rule in older.rules}
    after = {rule.id: rule for rule in newer.rules}
    found = []
    for name, rule in after.items():
        if name not in before:
            found.append(_("New: {rule}").format(rule=rule.sentence))
        elif before[name] != rule or (older is not None and older.lists != newer.lists and _uses(rule)):
            found.append(_("Changed: {rule}").format(rule=rule.sentence))
    found += [
        _("Gone: {rule}").format(rule=rule.sentence) for name, rule in before.items() if name not in after
    ]
    return found


def _uses(rule: Rule) -> bool:
    """Whether a rule refers to one of the policy's lists."""
    return any(phrase.startswith("@") for trigger in rule.when for phrase in _written(trigger))


def _view(rule: Rule, policy: Policy, _: Translate, *, public: bool) -> RuleView:
    phrases = tuple(
        dict.fromkeys(phrase for trigger in rule.when for phrase in expand(_written(trigger), policy.lists))
    )
    hide = public and rule.category is Category.PRIVACY
    return RuleView(
        id=rule.id,
        sentence=rule.sentence,
        category=category_words(rule.category, _),
        outcome=outcome_words(rule.outcome, _),
        kind={Outcome.CASE: "case", Outcome.ALLOW: "tried"}.get(rule.outcome, "stopped"),
        shadow=rule.mode == "shadow",
        details=(*(_trigger(one, policy, _) for one in rule.when), *_limits(rule, _)),
        phrases=() if hide else phrases,
        hidden=len(phrases) if hide else 0,
    )


def _written(trigger: Trigger) -> Iterator[str]:
    if isinstance(trigger, Words):
        yield from trigger.any
    elif isinstance(trigger, Together):
        for each in trigger.each:
            yield from each


def _trigger(trigger: Trigger, policy: Policy, _: Translate) -> str:
    if isinstance(trigger, Words):
        return _("Looks for any of the words and phrases below, also when they are disguised.")
    if isinstance(trigger, Together):
        places = [name for one in trigger.each for name in named(one, policy.lists)]
        sentence = _("Looks for words of {lists} lists within {words} words of each other.").format(
            lists=len(trigger.each), words=trigger.within
        )
        return (
            f"{sentence} {_('Counts too: {places}.').format(places=', '.join(places))}"
            if places
            else sentence
        )
    return _counted(trigger, _)


def _counted(trigger: Links | Copies | Floods | Mentions | Media, _: Translate) -> str:
    match trigger:
        case Links():
            return _("Looks at links: {what}.").format(what=", ".join((*trigger.what, *trigger.hosts)))
        case Copies():
            return _("Counts nearly the same text: {count} times within {within}.").format(
                count=trigger.count, within=trigger.within
            )
        case Floods():
            return _("Counts messages of one member in a room: {count} within {within}.").format(
                count=trigger.count, within=trigger.within
            )
        case Mentions():
            everybody = _("Looks for a call to the whole room.") if trigger.room else ""
            people = (
                _("Counts mentioned people: {count} or more.").format(count=trigger.count)
                if trigger.count is not None
                else ""
            )
            return " ".join(part for part in (people, everybody) if part)
        case Media():
            return _("Looks at attachments: {types}.").format(types=", ".join(trigger.types))


def _limits(rule: Rule, _: Translate) -> Iterator[str]:
    if rule.scope.rooms:
        yield _("Holds in some rooms only: {rooms}.").format(rooms=", ".join(rule.scope.rooms))
    if (new := rule.scope.newcomers) is not None:
        yield _("Holds for newcomers only.") + (
            " " + _("New is who joined within {time}.").format(time=new.joined_within)
            if new.joined_within
            else ""
        )
    if rule.exceptions.administrators:
        yield _("Administrators are exempt.")
    if rule.exceptions.members:
        yield _("Some members are exempt: {count}.").format(count=len(rule.exceptions.members))
    if rule.exceptions.quoted:
        yield _("Quoted words are exempt.")
    if rule.exceptions.words:
        yield _("A message with one of these is exempt: {words}.").format(
            words=", ".join(rule.exceptions.words)
        )
