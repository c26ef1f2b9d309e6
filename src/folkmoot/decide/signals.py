"""What rules found, as signals: findings of one kind and category are one signal, with all their
places."""

from typing import Final

from folkmoot.decide import sentences
from folkmoot.decide.exceptions import Found
from folkmoot.decide.rules import Rule
from folkmoot.vocabulary import Category, Signal

UNSURE: Final = 0.5
"""How strong a doubtful sign is at most."""

CUT: Final = Signal(
    name="cut",
    category=Category.SPAM,
    strength=0.0,
    sentence="The message is very long; only its beginning and its end were judged.",
)


def failed(rule: Rule) -> Signal:
    """That a condition could not be worked out for a message, so that it did not count."""
    return Signal(
        name="condition.failed",
        category=rule.category,
        strength=0.0,
        sentence=f"A condition of the rule “{rule.id}” could not be worked out, so it did not count.",
        rule=rule.id,
    )


def signals(rule: Rule, found: Found) -> list[Signal]:
    """What a rule found, as signals: findings of one kind are one signal, with all their places."""
    alike: dict[tuple[str, str, Category], Found] = {}
    for one in found:
        find = one[0]
        key = (find.name, "" if find.phrases else find.sentence, find.category or rule.category)
        alike.setdefault(key, []).append(one)
    return [_signal(rule, name, sentence, finds) for (name, sentence, _), finds in alike.items()]


def _sentence(name: str, found: Found) -> str:
    """What findings of one kind have met, in the order of the text, in one sentence."""
    met = {span: phrase for find, _ in found for span, phrase in zip(find.spans, find.phrases, strict=True)}
    phrases = [met[span] for span in sorted(met, key=lambda span: (span.start, span.end))]
    disguised = any(find.disguised for find, _ in found)
    return sentences.SAYING[name](phrases, disguised)


def _signal(rule: Rule, name: str, sentence: str, found: Found) -> Signal:
    spans = {span for find, _ in found for span in find.spans}
    return Signal(
        name=name,
        category=found[0][0].category or rule.category,
        strength=max(min(find.strength, UNSURE) if unsure else find.strength for find, unsure in found),
        spans=tuple(sorted(spans, key=lambda span: (span.start, span.end))),
        sentence=sentence or _sentence(name, found),
        rule=rule.id,
    )
