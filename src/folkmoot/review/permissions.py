"""Who may do what: one table, asked by every function in this room."""

from enum import StrEnum
from typing import Final

from msgspec import Struct


class Part(StrEnum):
    """What somebody is to a group at this moment."""

    ADMINISTRATOR = "administrator"
    PANEL = "panel"
    """A member who was drawn for the appeal in question."""
    PARTNER = "partner"
    """An administrator of a partner group."""
    MEMBER = "member"
    HOLDER = "holder"
    """Whoever has the link of a receipt: its member, also after a ban."""
    OPERATOR = "operator"
    STRANGER = "stranger"


class Deed(StrEnum):
    """What somebody may want to do."""

    REPORT = "report"
    READ_CASES = "read-cases"
    CLAIM = "claim"
    DECIDE = "decide"
    CONFIRM = "confirm"
    UNDO = "undo"
    READ_RECEIPT = "read-receipt"
    APPEAL = "appeal"
    WRITE_IN_APPEAL = "write-in-appeal"
    READ_APPEAL = "read-appeal"
    ANSWER_APPEAL = "answer-appeal"
    VOTE = "vote"
    SERVE = "serve"
    CHOOSE = "choose"
    HOLD = "hold"
    READ_CASES_OVERTLY = "read-cases-overtly"
    """Read cases, leaving an entry that the group sees."""


_A, _J, _R = Part.ADMINISTRATOR, Part.PANEL, Part.PARTNER
_M, _H, _O, _S = Part.MEMBER, Part.HOLDER, Part.OPERATOR, Part.STRANGER

TABLE: Final[dict[Deed, frozenset[Part]]] = {
    Deed.REPORT: frozenset({_A, _J, _M}),
    Deed.READ_CASES: frozenset({_A}),
    Deed.READ_CASES_OVERTLY: frozenset({_A, _O}),
    Deed.CLAIM: frozenset({_A}),
    Deed.DECIDE: frozenset({_A}),
    Deed.CONFIRM: frozenset({_A}),
    Deed.UNDO: frozenset({_A}),
    Deed.READ_RECEIPT: frozenset({_A, _J, _M, _H}),
    Deed.APPEAL: frozenset({_J, _M, _H}),
    Deed.WRITE_IN_APPEAL: frozenset({_A, _J, _R, _M, _H}),
    Deed.READ_APPEAL: frozenset({_A, _J, _R, _M, _H}),
    Deed.ANSWER_APPEAL: frozenset({_A, _R}),
    Deed.VOTE: frozenset({_J}),
    Deed.SERVE: frozenset({_J, _M}),
    Deed.CHOOSE: frozenset({_A}),
    Deed.HOLD: frozenset({_A}),
}
"""Who may do it at all. Beyond it: nobody decides about themselves, answers an appeal against an own decision
(but for the only administrator, after a pause), or confirms what they decided."""


OTHER_EYES: Final = frozenset({Deed.CONFIRM, Deed.WRITE_IN_APPEAL, Deed.READ_APPEAL, Deed.ANSWER_APPEAL})
"""What is for another administrator than the one who decided."""

OWN: Final = frozenset({Deed.READ_RECEIPT, Deed.APPEAL, Deed.WRITE_IN_APPEAL, Deed.READ_APPEAL})
"""What a member may do about what touches themselves, and about nothing else."""

MEANING: Final[dict[Deed, str]] = {
    Deed.REPORT: "Report a message of somebody else",
    Deed.READ_CASES: "See which cases wait",
    Deed.READ_CASES_OVERTLY: "Read one case, with what was written",
    Deed.CLAIM: "Claim a case",
    Deed.DECIDE: "Decide a case",
    Deed.CONFIRM: "Agree, as the second person, to what can’t be given back",
    Deed.UNDO: "Take a decision back",
    Deed.READ_RECEIPT: "Read a decision and its reasons",
    Deed.APPEAL: "Appeal",
    Deed.WRITE_IN_APPEAL: "Write in an appeal",
    Deed.READ_APPEAL: "Read an appeal",
    Deed.ANSWER_APPEAL: "Answer an appeal",
    Deed.VOTE: "Vote on an appeal",
    Deed.SERVE: "Agree to serve on panels",
    Deed.CHOOSE: "Choose how the group decides, and its partner groups",
    Deed.HOLD: "Keep a case’s text longer, with a reason and an end",
}
"""What each deed is, for people."""


COLUMNS: Final = {
    "administrator": _A,
    "another administrator": _A,
    "panel member": _J,
    "partner": _R,
    "member": _M,
    "with the link": _H,
    "operator": _O,
    "stranger": _S,
}
"""Who stands in which column of the page; the first is the administrator who decided."""


def cell(deed: Deed, column: str) -> str:
    """Return what the page says: yes, only about what is their own, yes with an entry in the log, or no."""
    part = COLUMNS[column]
    if part not in TABLE[deed] or (column == "administrator" and deed in OTHER_EYES):
        return "–"
    if deed in OWN and part in (_M, _H, _J):
        return "own"
    return "in the log" if part is _O else "yes"


class Actor(Struct, frozen=True, kw_only=True):
    """Who does something, as the gateway found out: a person, and their part in one group."""

    person: str
    part: Part
    group: str


class NotAllowedError(Exception):
    """This is not for you to do; the message says for whom it is."""


_FOR_WHOM = {
    _A: "administrators of the group",
    _J: "members drawn for this appeal",
    _R: "administrators of a partner group",
    _M: "members of the group",
    _H: "whoever has the link",
    _O: "the operator",
}


def may(actor: Actor, deed: Deed, group: str) -> bool:
    """Tell whether somebody may do this in a group at all."""
    return actor.group == group and actor.part in TABLE[deed]


def need(actor: Actor, deed: Deed, group: str) -> None:
    """Raise NotAllowedError if somebody may not do this in a group."""
    if not may(actor, deed, group):
        whom = ", ".join(words for part, words in _FOR_WHOM.items() if part in TABLE[deed])
        raise NotAllowedError(f"Only {whom} can do this.")
