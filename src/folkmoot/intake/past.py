"""Messages from before their room was protected: a homeserver that joins late asks about the unsigned past.

They are judged by what they say, and count for nothing else: who asks about a hundred old messages at once
makes nobody a flooder, and what was said long ago opens no case today.
"""

from typing import Final

from msgspec.structs import replace

from folkmoot.intake.standing import Standing
from folkmoot.text.fold import Folded
from folkmoot.vocabulary import Context, Message, Outcome, Verdict

LATE_SECONDS: Final = 600.0
"""How much later than it was sent a message may come and still be one of today."""


def is_past(message: Message, standing: Standing, now: float) -> bool:
    """Whether a message is older than the protection of its room, and came long after it was sent."""
    sent, since = message.sent_at, standing.rooms_since.get(message.room or "")
    return sent is not None and since is not None and sent < since and sent < now - LATE_SECONDS


def judge(standing: Standing, message: Message, context: Context, folded: Folded) -> Verdict:
    """The verdict on an old message by what it says; what only a person could decide passes."""
    plain = replace(message, mentions=(), mentions_room=False)
    verdict = standing.judge.judge(plain, context, folded)
    if verdict.outcome is Outcome.CASE:
        return Verdict(message=message.id, outcome=Outcome.ALLOW, policy=verdict.policy)
    return verdict
