"""The cases that wait: sorted, read by those who may, and claimed by one person at a time."""

from typing import Any

import pytest
from sqlalchemy import event

from folkmoot.remember import cases
from folkmoot.review import queue, statements
from folkmoot.review.consequences import Pick
from folkmoot.review.permissions import Actor, Deed, NotAllowedError, Part
from folkmoot.review.queue import CLAIM_LASTS, TakenError, UnknownCaseError
from folkmoot.vocabulary import Category, Outcome
from tests.support.town import ANN, BEN, CARA, MIA, NOA, OLE, PIA, Town


def _claim(town: Town, person: str, by: str, version: int | None = None) -> Any:
    case = town.open_case(person)
    seen = case.version if version is None else version
    return town.do(queue.claim, case.id, seen, by=town.admin(by), at=town.now)


def test_the_urgent_ones_come_first(town: Town) -> None:
    """Cases wait in the order urgent, soon, when you can; of one urgency the one due first comes first."""
    for person, category in (
        (MIA, Category.OFF_TOPIC), (NOA, Category.VIOLENCE), (OLE, Category.OFF_TOPIC), (PIA, Category.SCAM)
    ):  # fmt: skip
        town.say(person, category=category)
        town.later(60)
    found = town.do(queue.waiting, town.id, by=town.admin())
    order = ["urgent", "soon", "when-you-can"]
    assert next(one.person for one in found) == NOA
    assert [one.urgency.value for one in found] == sorted(
        (one.urgency.value for one in found), key=order.index
    )
    assert [one.person for one in found if one.urgency.value == "when-you-can"][-2:] == [MIA, OLE]


def test_a_case_says_everything_that_is_needed_to_decide_it(town: Town) -> None:
    """Verdicts, reports, what was written and what reporters wrote are together."""
    kept = town.say(MIA, "cheap pills here")
    received = town.report(MIA, NOA, text="you fools", words="She called us fools.")
    file = town.look(town.open_case(MIA).id)
    assert file.people == (MIA,)
    assert [one.id for one in file.verdicts] == [kept.id]
    assert [one.id for one in file.reports] == [received.report.id]
    assert file.text_of(kept.message) == "cheap pills here"
    assert file.text_of(received.report.message) == "you fools"
    assert file.text_of("$unknown") is None
    assert {message for message, _, _ in file.messages()} == {kept.message, received.report.message}


def test_a_stopped_message_is_not_among_the_delivered_ones(town: Town) -> None:
    """What reached nobody can't be removed."""
    for _ in range(3):
        town.say(MIA, outcome=Outcome.STOP)
    file = town.look(town.open_case(MIA).id)
    assert len(file.verdicts) == 3
    assert file.messages() == []


def test_nobody_reads_a_case_about_themselves(town: Town) -> None:
    """An administrator who is reported doesn't see the case, nor who reported."""
    town.report(BEN, NOA)
    case = town.open_case(BEN)
    assert town.do(queue.waiting, town.id, by=town.admin(BEN)) == []
    assert [one.id for one in town.do(queue.waiting, town.id, by=town.admin(ANN))] == [case.id]
    with pytest.raises(NotAllowedError, match="about you"):
        town.look(case.id, by=BEN)
    with pytest.raises(NotAllowedError, match="about you"):
        _claim(town, BEN, BEN)
    assert town.look(case.id, by=ANN).reports[0].reporter == NOA


def test_an_operator_leaves_an_entry(town: Town) -> None:
    """An operator reads a case only together with an entry in the log that the group sees."""
    town.report(MIA, NOA)
    case = town.open_case(MIA).id
    operator = Actor(person="operator", part=Part.OPERATOR, group=town.id)
    file = town.do(queue.look, town.seals, case, by=operator, at=town.now)
    assert file.words
    entry = town.log()[0]
    assert (entry.kind, entry.by, entry.subject) == ("case.read-by-operator", "operator", case)
    town.look(case)
    assert town.logged().count("case.read-by-operator") == 1
    with pytest.raises(NotAllowedError):
        town.do(queue.waiting, town.id, by=operator)


