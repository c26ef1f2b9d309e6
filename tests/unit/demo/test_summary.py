"""What counts as expected, and how a difference is told."""

import io

import pytest
from rich.console import Console

from folkmoot.cli.demo import summary
from folkmoot.cli.demo.narrator import Narrator
from folkmoot.cli.demo.person import Answer
from folkmoot.cli.demo.play import Happening, added_time
from folkmoot.cli.demo.scene import Happened, Line
from folkmoot.vocabulary import Category

_DELIVERED = Answer(event="$1", status=200, body={}, seconds=0.05)
_REFUSED = Answer(event=None, status=400, body={"errcode": "M_FORBIDDEN"}, seconds=0.02)
_HELLO = Line(who="baker", room="square", say="Hello")
_FRAUD = Line(who="stranger-1", room="square", say="Profit!", expect=Happened.STOPPED, category=Category.SCAM)
_SALE = Line(
    who="vendor", room="square", say="Buy", expect=Happened.STOPPED, category=Category.DRUGS, opens_case=True
)


def _stopped(line: Line, category: Category, *, case: bool = False) -> Happening:
    return Happening(
        line=line,
        answer=_REFUSED,
        happened=Happened.STOPPED,
        rule="r",
        category=category,
        why="Because.",
        opened_case=case,
    )


_AS_EXPECTED = [
    Happening(line=_HELLO, answer=_DELIVERED, happened=Happened.DELIVERED, unprotected=0.04),
    _stopped(_FRAUD, Category.SCAM),
    _stopped(_SALE, Category.DRUGS, case=True),
]
_DIFFERENT = [
    (_stopped(_HELLO, Category.SPAM), "expected delivered, was stopped for spam (rule r). Because."),
    (_stopped(_FRAUD, Category.SPAM), "expected stopped for scam, was stopped for spam (rule r). Because."),
    (_stopped(_SALE, Category.DRUGS), "expected stopped for drugs and a new case, was stopped for drugs"),
    (
        Happening(line=_FRAUD, answer=_DELIVERED, happened=Happened.DELIVERED),
        "expected stopped for scam, was delivered",
    ),
    (
        Happening(line=_HELLO, answer=_REFUSED, happened=None, why="500"),
        "expected delivered, was neither delivered nor refused. 500",
    ),
]


def test_what_happened_as_expected_differs_in_nothing() -> None:
    """Delivered, stopped for the right reason, and with a case where one has to open."""
    assert all(one.as_expected for one in _AS_EXPECTED)
    assert summary.differences(_AS_EXPECTED) == []


@pytest.mark.parametrize(("told", "words"), _DIFFERENT)
def test_each_kind_of_difference_is_found_and_told(told: Happening, words: str) -> None:
    """The wrong outcome, the wrong reason, a missing case and a homeserver in trouble are all differences."""
    assert not told.as_expected
    [sentence] = summary.differences([told])
    assert words in sentence


def test_the_table_counts_by_expected_reason_with_ordinary_talk_first() -> None:
    """One row for ordinary talk, then one for each category."""
    counted = summary.rows([*_AS_EXPECTED, _stopped(_HELLO, Category.SPAM)])
    assert [(row.label, row.sent, row.as_expected) for row in counted] == [
        (summary.ORDINARY, 2, 1),
        ("drugs", 1, 1),
        ("scam", 1, 1),
    ]


def test_the_added_time_compares_only_messages_sent_both_ways() -> None:
    """A refused message or one not tried without protection says nothing about the time of a send."""
    time = added_time(_AS_EXPECTED)
    assert time is not None
    assert (time.pairs, time.without, time.protected) == (1, 0.04, 0.05)
    assert added_time(_AS_EXPECTED[1:]) is None


def test_differences_are_printed_below_the_table() -> None:
    """What differed is told in full, whoever found it."""
    paper = io.StringIO()
    narrator = Narrator(Console(file=paper, width=100))
    summary.tell(
        narrator, [_stopped(_HELLO, Category.SPAM)], None, ["coach saw “Profit!”, which was stopped"]
    )
    assert "0 of 1" in paper.getvalue()
    assert "DIFFERS: “Hello” by baker: expected delivered" in paper.getvalue()
    assert "DIFFERS: coach saw “Profit!”, which was stopped" in paper.getvalue()
