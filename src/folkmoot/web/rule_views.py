"""Rules as pages show them: the sentence, what it does, and what exactly sets it off."""

from collections import OrderedDict

from msgspec import Struct, structs

from folkmoot.decide.phrases import expand, host_lists_of
from folkmoot.decide.policy import PolicyError, load
from folkmoot.decide.rules import Policy, Rule
from folkmoot.explain.reasons import sentence
from folkmoot.remember.records import PolicyVersion
from folkmoot.vocabulary import Category, Outcome
from folkmoot.web.rendering import Translate
from folkmoot.web.rule_words import details, written
from folkmoot.web.words import category_words, outcome_words

MOST_PHRASES = 2_000
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
    host_lists: tuple[str, ...]
    """The lists of hosts that it names and an operator feeds."""
    phrases: tuple[str, ...]
    """The words that set it off, up to `MOST_PHRASES`."""
    exempting: tuple[str, ...]
    """The words that show that something else is meant."""
    private: int
    """How many phrases are kept back because they may be private details themselves."""
    left_out: int
    """How many phrases there are besides, for which a page has no room."""


def policy_of(version: PolicyVersion) -> Policy:
    """Return a version's policy; a version never changes, so each is read once and then remembered."""
    key = f"{version.group}@{version.version}@{version.made_at}"
    if key in _read:
        _read.move_to_end(key)
        return _read[key]
    try:
        policy = load(version.source)
    except PolicyError:
        # Kept by an older Folkmoot in words that this one no longer reads: the rest stays readable.
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
    found = []
    for rule in newer.rules:
        if rule.id not in before:
            found.append(_("New: {rule}").format(rule=sentence(rule.sentence, _)))
        elif older is not None and _differs(rule, before[rule.id], newer, older):
            found.append(_("Changed: {rule}").format(rule=sentence(rule.sentence, _)))
    kept = {rule.id for rule in newer.rules}
    found += [
        _("Gone: {rule}").format(rule=sentence(rule.sentence, _))
        for rule in before.values()
        if rule.id not in kept
    ]
    return found


def _differs(rule: Rule, before: Rule, newer: Policy, older: Policy) -> bool:
    """Whether a rule does something else than before, by its own words or by those of a list."""
    return rule != before or _phrases(rule, newer) != _phrases(before, older)


def _phrases(rule: Rule, policy: Policy) -> tuple[str, ...]:
    phrases = (phrase for trigger in rule.when for phrase in expand(written(trigger), policy.lists))
    return tuple(dict.fromkeys(phrases))


def _exempting(rule: Rule, policy: Policy) -> tuple[str, ...]:
    phrases = [phrase for trigger in rule.when for phrase in trigger.unless]
    return tuple(dict.fromkeys(expand([*rule.exceptions.words, *phrases], policy.lists)))


def _view(rule: Rule, policy: Policy, _: Translate, *, public: bool) -> RuleView:
    phrases, exempting = _phrases(rule, policy), _exempting(rule, policy)
    keep_back = public and rule.category is Category.PRIVACY
    shown = () if keep_back else phrases[:MOST_PHRASES]
    return RuleView(
        id=rule.id,
        sentence=sentence(rule.sentence, _),
        category=category_words(rule.category, _),
        outcome=outcome_words(rule.outcome, _),
        kind={Outcome.CASE: "case", Outcome.ALLOW: "tried"}.get(rule.outcome, "stopped"),
        shadow=rule.mode == "shadow",
        details=tuple(details(rule, policy.lists, _)),
        host_lists=tuple(sorted(host_lists_of(structs.replace(policy, rules=(rule,))))),
        phrases=shown,
        exempting=exempting[:MOST_PHRASES],
        private=len(phrases) if keep_back else 0,
        left_out=0 if keep_back else len(phrases) - len(shown),
    )
