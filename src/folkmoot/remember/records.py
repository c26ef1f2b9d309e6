"""What the tables hold, as frozen structs: the nouns that only make sense once remembered."""

from enum import StrEnum

from msgspec import Struct

from folkmoot.vocabulary import Category, OnFailure, Outcome, Signal, Urgency


class Encrypted(StrEnum):
    """What happens to a message whose text we cannot read."""

    SIGN = "sign"
    REFUSE = "refuse"


class Protection(StrEnum):
    """Whether messages in a room are judged before delivery."""

    ON = "on"
    OFF = "off"
    STARTING = "starting"


class Group(Struct, frozen=True, kw_only=True):
    """Rooms run by the same administrators."""

    id: str
    title: str
    language: str
    practice: bool
    on_failure: OnFailure
    encrypted: Encrypted
    policy_version: int
    created_at: float
    created_by: str


class Room(Struct, frozen=True, kw_only=True):
    """One room of a group, and whether it is protected."""

    id: str
    group: str
    title: str
    added_at: float
    removed_at: float | None
    protection: Protection
    protection_reason: str
    protection_at: float
    encrypted: bool


class PolicyVersion(Struct, frozen=True, kw_only=True):
    """One version of a group's policy, never edited in place; `source` is TOML."""

    group: str
    version: int
    source: str
    made_by: str
    made_at: float
    note: str


class Finding(Struct, frozen=True, kw_only=True):
    """The part of a verdict that is kept: what led there, never the text."""

    rules: tuple[str, ...]
    shadow_rules: tuple[str, ...] = ()
    signals: tuple[Signal, ...] = ()
    failure: str | None = None
    sanction: str | None = None
    """The decision by which the sender was muted, where that alone stopped the message."""


class VerdictRecord(Struct, frozen=True, kw_only=True):
    """A verdict that was not simply *allow*, as kept.

    `outcome` is what the policy said; `done` is what was done about it (in practice: *allow*).
    """

    seq: int
    id: str
    group: str
    room: str
    sender: str
    message: str
    at: float
    outcome: Outcome
    done: Outcome
    policy_version: int
    finding: Finding
    mark: str = ""
    """A keyed hash of sender and text, by which the same message is known when it is sent again."""

    @property
    def rule(self) -> str | None:
        """Return the rule that decided, where one did."""
        return self.finding.rules[0] if self.finding.rules else None

    @property
    def categories(self) -> tuple[Category, ...]:
        """Return what was found for the rule that decided, the first finding first."""
        found = self.finding.signals if self.rule is not None else ()
        return tuple(dict.fromkeys(one.category for one in found if one.rule == self.rule))

    @property
    def category(self) -> Category | None:
        """Return what the message was mainly decided on for, where that is known."""
        return next(iter(self.categories), None)


class Judged(Struct, frozen=True, kw_only=True, gc=False):
    """That a message was judged, and the answer that it keeps getting."""

    message: str
    group: str
    room: str
    sender: str
    at: float
    done: Outcome
    verdict: str | None = None
    fingerprint: int | None = None
    sketch: bytes | None = None
    called: bytes | None = None
    """Who was called: eight bytes for each, see `intake.calls`."""


class CaseKind(StrEnum):
    """Whether a case is about one member, or about many who came together."""

    PERSON = "person"
    RAID = "raid"


class Case(Struct, frozen=True, kw_only=True):
    """What waits for a person: verdicts and reports about one member of one group, or about a raid."""

    id: str
    group: str
    kind: CaseKind
    person: str
    """Empty in a raid, and where nobody named the sender."""
    opened_at: float
    last_at: float
    state: str
    """*open* or *closed*."""
    verdict_count: int
    report_count: int
    urgency: Urgency
    due_at: float | None
    reminded_at: float | None
    claimed_by: str | None
    claimed_at: float | None
    version: int
    """Grows with each claim and each decision: who acts on an older one is told who was faster."""
    closed_at: float | None
    erase_at: float | None


class LogEntry(Struct, frozen=True, kw_only=True):
    """One line of a group's log: who did what, when."""

    seq: int
    group: str
    at: float
    by: str
    kind: str
    subject: str
    body: dict[str, str]


class Letter(Struct, frozen=True, kw_only=True):
    """Something that a gateway must still do or say, once, after the commit that asked for it."""

    id: int
    group: str
    kind: str
    body: dict[str, str]
    made_at: float
    attempts: int


class UnwantedPicture(Struct, frozen=True, kw_only=True):
    """A picture on a group's list, as its fingerprint."""

    group: str
    fingerprint: str
    """PDQ, as 64 hexadecimal digits."""
    note: str
    added_by: str
    added_at: float
