"""What the pipeline is asked about one message, and what it answers."""

from typing import TypedDict

from msgspec import Struct

from folkmoot.explain.muted import muted_statement
from folkmoot.explain.reasons import Reason, Statement, reason_of, statement
from folkmoot.intake.standing import Standing, Standings
from folkmoot.remember.records import VerdictRecord
from folkmoot.vocabulary import Category, Message, Outcome, Picture, Role, Verdict


class UnknownGroupError(Exception):
    """No group with this id is set up here; `folkmoot groups` lists those there are."""


class Ask(Struct, frozen=True, kw_only=True):
    """A message, and what the gateway knows of its sender."""

    message: Message
    role: Role = Role.MEMBER
    joined_at: float | None = None
    messages_before: int | None = None
    pictures: tuple[Picture, ...] = ()
    """What was found in its pictures, where they were looked at."""


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


class _Where(TypedDict):
    """Where a message was sent, and how its sender is spoken to."""

    group: str
    room: str
    language: str
    answerable: bool


def as_kept(kept: VerdictRecord, policy: str) -> Verdict:
    """Return the verdict that a record keeps; `policy` is the policy's id."""
    return Verdict(
        message=kept.message,
        outcome=kept.outcome,
        policy=f"{policy}@{kept.policy_version}",
        rules=kept.finding.rules,
        shadow_rules=kept.finding.shadow_rules,
        signals=kept.finding.signals,
        failure=kept.finding.failure,
        sanction=kept.finding.sanction,
    )


async def as_judged(message: Message, given: Ruling, standings: Standings) -> Ruling:
    """Word a refusal that was given before by the policy version that judged the message."""
    kept, standing = given.record, standings.get(message.group)
    if kept is None or standing is None or given.done is Outcome.ALLOW:
        return given
    if kept.policy_version == standing.group.policy_version:
        return given
    then = await standings.then(standing, kept.policy_version)
    return ruling(message, given.verdict, given.done, then, kept.at, given.link, kept)


def ruling(
    message: Message,
    verdict: Verdict,
    done: Outcome,
    standing: Standing,
    at: float,
    link: str | None,
    kept: VerdictRecord | None = None,
) -> Ruling:
    """Put a verdict, and what is done about it, into words for the sender."""
    if kept is None and not verdict.rules and done is Outcome.ALLOW:  # most messages: nothing to say
        return Ruling(done=done, verdict=verdict, practice=standing.group.practice)
    reason = reason_of(standing.policy, verdict.rules)
    stopped = done is not Outcome.ALLOW
    return Ruling(
        done=done,
        verdict=verdict,
        practice=standing.group.practice,
        record=kept,
        statement=_words(message, verdict, done, standing, at, link, reason) if stopped else None,
        rule=reason.rule if reason else None,
        category=reason.category if reason else None,
        link=link,
    )


def _words(
    message: Message,
    verdict: Verdict,
    done: Outcome,
    standing: Standing,
    at: float,
    link: str | None,
    reason: Reason | None,
) -> Statement:
    """Say to the sender what was done and why: a rule, or a decision about them that stands."""
    group = standing.group.title
    where = _Where(
        group=group,
        room=standing.room_titles.get(message.room or "", group),
        language=standing.group.language,
        # Where there are rooms there is our bot, which reads answers; another chat's program may not.
        answerable=bool(standing.room_titles),
    )
    if verdict.sanction is not None:
        until = standing.limits.until(verdict.sanction, message.sender or "")
        return muted_statement(at=at, until=until, link=link, **where)
    return statement(done, reason, verdict.signals, at=at, link=link, failure=verdict.failure, **where)
