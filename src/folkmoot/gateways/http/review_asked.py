"""What can be asked about reports, cases, decisions, appeals and actions: every field with its bounds."""

from typing import Annotated

from msgspec import Meta, Struct

from folkmoot.gateways.http.wire import LONGEST_TEXT, Name
from folkmoot.review.appealing import LONGEST_WORDS
from folkmoot.review.consequences import LONGEST, Pick
from folkmoot.review.deciding import LONGEST_REASON
from folkmoot.review.reporting import LONGEST_WORDS as LONGEST_REPORT
from folkmoot.vocabulary import ActionKind, Category

By = Annotated[Name, Meta(description="Who does it, by your own id of them. You vouch for it.")]
Version = Annotated[int, Meta(ge=1, le=2**31, description="The version that the person saw.")]
Words = Annotated[str, Meta(min_length=1, max_length=LONGEST_WORDS, description="In their own words.")]
Reason = Annotated[
    str, Meta(max_length=LONGEST_REASON, description="Why, for the member: it becomes part of the letter.")
]


class Asked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that a person asks for; `by` says who."""

    by: By


class ReportToMake(Asked, frozen=True, kw_only=True):
    """A member says: please look at this message."""

    person: Annotated[Name, Meta(description="Whose message it is.")]
    message: Annotated[Name | None, Meta(description="Your id of the message, as you gave it to judge.")] = (
        None
    )
    room: Annotated[Name | None, Meta(description="Where it was sent.")] = None
    text: Annotated[
        str, Meta(max_length=LONGEST_TEXT, description="What it says; kept sealed with the case.")
    ] = ""
    words: Annotated[str, Meta(max_length=LONGEST_REPORT, description="What the reporter says about it.")] = (
        ""
    )
    category: Annotated[Category | None, Meta(description="The behaviour, where they named one.")] = None


class Claim(Asked, frozen=True, kw_only=True):
    """An administrator takes a case, so that nobody else decides it meanwhile."""

    version: Version


class DecisionToMake(Asked, frozen=True, kw_only=True):
    """What an administrator decides about a case, or would decide."""

    version: Version
    picks: Annotated[tuple[Pick, ...], Meta(min_length=1, max_length=9, description="What is to be done.")]
    lasts: Annotated[
        Annotated[float, Meta(ge=60, le=LONGEST)] | None,
        Meta(description="For how many seconds, for a mute or a ban; a ban without it has no end."),
    ] = None
    messages: Annotated[
        tuple[Name, ...], Meta(max_length=500, description="Which messages to remove; none: all of the case.")
    ] = ()
    reason: Reason = ""
    preview: Annotated[bool, Meta(description="Only say what would follow; nothing is decided.")] = False


class Back(Asked, frozen=True, kw_only=True):
    """An administrator takes a decision back."""

    reason: Reason = ""


class AppealToMake(Asked, frozen=True, kw_only=True):
    """A member objects."""

    subject: Annotated[Name, Meta(description="The decision's id, or the receipt's of a stopped message.")]
    words: Words


class WordsToAdd(Asked, frozen=True, kw_only=True):
    """Something to add to an appeal."""

    words: Words


class AnswerToGive(Asked, frozen=True, kw_only=True):
    """The reasoned answer to an appeal."""

    version: Version
    granted: Annotated[bool, Meta(description="Whether everything that the decision did is undone.")]
    words: Words


class VoteToCast(Asked, frozen=True, kw_only=True):
    """How a member who was drawn for an appeal votes on it; the last vote counts."""

    grants: Annotated[bool, Meta(description="Whether everything that the decision did shall be undone.")]
    words: Annotated[
        str, Meta(max_length=LONGEST_WORDS, description="Why: part of the answer if the majority agrees.")
    ] = ""


class PanelToServe(Asked, frozen=True, kw_only=True):
    """Whether a member may be drawn for appeals."""

    serves: Annotated[bool, Meta(description="True: from now on; false: no longer.")]


class ActionReport(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of an action on your chat."""

    kind: Annotated[ActionKind, Meta(description="What you were asked to do.")]
    done: Annotated[bool, Meta(description="Whether it was done; false: it can't be.")]
    trouble: Annotated[str, Meta(max_length=500, description="Why it can't be done.")] = ""


class ChoiceToMake(Asked, frozen=True, kw_only=True):
    """Something that an administrator chooses for the group."""

    name: Annotated[Name, Meta(description="Which choice; GET /v1/choices names them.")]
    value: Annotated[bool | int | float | str | tuple[float, ...], Meta(description="What is chosen.")]


class AdministratorsToName(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who administers the group, by your own ids: these, and nobody else."""

    administrators: Annotated[tuple[Name, ...], Meta(max_length=200)]
