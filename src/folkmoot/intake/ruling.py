"""What the pipeline answers about one message."""

from folkmoot.decide.policy import Policy
from folkmoot.explain.reasons import Reason


class UnknownGroupError(Exception):
    """No group with this id is set up here; `folkmoot groups` lists those there are."""


def reason_of(policy: Policy, rules: tuple[str, ...]) -> Reason | None:
    """Return the deciding rule in words; None where no rule decided."""
    for rule in policy.rules:
        if rules and rule.id == rules[0]:
            return Reason(rule=rule.id, sentence=rule.sentence, category=rule.category)
    return None
