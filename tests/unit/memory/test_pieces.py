"""What a sender split over several short messages is read together, and opens a case at most."""

from functools import cache

import pytest

from folkmoot.decide import starters
from folkmoot.decide.judge import Judge, compile_policy
from folkmoot.intake.pieces import SENDERS, WITHIN, Pieces
from folkmoot.text.fold import fold
from folkmoot.vocabulary import Context, Message, Outcome, Verdict
from tests.corpus.suite import CARE, rows

PIECES = ("Guaranteed profit, really", "double your", "money, dm me")


@cache
def judge() -> Judge:
    """A starter."""
    return compile_policy(starters.load("neighbours"))


def said(pieces: Pieces, text: str, at: float, sender: str = "a", room: str = "r") -> Verdict:
    """The verdict on one message."""
    message = Message(id="1", text=text, sender=sender, room=room, group="g")
    return pieces.judge(judge(), message, Context(now=at), fold(text))


def test_a_split_message_opens_a_case_and_marks_its_last_part() -> None:
    """Words in pieces are read together; only what stands in the last message is marked."""
    pieces = Pieces()
    verdicts = [said(pieces, text, 10.0 * number) for number, text in enumerate(("Guaranteed", *PIECES[1:]))]
    assert [verdict.outcome for verdict in verdicts] == [Outcome.ALLOW, Outcome.ALLOW, Outcome.CASE]
    (signal,) = verdicts[-1].signals
    assert "“double your money”" in signal.sentence
    assert signal.sentence.endswith("Part of it stands in the messages just before.")
    assert all(0 <= span.start < span.end <= len("money, dm me") for span in signal.spans)
    assert signal.strength <= 0.5


@pytest.mark.parametrize(
    ("at", "sender", "room"), [(20.0 + WITHIN, "a", "r"), (20.0, "b", "r"), (20.0, "a", "other")]
)
def test_only_the_same_sender_in_the_same_room_within_a_minute(at: float, sender: str, room: str) -> None:
    """Nobody answers for another's words, and nothing is remembered for long."""
    pieces = Pieces()
    said(pieces, "double your", 0.0)
    assert said(pieces, "money, no risk, dm me", at, sender, room).outcome is Outcome.ALLOW
    assert said(Pieces(), "money, no risk, dm me", 0.0).outcome is Outcome.ALLOW


def test_what_is_kept_is_dropped_with_the_next_message_after_a_minute() -> None:
    """The text of the silent does not stay."""
    pieces = Pieces()
    for number in range(50):
        said(pieces, "hello", 0.0, sender=str(number))
    assert len(pieces) == 50
    said(pieces, "hi", WITHIN + 1.0, sender="new")
    assert len(pieces) == 1


def test_what_is_kept_is_bounded() -> None:
    """However many write at once."""
    pieces = Pieces(senders=100)
    for number in range(1_000):
        said(pieces, "hello", 1.0, sender=str(number))
    assert len(pieces) <= 101 < SENDERS


@pytest.mark.parametrize("step", [1, 7])
def test_protected_speech_sent_in_quick_succession_stays_free(step: int) -> None:
    """One member who says all of it, a message every four seconds, is stopped for nothing by its words."""
    pieces = Pieces()
    texts = [row.text for row in rows() if row.topic != CARE][::step]
    verdicts = [said(pieces, text, 4.0 * number) for number, text in enumerate(texts)]
    assert sum(verdict.outcome is not Outcome.ALLOW for verdict in verdicts) <= 0.005 * len(texts)
