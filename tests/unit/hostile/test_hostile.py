"""Nothing that a stranger sends crashes the judge, or costs more than a bounded time."""

import time
from functools import cache

import pytest
from bench.hostile import attacks
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.decide import starters
from folkmoot.decide.judge import Judge, compile_policy
from folkmoot.intake.memory import Memory
from folkmoot.text.fold import fold
from folkmoot.text.prints import prints
from folkmoot.vocabulary import Context, Message, Verdict

LIMIT = 0.050
"""Ten times what is aimed at: tests run beside others, on a loaded machine."""


@cache
def judge() -> Judge:
    return compile_policy(starters.load("public-room"))


def judged(text: str, memory: Memory, at: float = 0.0) -> Verdict:
    """Everything that happens to a message, but for the record."""
    message = Message(id="1", text=text, sender="@a", room="!r", group="g", mentions=("@b",) * 30)
    folded = fold(text)
    recent, copies = memory.visit(message, *prints(folded), at)
    return judge().judge(message, Context(now=at, recent=recent, copies=copies), folded)


@pytest.mark.parametrize("what", attacks())
def test_a_hostile_message_is_judged_in_bounded_time(what: str) -> None:
    """A megabyte of anything costs no more than some milliseconds of processor time."""
    text, memory = attacks()[what], Memory()
    judged(text, memory)  # every character is met for the first time once only
    best = 1.0
    for number in range(5):
        began = time.process_time()
        judged(text, memory, float(number))
        best = min(best, time.process_time() - began)
    assert best < LIMIT


PIECES = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=st.characters(codec=None), max_size=20),  # halves of characters too
    st.sampled_from(
        [
            "paypal.com", "dot", "(dot)", "https://", "t.me/", "s p a m", "fr33", "v1agra", "!!!", "“", "”",
            "\u200b", "\u0301", "\u202e", "🏳️‍🌈", "漢字", "ѕрam", "$100", "+49 151 2345678",
            "@abc", "\n> ", "(((",
        ]
    ),
)  # fmt: skip


@given(st.lists(PIECES, max_size=30), st.sampled_from(["", " ", "\n"]), st.integers(1, 400))
def test_every_text_is_judged_and_its_spans_lie_within_it(
    pieces: list[str], between: str, times: int
) -> None:
    """Whatever is put together, however often repeated, there is a verdict about places in the text."""
    text = (between.join(pieces) + between) * times
    for signal in judged(text, Memory()).signals:
        assert 0 <= signal.strength <= 1
        for span in signal.spans:
            assert 0 <= span.start <= span.end <= len(text)
