"""What the pipeline is asked about one message, and what it answers."""

from msgspec import Struct

from folkmoot.decide.policy import Policy
from folkmoot.explain.reasons import Reason, Statement
from folkmoot.remember.records import VerdictRecord
from folkmoot.vocabulary import Category, Message, Outcome, Role, Verdict


class UnknownGroupError(Exception):
    """No group with this id is set up here; `folkmoot groups` lists those there are."""


class Ask(Struct, frozen=True, kw_only=True):
    """A message, and what the gateway knows of its sender."""

    message: Message
    role: Role = Role.MEMBER
    joined_at: float | None = None
    messages_before: int | None = None


class Ruling(Struct, frozen=True, kw_only=True):
    """What is to be done about a message now, and what can be said about why."""

    done: Outcome
    """In practice always *allow*."""
    verdict: Verdict
    """What the policy said."""
    practice: bool
    record: VerdictRecord | None = None
    """The kept verdict; None where there was nothing to keep."""
    statement: Statement | None = None
    rule: str | None = None
    """Id of the deciding rule."""
    category: Category | None = None
    link: str | None = None


def reason_of(policy: Policy, rules: tuple[str, ...]) -> Reason | None:
    """Return the deciding rule in words; None where no rule decided."""
    for rule in policy.rules:
        if rules and rule.id == rules[0]:
            return Reason(rule=rule.id, sentence=rule.sentence, category=rule.category)
    return None
