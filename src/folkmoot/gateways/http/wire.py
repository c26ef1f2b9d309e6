"""What goes over the wire: every field of a request and of an answer, with its bounds."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from folkmoot.vocabulary import Category, OnFailure, Outcome, Role, Span

Name = Annotated[str, Meta(min_length=1, max_length=200, pattern="^[^\\u0000-\\u001f\\u007f]+$")]
Time = Annotated[float, Meta(ge=0, le=253_402_300_799)] | Annotated[datetime, Meta(tz=True)]

LONGEST_TEXT = 65_536


class MessageToJudge(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message as your chat system knows it. Only `id` and `text` are needed; more lets more rules see."""

    id: Annotated[
        Name | Annotated[int, Meta(ge=0, le=2**53)],
        Meta(description="Your own id of the message: text, or a whole number without a point."),
    ]
    text: Annotated[str, Meta(max_length=LONGEST_TEXT, description="What a reader would see.")]
    sender: Annotated[
        Name | None, Meta(description="Who sends it. Without it floods and copies are not seen.")
    ] = None
    room: Annotated[
        Name | None, Meta(description="Where it goes. Without it floods and copies are not seen.")
    ] = None
    group: Annotated[Name | None, Meta(description="The group's id; it must be the group of your token.")] = (
        None
    )
    sent_at: Annotated[
        Time | None,
        Meta(description="When: seconds since 1970, or date and time. Floods count by when you ask."),
    ] = None
    mentions: Annotated[
        tuple[Name, ...], Meta(max_length=1000, description="Who is mentioned, by the ids you use.")
    ] = ()
    mentions_room: Annotated[bool, Meta(description="Whether it calls everybody in the room.")] = False
    media: Annotated[
        tuple[Name, ...], Meta(max_length=100, description="Media types of what is attached, as image/png.")
    ] = ()
    encrypted: Annotated[bool, Meta(description="Whether the text can't be read.")] = False
    language: Annotated[
        Annotated[str, Meta(min_length=2, max_length=35, pattern="^[A-Za-z0-9-]+$")] | None,
        Meta(description="The language of the text as a BCP 47 tag, where you know it."),
    ] = None
    role: Annotated[Role, Meta(description="Who the sender is to the group.")] = Role.MEMBER
    joined_at: Annotated[
        Time | None,
        Meta(description="When the sender joined the group: seconds since 1970, or date and time."),
    ] = None
    messages_before: Annotated[
        Annotated[int, Meta(ge=0, le=2**53)] | None,
        Meta(description="How many messages the sender wrote before; a whole number without a point."),
    ] = None


class Batch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Several messages of one group, in the order in which they were sent."""

    messages: Annotated[tuple[MessageToJudge, ...], Meta(min_length=1, description="Judged in this order.")]


class FoundSignal(Struct, frozen=True, kw_only=True):
    """One thing that was found in the message."""

    name: Annotated[str, Meta(description="What was found, such as words, link.shortener, flood, copies.")]
    category: Annotated[Category, Meta(description="The behaviour that it points to.")]
    strength: Annotated[float, Meta(ge=0, le=1, description="How sure, from 0 to 1.")]
    spans: Annotated[
        tuple[Span, ...],
        Meta(description="Where in the text: [start, end) in code points, end exclusive."),
    ]
    sentence: Annotated[str, Meta(description="Why, for a layperson.")]
    rule: Annotated[str | None, Meta(description="The rule whose trigger found it.")]


class Judgement(Struct, frozen=True, kw_only=True):
    """What was found in one message, what the policy says about it, and what to do now."""

    id: Annotated[str | int, Meta(description="The id that you gave.")]
    outcome: Annotated[Outcome, Meta(description="What the policy says.")]
    done: Annotated[
        Outcome, Meta(description="What to do now: outcome, except that a group in practice lets all pass.")
    ]
    rules: Annotated[
        tuple[str, ...], Meta(description="Ids of the rules that matched, the deciding one first.")
    ]
    signals: Annotated[tuple[FoundSignal, ...], Meta(description="What was found.")]
    policy: Annotated[str, Meta(description="Which version of the policy judged, such as neighbours@3.")]
    practice: Annotated[bool, Meta(description="Whether the group only practises.")]
    reason: Annotated[
        str | None, Meta(description="A sentence for the sender, where something was restricted.")
    ]
    link: Annotated[str | None, Meta(description="The page with the whole statement of reasons.")]
    failure: Annotated[
        str | None,
        Meta(description="Why it could not be judged; the group's open-or-closed setting answered instead."),
    ]


class Judgements(Struct, frozen=True, kw_only=True):
    """The answers to a batch."""

    judgements: Annotated[tuple[Judgement, ...], Meta(description="One for each message, in your order.")]


class RuleInForce(Struct, frozen=True, kw_only=True):
    """One rule, as members read it."""

    id: Annotated[str, Meta(description="The rule's id, as judgements name it.")]
    sentence: Annotated[str, Meta(description="The rule in words.")]
    category: Annotated[Category, Meta(description="The behaviour that it is about.")]
    outcome: Annotated[Outcome, Meta(description="What it leads to.")]
    mode: Annotated[str, Meta(description="live, or shadow: only tried out, and never counted.")]


class PolicyInForce(Struct, frozen=True, kw_only=True):
    """The rules of the token's group that are in force now."""

    group: Annotated[str, Meta(description="The group's id.")]
    title: Annotated[str, Meta(description="The group's name.")]
    policy: Annotated[str, Meta(description="The version in force, as judgements name it.")]
    version: Annotated[int, Meta(description="The number of the version, counted in this group.")]
    made_at: Annotated[float, Meta(description="When it came into force, in seconds since 1970 (UTC).")]
    practice: Annotated[bool, Meta(description="Whether the group only practises.")]
    on_failure: Annotated[OnFailure, Meta(description="Whether messages pass when they can't be judged.")]
    rules: Annotated[tuple[RuleInForce, ...], Meta(description="In the order in which they are read.")]
    source: Annotated[str, Meta(description="The whole policy as TOML: `folkmoot check --policy` takes it.")]


class Place(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where in the request body the trouble is."""

    line: Annotated[int, Meta(ge=1, description="Counted from 1.")]
    column: Annotated[int, Meta(ge=1, description="In characters, counted from 1.")]
    path: Annotated[str | None, Meta(description="The JSON path, such as $.messages[3].text.")] = None


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why there is no answer, and what to do about it (RFC 9457)."""

    type: Annotated[str, Meta(description="The address of this kind of problem in the documentation.")]
    title: Annotated[str, Meta(description="The kind of problem.")]
    status: Annotated[int, Meta(description="The status of the answer.")]
    detail: Annotated[str, Meta(description="What is wrong with this request.")]
    remedy: Annotated[str, Meta(description="What to do about it.")]
    place: Annotated[Place | None, Meta(description="Where in the body, where it is in the body.")] = None
