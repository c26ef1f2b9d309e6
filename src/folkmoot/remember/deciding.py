"""What people decide, as frozen structs: reports, decisions, actions, sanctions, appeals."""

from enum import StrEnum

from msgspec import Struct

from folkmoot.vocabulary import ActionKind, Category


class Source(StrEnum):
    """How a report came in."""

    REPLY = "reply"
    REACTION = "reaction"
    CLIENT = "client"
    API = "api"


class ReportAnswer(StrEnum):
    """What became of a report."""

    ACTED = "acted"
    NOTHING = "nothing"
    UNFOUNDED = "unfounded"


class Report(Struct, frozen=True, kw_only=True):
    """A member says "please look"; the one reported never learns who it was."""

    id: str
    group: str
    case: str
    person: str
    """Who is reported."""
    reporter: str
    room: str
    message: str
    source: Source
    category: Category | None
    at: float
    answer: ReportAnswer | None = None
    answered_at: float | None = None


class DecisionKind(StrEnum):
    """What a decision is about: a case, or an earlier decision."""

    DECISION = "decision"
    UNDO = "undo"
    APPEAL = "appeal"


class DecidedBy(StrEnum):
    """Whether a person decided, or a rule by itself."""

    PERSON = "person"
    RULE = "rule"


class FoundBy(StrEnum):
    """How it began."""

    REPORT = "report"
    RULE = "rule"
    BOTH = "both"
    """A report, and a rule."""
    PERSON = "person"
    """Whoever decided noticed it themselves."""


class Decision(Struct, frozen=True, kw_only=True):
    """A recorded judgement; never edited, at most superseded by another."""

    id: str
    group: str
    case: str | None
    kind: DecisionKind
    person: str
    """Whom it is about; empty in a raid, where the actions name the people."""
    by: str
    decided_by: DecidedBy
    found_by: FoundBy
    at: float
    category: Category | None
    rule: str | None
    policy_version: int
    reason: str
    supersedes: str | None = None
    partly: str | None = None
    """The decision of which this one takes back what was done to its person, and nothing else."""


class ActionState(StrEnum):
    """How far an action is."""

    HELD = "held"
    """A second person has to agree first."""
    WANTED = "wanted"
    DONE = "done"
    FAILED = "failed"
    DROPPED = "dropped"
    """Taken back before it was done."""


class Action(Struct, frozen=True, kw_only=True):
    """One act on the platform, and what came of it."""

    id: str
    group: str
    decision: str
    place: int
    kind: ActionKind
    person: str
    room: str
    message: str
    until: float | None
    inverse_of: str | None
    state: ActionState
    wanted_at: float
    done_at: float | None = None
    receipt: dict[str, str] = {}
    """What the platform's hands need to take it back, such as the power level that was there before."""
    trouble: str = ""


class SanctionKind(StrEnum):
    """A standing limit."""

    MUTE = "mute"
    BAN = "ban"


class Sanction(Struct, frozen=True, kw_only=True):
    """A standing limit on a member of one group, with an end (None: until somebody lifts it)."""

    id: str
    group: str
    person: str
    kind: SanctionKind
    decision: str
    action: str
    since: float
    until: float | None
    ended_at: float | None = None
    ended_by: str | None = None


class Eyes(StrEnum):
    """Who looks at an appeal."""

    OTHER = "other"
    """Another administrator than the one who decided."""
    PAUSE = "pause"
    """The only administrator, after a pause."""
    PANEL = "panel"
    PARTNER = "partner"


class AppealState(StrEnum):
    """How far an appeal is."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Appeal(Struct, frozen=True, kw_only=True):
    """A member objects: once to a decision that touches them, or to a message that a rule alone stopped."""

    id: str
    group: str
    subject: str
    """Id of the decision, or of the verdict."""
    about_verdict: bool
    person: str
    against: str
    """Who decided, and so doesn't look at it; empty where a rule did."""
    at: float
    eyes: Eyes
    not_before: float
    due_at: float
    reminded_at: float | None
    state: AppealState
    version: int
    answered_by: str | None = None
    answered_at: float | None = None
    erase_at: float | None = None


class Words(Struct, frozen=True, kw_only=True):
    """Text that was kept sealed; None once it is erased."""

    kind: str
    subject: str
    author: str
    at: float
    text: str | None
