"""Whether the triggers for experts can be used: patterns and conditions, each error with its place inside."""

from collections.abc import Iterator

from folkmoot.decide import cel_errors
from folkmoot.decide.places import Path
from folkmoot.decide.rules import Policy
from folkmoot.decide.shape import Trouble
from folkmoot.detect import patterns
from folkmoot.detect.pattern_errors import Refusal
from folkmoot.detect.triggers import Expert, Pattern


def expert_troubles(trigger: Pattern | Expert, path: Path) -> Iterator[Trouble]:
    """A pattern or a condition can be made ready."""
    if isinstance(trigger, Expert):
        yield from _told(cel_errors.trouble(trigger.cel), (*path, "cel"))
        return
    if not trigger.any:
        remedy = "Add a pattern, or remove the trigger."
        yield Trouble((*path, "any"), "The list is empty: the trigger can never fire.", remedy)
    for number, pattern in enumerate(trigger.any):
        yield from _told(patterns.trouble(pattern), (*path, "any", number))


def _told(refusal: Refusal | None, path: Path) -> Iterator[Trouble]:
    if refusal is not None:
        inside = (refusal.start, refusal.width)
        yield Trouble(path, refusal.problem, refusal.remedy, inside=inside)


def most_patterns(policy: Policy) -> Iterator[Trouble]:
    """A policy has no more patterns than a message can be held against in time."""
    count = 0
    for number, rule in enumerate(policy.rules):
        count += sum(len(trigger.any) for trigger in rule.when if isinstance(trigger, Pattern))
        if count > patterns.MOST:
            remedy = f"Write at most {patterns.MOST} in all; join some with |, or name words instead."
            path = ("rules", number, "when")
            yield Trouble(path, f"The policy has more than {patterns.MOST} patterns.", remedy)
            return