def test_another_group_s_case_is_not_there(town: Town) -> None:
    """Whoever asks for a case of another group is told that there is none."""
    other = Town(near=town)
    other.report(MIA, NOA)
    case = other.open_case(MIA)
    with pytest.raises(UnknownCaseError):
        town.look(case.id)
    with pytest.raises(UnknownCaseError):
        town.do(queue.claim, case.id, case.version, by=town.admin(), at=town.now)
    with pytest.raises(UnknownCaseError):
        town.look("0" * 16)


def test_a_case_is_claimed_by_one_person(town: Town) -> None:
    """The second who claims is told who has it; the first may claim again."""
    town.say(MIA)
    claimed = _claim(town, MIA, ANN)
    assert (claimed.claimed_by, claimed.version) == (ANN, 2)
    assert _claim(town, MIA, ANN).version == 2
    with pytest.raises(TakenError, match=f"{ANN} is looking"):
        _claim(town, MIA, BEN)
    assert town.logged()[0] == "case.claimed"
    assert town.logged().count("case.claimed") == 1


def test_a_claim_on_an_older_version_is_told(town: Town) -> None:
    """Whoever saw the case before somebody changed it has to look again."""
    town.say(MIA)
    with pytest.raises(TakenError, match="Look again"):
        _claim(town, MIA, ANN, version=7)


def test_a_claim_ends(town: Town) -> None:
    """After two hours another administrator may take a claimed case over."""
    town.say(MIA)
    _claim(town, MIA, ANN)
    town.later(CLAIM_LASTS)
    assert _claim(town, MIA, BEN).claimed_by == BEN


def test_a_claim_can_be_given_up(town: Town) -> None:
    """Who lets go leaves the case to everybody; nobody lets go of another's claim."""
    town.say(MIA)
    case = _claim(town, MIA, ANN)
    town.do(queue.let_go, case.id, by=town.admin(BEN), at=town.now)
    assert town.open_case(MIA).claimed_by == ANN
    town.do(queue.let_go, case.id, by=town.admin(ANN), at=town.now)
    assert town.open_case(MIA).claimed_by is None
    assert town.logged()[0] == "case.let-go"
    assert _claim(town, MIA, BEN).claimed_by == BEN


def test_a_closed_case_says_who_closed_it(town: Town) -> None:
    """Who comes too late is told who decided."""
    town.say(MIA)
    case = town.open_case(MIA)
    town.decide(MIA, Pick.NOTHING, by=ANN)
    with pytest.raises(TakenError, match=f"{ANN} decided"):
        town.do(queue.claim, case.id, case.version, by=town.admin(BEN), at=town.now)


def test_a_case_that_was_folded_into_another_is_closed(town: Town) -> None:
    """A case that closed without a decision says only that."""
    town.say(MIA)
    case = town.open_case(MIA)
    town.do(cases.touch, case.id, state=cases.CLOSED)
    with pytest.raises(TakenError, match="closed already"):
        town.do(queue.open_case, case.id, by=town.admin(), deed=Deed.DECIDE)


def test_administrators_are_named_once() -> None:
    """Whoever administers several rooms is one administrator."""
    town = Town(3)
    assert town.do(queue.administrators, town.id) == [ANN, BEN, CARA]
    town.close()


def test_a_long_case_is_read_with_as_many_questions_as_a_short_one(town: Town) -> None:
    """The verdicts of a case are not fetched one by one, nor are those behind a decision's reasons."""
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    event.listen(town.connection, "before_cursor_execute", note)
    counts = []
    for person, messages in ((MIA, 2), (NOA, 30)):
        kept = [town.say(person, f"cheap pills {number}") for number in range(messages)]
        case = town.open_case(person).id
        asked.clear()
        assert [one.id for one in town.look(case).verdicts] == [one.id for one in kept]
        looked = len(asked)
        decision = town.decide(person, Pick.WARN)
        asked.clear()
        town.do(statements.of_decision, decision, person, link=None, language="en")
        counts.append((looked, len(asked)))
    assert counts[0] == counts[1]
