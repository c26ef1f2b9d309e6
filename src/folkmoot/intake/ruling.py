"""What is asked of the pipeline, and what it answers."""

from msgspec import Struct

from folkmoot.explain.reasons import Statement
from folkmoot.remember.records import VerdictRecord
from folkmoot.vocabulary import Category, Message, Outcome, Role, Verdict


class Ask(Struct, frozen=True, kw_only=True):
    """One of several messages, with what a gateway knows of its sender."""

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
    """The kept verdict; None where there was nothing to keep, or the message had been answered before."""
    statement: Statement | None = None
    rule: str | None = None
    """Id of the deciding rule."""
    category: Category | None = None
    link: str | None = None
