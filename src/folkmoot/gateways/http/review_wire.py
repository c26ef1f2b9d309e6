"""What goes over the wire in answer: reports, cases, decisions, appeals and actions."""

from typing import Annotated

from msgspec import Meta, Struct

from folkmoot.remember.deciding import ActionState, AppealState, DecidedBy, DecisionKind, Eyes, FoundBy
from folkmoot.remember.deciding import ReportAnswer as Outcome
from folkmoot.vocabulary import ActionKind, Category, Urgency

Seconds = Annotated[float, Meta(description="Seconds since 1970 (UTC).")]


class ReportTaken(Struct, frozen=True, kw_only=True):
    """A report that is durably there."""

    report: Annotated[str, Meta(description="The report's id.")]
    is_new: Annotated[bool, Meta(description="False: the same member reported the same message before.")]
    letter: Annotated[str, Meta(description="What to tell the reporter.")]


class Administrators(Struct, frozen=True, kw_only=True):
    """Who administers the group."""

    administrators: tuple[str, ...]


class CaseInQueue(Struct, frozen=True, kw_only=True):
    """A case that waits."""

    id: str
    person: Annotated[str, Meta(description="Whom it is about; empty where nobody is known, or many are.")]
    urgency: Urgency
    due_at: Seconds | None
    opened_at: Seconds
    verdicts: int
    reports: int
    claimed_by: str | None
    version: int


class Cases(Struct, frozen=True, kw_only=True):
    """The cases that wait, the most urgent first."""

    cases: tuple[CaseInQueue, ...]


class Said(Struct, frozen=True, kw_only=True):
    """What was written: a message, a report, a turn in an appeal."""

    kind: str
    about: Annotated[
        str, Meta(description="The message's id, as you gave it; or the report's, the appeal's.")
    ]
    author: str
    at: Seconds
    text: Annotated[str | None, Meta(description="Null once it is erased.")]


class ReportShown(Struct, frozen=True, kw_only=True):
    """A report in a case; never show the reporter to the one reported."""

    id: str
    person: str
    reporter: str
    message: str
    room: str
    category: Category | None
    at: Seconds
    answer: Outcome | None


class VerdictShown(Struct, frozen=True, kw_only=True):
    """What a rule found."""

    id: str
    message: str
    sender: str
    room: str
    at: Seconds
    done: str
    rules: tuple[str, ...]
    sentences: tuple[str, ...]


class DecisionShown(Struct, frozen=True, kw_only=True):
    """A decision."""

    id: str
    kind: DecisionKind
    case: str | None
    person: str
    by: str
    decided_by: DecidedBy
    found_by: FoundBy
    at: Seconds
    category: Category | None
    rule: str | None
    reason: str
    supersedes: str | None
    partly: Annotated[
        str | None, Meta(description="The decision that this one takes back for its person alone.")
    ]


class CaseShown(Struct, frozen=True, kw_only=True):
    """A case with everything that is needed to decide it."""

    case: CaseInQueue
    state: str
    people: tuple[str, ...]
    words: tuple[Said, ...]
    verdicts: tuple[VerdictShown, ...]
    reports: tuple[ReportShown, ...]
    decisions: tuple[DecisionShown, ...]


class Claimed(Struct, frozen=True, kw_only=True):
    """The case as it is claimed now."""

    case: CaseInQueue


class ActionShown(Struct, frozen=True, kw_only=True):
    """One act on the chat."""

    id: str | None
    kind: ActionKind
    person: str
    room: str
    message: str
    until: Seconds | None
    state: ActionState | None
    trouble: str


class LetterShown(Struct, frozen=True, kw_only=True):
    """The statement of reasons that a member is owed: send it to them."""

    person: str
    text: str
    link: Annotated[str | None, Meta(description="The page with it, which works without an account.")]


class DecisionRecord(Struct, frozen=True, kw_only=True):
    """A decision with what it asked for; in a preview, what it would be."""

    decision: Annotated[DecisionShown | None, Meta(description="Null in a preview.")]
    actions: tuple[ActionShown, ...]
    letters: tuple[LetterShown, ...]
    needs_second: Annotated[bool, Meta(description="Whether it waits for a second administrator.")]
    practice: Annotated[bool, Meta(description="Whether the group only practises: then nothing is done.")]
    superseded_by: str | None = None
    undone_for: Annotated[
        tuple[str, ...], Meta(description="For whom alone it was taken back: their appeal was granted.")
    ] = ()
    appeals: Annotated[tuple[str, ...], Meta(description="For a member: their own only.")] = ()


class AppealShown(Struct, frozen=True, kw_only=True):
    """An appeal."""

    id: str
    subject: str
    person: str
    at: Seconds
    eyes: Annotated[Eyes, Meta(description="Who looks at it.")]
    not_before: Seconds
    due_at: Seconds
    state: AppealState
    version: int
    words: tuple[Said, ...]


class Appeals(Struct, frozen=True, kw_only=True):
    """The appeals that wait for whoever asks."""

    appeals: tuple[AppealShown, ...]


class Voted(Struct, frozen=True, kw_only=True):
    """A vote that is kept."""

    state: Annotated[AppealState, Meta(description="No longer open where this vote made the majority.")]


class Drawn(Struct, frozen=True, kw_only=True):
    """An appeal that a member was drawn for, with what they need to judge it."""

    appeal: AppealShown
    told: Annotated[str, Meta(description="What the member who appeals was told, with the reasons.")]
    texts: Annotated[tuple[str, ...], Meta(description="What they had written and was removed, if known.")]
    voted: Annotated[bool | None, Meta(description="Null before the vote.")]


class Panel(Struct, frozen=True, kw_only=True):
    """Whether a member serves on panels."""

    serves: bool
    drawn: tuple[Drawn, ...]


class Breaker(Struct, frozen=True, kw_only=True):
    """Whether restrictions wait because there were too many at once."""

    tripped_at: Annotated[Seconds | None, Meta(description="Null: nothing waits for an administrator.")]
    waiting: Annotated[int, Meta(description="How many restrictions wait.")]


class ActionWanted(Struct, frozen=True, kw_only=True):
    """Something to do on your chat now; say what became of it with POST /v1/actions/{id}."""

    id: str
    kind: ActionKind
    decision: str
    person: str
    room: Annotated[str, Meta(description="Empty: in all rooms of the group.")]
    message: Annotated[str, Meta(description="Your id of the message.")]
    until: Seconds | None


class Actions(Struct, frozen=True, kw_only=True):
    """What is to be done now, in this order."""

    actions: tuple[ActionWanted, ...]


class Settled(Struct, frozen=True, kw_only=True):
    """It is written down."""

    ok: bool = True
