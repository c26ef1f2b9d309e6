"""What people decided about a sender, laid over what the rules say about a message."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from folkmoot.remember.deciding import Sanction, SanctionKind
from folkmoot.remember.seal import Seals
from folkmoot.vocabulary import Message, Outcome, Verdict

_HELD = frozenset({Outcome.STOP, Outcome.REMOVE, Outcome.CASE})


class Limits(Struct, frozen=True):
    """Who is limited in one group, and which texts are let through once more; each found by the member."""

    sanctions: dict[str, list[Sanction]] = {}
    allowed: dict[str, list[tuple[str, float]]] = {}
    """Marks of texts, and until when, by sender."""

    @staticmethod
    def of(
        sanctions: Iterable[Sanction], allowed: Iterable[tuple[str, str, str, float]]
    ) -> "dict[str, Limits]":
        """Return the limits of each group; what is let through is given as group, person, mark and end."""
        found: dict[str, Limits] = {}
        for one in sanctions:
            mine = found.setdefault(one.group, Limits()).sanctions
            mine.setdefault(one.person, []).append(one)
        for group, person, mark, until in allowed:
            found.setdefault(group, Limits()).allowed.setdefault(person, []).append((mark, until))
        return found

    def __bool__(self) -> bool:
        """Whether anybody is limited, or anything let through, at all."""
        return bool(self.sanctions or self.allowed)

    def without_sanctions(self) -> "Limits":
        """The same texts let through, and nobody limited."""
        return replace(self, sanctions={})

    def over(self, verdict: Verdict, message: Message, seals: Seals, now: float) -> Verdict:
        """Return the verdict that stands after what people decided.

        A text that an administrator let through passes, whatever a rule says; a muted or banned sender's
        message is stopped where the chat system did not keep it back already.
        """
        sender = message.sender or ""
        if verdict.outcome in _HELD and self._lets_through(message, seals, now):
            verdict = Verdict(message=message.id, outcome=Outcome.ALLOW, policy=verdict.policy)
        for sanction in self.sanctions.get(sender, ()):
            if _holds(sanction, now) and verdict.outcome is not Outcome.STOP:
                return replace(
                    verdict, outcome=Outcome.STOP, rules=(), signals=(), sanction=sanction.decision
                )
        return verdict

    def until(self, decision: str, person: str) -> float | None:
        """Return until when a decision limits somebody; None if it has no end, or has ended."""
        mine = (one for one in self.sanctions.get(person, ()) if one.decision == decision)
        return next((one.until for one in mine), None)

    def _lets_through(self, message: Message, seals: Seals, now: float) -> bool:
        sender = message.sender or ""
        marks = [mark for mark, until in self.allowed.get(sender, ()) if until > now]
        return bool(marks) and seals.mark(message.group, sender, message.text) in marks


def _holds(sanction: Sanction, now: float) -> bool:
    begun = sanction.kind in (SanctionKind.MUTE, SanctionKind.BAN)
    return begun and (sanction.until is None or now < sanction.until)
