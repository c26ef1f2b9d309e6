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
    Deed.READ_RECEIPT: frozenset({_A, _H}),
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
