"""What is really done about a verdict: in practice, everything but that."""

from typing import Protocol

from folkmoot.vocabulary import Outcome


class Hands(Protocol):
    """Decides what becomes of an outcome."""

    def do(self, outcome: Outcome) -> Outcome:
        """Return what is done about a message that has not been delivered yet."""


class LiveHands:
    """Does what the policy says."""

    def do(self, outcome: Outcome) -> Outcome:
        """Return the outcome; what should be removed and was not delivered yet is stopped."""
        return Outcome.STOP if outcome is Outcome.REMOVE else outcome


class PracticeHands:
    """Does nothing: every message is delivered, and the verdict is only written down."""

    def do(self, outcome: Outcome) -> Outcome:
        """Return *allow*, whatever the outcome."""
        del outcome
        return Outcome.ALLOW


def hands(*, practice: bool) -> Hands:
    """Return the hands of a group that practises, or of one that has started."""
    return PracticeHands() if practice else LiveHands()
