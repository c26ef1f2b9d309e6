"""Messages from before their room was protected: a homeserver that joins late asks about the unsigned past.

They are judged by what they say, and count for nothing else: who asks about a hundred old messages at once
makes nobody a flooder, and what was said long ago opens no case today.
"""

from typing import Final

from msgspec.structs import replace

from folkmoot.intake.ruling import Ask
from folkmoot.intake.standing import Standing
from folkmoot.remember.records import Judged
from folkmoot.remember.seal import Seals
from folkmoot.text.fold import Folded
from folkmoot.vocabulary import Context, Message, Outcome, Verdict

LATE_SECONDS: Final = 600.0
"""How much later than it was sent a message may come and still be one of today."""


def is_past(message: Message, standing: Standing, now: float) -> bool:
    """Whether a message is older than the protection of its room, and came long after it was sent."""
    sent = message.sent_at
    if sent is None or sent >= now - LATE_SECONDS:
        return False
    since = standing.rooms_since.get(message.room or "")
    return since is not None and sent < since


def judge(
    standing: Standing, ask: Ask, folded: Folded, now: float, before: int, seals: Seals
) -> tuple[Verdict, Judged]:
    """The verdict on an old message by what it says; what only a person could decide passes.

    Nothing old is held against anybody: it is remembered without its sender. `before`: how many messages of
    the sender the group has seen.
    """
    message = ask.message
    context = Context(
        now=now,
        role=ask.role,
        joined_at=ask.joined_at,
        messages_before=max(before, ask.messages_before or 0),
        pictures=ask.pictures,
    )
    plain = replace(message, mentions=(), mentions_room=False)
    verdict = standing.judge.judge(plain, context, folded)
    if verdict.outcome is Outcome.CASE:
        verdict = Verdict(message=message.id, outcome=Outcome.ALLOW, policy=verdict.policy)
    if standing.limits:
        verdict = standing.limits.without_sanctions().over(verdict, message, seals, now)
    done, room = standing.hands.do(verdict.outcome), message.room or ""
    return verdict, Judged(message=message.id, group=message.group, room=room, sender="", at=now, done=done)
