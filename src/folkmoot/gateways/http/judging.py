"""From a request to its answer: the pipeline judges, and the ruling is put into the API's words."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Final

from folkmoot import observe
from folkmoot.gateways.http.patience import Patience
from folkmoot.gateways.http.wire import FoundSignal, Judgement, MessageToJudge, PolicyInForce, RuleInForce
from folkmoot.intake.pipeline import Ask, Pipeline, Ruling, UnknownGroupError
from folkmoot.remember import policies
from folkmoot.remember.store import Store
from folkmoot.vocabulary import Message, Signal

DEADLINE: Final = 10.0
"""Seconds for one request; past them the group's open-or-closed setting answers."""


async def judge(
    pipeline: Pipeline, group: str, asked: Sequence[MessageToJudge], patience: Patience
) -> list[Judgement]:
    """Return a judgement for each message, in order; a fault of ours is answered as the group chose."""
    asks = [ask(group, one) for one in asked]
    await _know(pipeline, group)
    rulings = await or_as_chosen(pipeline, asks, patience, _rulings(pipeline, group, asks))
    return [judgement(one.id, ruling) for one, ruling in zip(asked, rulings, strict=True)]


async def or_as_chosen(
    pipeline: Pipeline, asks: Sequence[Ask], patience: Patience, work: Awaitable[list[Ruling]]
) -> list[Ruling]:
    """Return the rulings that `work` gives in time, or those that the group chose for when there are none."""
    try:
        with patience.bound():
            return await work
    except Exception as trouble:
        return await as_chosen(pipeline, asks, trouble)


async def as_chosen(pipeline: Pipeline, asks: Sequence[Ask], trouble: BaseException) -> list[Ruling]:
    """Rule as the group chose for when messages can't be judged."""
    why = "late" if isinstance(trouble, TimeoutError) else "fault"
    if why == "fault":
        # Only the kind of the trouble: its words might hold the message's.
        group = asks[0].message.group
        observe.logger("http").error("could not judge", group=group, trouble=type(trouble).__name__)
    return [await pipeline.failed(ask.message, why) for ask in asks]


async def _rulings(pipeline: Pipeline, group: str, asks: list[Ask]) -> list[Ruling]:
    if len(asks) > 1:
        return await pipeline.judge_in_order(group, asks)
    return [
        await pipeline.judge(
            one.message, role=one.role, joined_at=one.joined_at, messages_before=one.messages_before
        )
        for one in asks
    ]


async def policy_in_force(pipeline: Pipeline, store: Store, group: str) -> PolicyInForce:
    """Return the rules that judge now."""
    await _know(pipeline, group)
    standing = pipeline.standings.get(group)
    if standing is None:
        raise UnknownGroupError(group)
    number = standing.group.policy_version
    version = await store.read(lambda c: policies.get(c, group, number))
    if version is None:
        raise UnknownGroupError(group)
    return PolicyInForce(
        group=group,
        title=standing.group.title,
        policy=standing.policy.label,
        version=number,
        made_at=version.made_at,
        practice=standing.group.practice,
        on_failure=standing.group.on_failure,
        rules=tuple(
            RuleInForce(
                id=rule.id,
                sentence=rule.sentence,
                category=rule.category,
                outcome=rule.outcome,
                mode=rule.mode,
            )
            for rule in standing.policy.rules
        ),
        source=version.source,
    )


async def _know(pipeline: Pipeline, group: str) -> None:
    """Have a group looked up that was made a moment ago, perhaps by another process."""
    if pipeline.standings.get(group) is None:
        await pipeline.standings.refresh()


def ask(group: str, one: MessageToJudge) -> Ask:
    """Return what the pipeline is asked about a message of a group."""
    message = Message(
        id=_id(group, one.id),
        text=one.text,
        sender=one.sender,
        room=one.room,
        group=group,
        sent_at=_seconds(one.sent_at),
        mentions=one.mentions,
        mentions_room=one.mentions_room,
        media=one.media,
        encrypted=one.encrypted,
        language=one.language,
    )
    return Ask(
        message=message,
        role=one.role,
        joined_at=_seconds(one.joined_at),
        messages_before=one.messages_before,
    )


def _id(group: str, given: str | int) -> str:
    """The id inside: it can't meet that of another group, or of an event; and `1` is not `"1"`."""
    return f"api:{group}:{given}" if isinstance(given, str) else f"api-number:{group}:{given}"


def _seconds(at: float | datetime | None) -> float | None:
    return at.timestamp() if isinstance(at, datetime) else at


def judgement(given_id: str | int, ruling: Ruling) -> Judgement:
    """Put a ruling into the words of the API."""
    verdict = ruling.verdict
    return Judgement(
        id=given_id,
        outcome=verdict.outcome,
        done=ruling.done,
        rules=verdict.rules,
        signals=tuple(map(_signal, verdict.signals)) if verdict.signals else (),
        policy=verdict.policy,
        practice=ruling.practice,
        reason=ruling.statement.first_line() if ruling.statement is not None else None,
        link=ruling.link,
        failure=verdict.failure,
    )


def _signal(signal: Signal) -> FoundSignal:
    return FoundSignal(
        name=signal.name,
        category=signal.category,
        strength=signal.strength,
        spans=signal.spans,
        sentence=signal.sentence,
        rule=signal.rule,
    )
