"""A member says "please look": confirmed, answered, limited where it has to be, and never named."""

import pytest

from folkmoot.remember import cases, choices, reports
from folkmoot.remember.deciding import ReportAnswer, Source
from folkmoot.review.consequences import Pick
from folkmoot.review.permissions import NotAllowedError, Part
from folkmoot.review.reporting import LONGEST_WORDS, About, ReportError, receive
from folkmoot.vocabulary import Category, Urgency
from tests.support.town import ANN, DAY, HOUR, MIA, NOA, OLE, PIA, RON, Town


def test_a_report_opens_a_case_and_is_confirmed(town: Town) -> None:
    """The first report about a member opens a case, tells the administrators, and is confirmed."""
    received = town.report(MIA, NOA)
    case = town.open_case(MIA)
    assert received.is_new
    assert (received.report.case, received.report.reporter) == (case.id, NOA)
    assert (case.report_count, case.verdict_count, case.state) == (1, 0, cases.OPEN)
    assert town.letters("report-received") == [
        {"kind": "report-received", "report": received.report.id, "person": NOA}
    ]
    assert [one["case"] for one in town.letters("case")] == [case.id]
    assert town.logged()[0] == "report.received"


def test_reports_and_verdicts_about_one_member_come_together(town: Town) -> None:
    """What rules found and what members report about one person is one case, which grows."""
    town.say(MIA)
    town.report(MIA, NOA)
    town.report(MIA, OLE)
    case = town.open_case(MIA)
    assert (case.verdict_count, case.report_count) == (1, 2)
    assert len(town.letters("case")) == 1
    assert [one["case"] for one in town.letters("case-grew")] == [case.id, case.id]


def test_the_same_message_is_reported_once(town: Town) -> None:
    """A member who reports a message again gets the report that is there, and it counts once."""
    first = town.report(MIA, NOA, message="$a")
    again = town.report(MIA, NOA, message="$a", words="Still there!")
    assert not again.is_new
    assert again.report.id == first.report.id
    assert town.open_case(MIA).report_count == 1


def test_two_members_may_report_the_same_message(town: Town) -> None:
    """What it says is sealed once, however many report it."""
    town.report(MIA, NOA, message="$a", text="said once")
    town.report(MIA, OLE, message="$a", text="said once")
    file = town.look(town.open_case(MIA).id)
    assert len(file.reports) == 2
    assert [one.text for one in file.words if one.kind == "message"] == ["said once"]
    assert {one.author for one in file.words if one.kind == "report"} == {NOA, OLE}


def test_a_report_about_oneself_or_nobody_is_refused(town: Town) -> None:
    """A report names somebody else; what is refused leaves nothing behind."""
    for person, words in ((NOA, "your own"), ("", "whose message")):
        with pytest.raises(ReportError, match=words):
            town.report(person, NOA)
    assert town.letters("report-received") == []


@pytest.mark.parametrize("part", [Part.STRANGER, Part.HOLDER, Part.OPERATOR, Part.PARTNER])
def test_only_members_report(town: Town, part: Part) -> None:
    """Whoever is not in the group can't report in it."""
    with pytest.raises(NotAllowedError, match="members of the group"):
        town.do(
            receive, town.seals, town.id, About(person=MIA),
            by=town.actor(NOA, part), source=Source.API, at=town.now,
        )  # fmt: skip


def test_a_member_of_another_group_can_t_report(town: Town) -> None:
    """A part in one group is none in another."""
    other = Town(near=town)
    with pytest.raises(NotAllowedError):
        town.do(
            receive,
            town.seals,
            town.id,
            About(person=MIA),
            by=other.member(NOA),
            source=Source.API,
            at=town.now,
        )


def test_long_words_are_cut(town: Town) -> None:
    """Of what a reporter writes, so much is kept as an administrator will read."""
    town.report(MIA, NOA, words="x" * (LONGEST_WORDS + 1))
    said = [one.text for one in town.look(town.open_case(MIA).id).words if one.kind == "report"]
    assert said == ["x" * LONGEST_WORDS]


def test_a_report_can_make_a_case_more_urgent_and_never_less(town: Town) -> None:
    """A report of a threat makes the case urgent and due sooner; a later, milder one does not undo that."""
    town.report(MIA, NOA, category=Category.OFF_TOPIC)
    calm = town.open_case(MIA)
    town.later(60)
    town.report(MIA, OLE, category=Category.VIOLENCE)
    urgent = town.open_case(MIA)
    town.report(MIA, PIA, category=Category.OFF_TOPIC)
    still = town.open_case(MIA)
    assert urgent.urgency is still.urgency is Urgency.URGENT
    assert calm.due_at is not None
    assert urgent.due_at == still.due_at == town.now + 4 * HOUR < calm.due_at


def test_a_day_has_a_limit(town: Town) -> None:
    """Nobody floods the administrators: after twenty reports within a day one goes on the next day."""
    for _ in range(20):
        town.report(MIA, NOA)
    with pytest.raises(ReportError, match="tomorrow"):
        town.report(MIA, NOA)
    assert town.report(MIA, OLE).is_new
    town.later(DAY)
    assert town.report(MIA, NOA).is_new


@pytest.mark.parametrize(
    ("picks", "answer"),
    [
        ((Pick.WARN,), ReportAnswer.ACTED),
        ((Pick.NOTHING,), ReportAnswer.NOTHING),
        ((Pick.UNFOUNDED,), ReportAnswer.UNFOUNDED),
    ],
)
def test_every_reporter_is_told_the_outcome(
    town: Town, picks: tuple[Pick, ...], answer: ReportAnswer
) -> None:
    """A decision answers each report of the case once, with a letter to each reporter."""
    town.report(MIA, NOA)
    town.report(MIA, OLE)
    decision = town.decide(MIA, *picks)
    told = town.letters("report-answer")
    assert {(one["person"], one["decision"]) for one in told} == {(NOA, decision.id), (OLE, decision.id)}
    kept = town.do(reports.of_case, decision.case)
    assert [(one.answer, one.answered_at) for one in kept] == [(answer, town.now)] * 2


def test_the_reporter_is_in_nothing_that_the_reported_could_read(town: Town) -> None:
    """No entry of the log and no letter to the reported member names who reported, whatever was decided."""
    town.do(choices.put, town.id, "unfounded_reports", 2, by=ANN, at=town.now)
    for picks in ((Pick.UNFOUNDED,), (Pick.UNFOUNDED,), (Pick.UNFOUNDED,), (Pick.UNFOUNDED,)):
        town.report(MIA, NOA)
        town.decide(MIA, *picks)
        town.later(HOUR)
    town.report(MIA, OLE)
    decision = town.decide(MIA, Pick.WARN, Pick.MUTE, lasts=HOUR)
    town.undo(decision)
    assert {"reports.warned", "reports.limited"} <= set(town.logged())
    written = repr(town.log()) + repr([one for one in town.letters() if one.get("person") == MIA])
    assert NOA not in written
    assert OLE not in written


def _unfounded(town: Town, times: int, by: str = NOA) -> None:
    for number in range(times):
        town.report(f"@{number}:x", by)
        town.decide(f"@{number}:x", Pick.UNFOUNDED)
        town.later(HOUR)


def test_unfounded_reports_bring_a_warning_then_a_limit(town: Town) -> None:
    """At the group's number of unfounded reports a warning, at as many again a limit with an end."""
    _unfounded(town, 2)
    assert town.letters("report-warned") == []
    _unfounded(town, 1)
    assert [one["person"] for one in town.letters("report-warned")] == [NOA]
    _unfounded(town, 2)
    assert town.letters("report-limited") == []
    _unfounded(town, 1)
    limited = town.letters("report-limited")
    assert [one["person"] for one in limited] == [NOA]
    with pytest.raises(NotAllowedError, match="no ground"):
        town.report(MIA, NOA)
    assert town.report(MIA, RON).is_new
    town.now = float(limited[0]["until"])
    assert town.report(MIA, NOA).is_new


def test_a_warning_is_forgotten_after_a_month(town: Town) -> None:
    """What was long ago does not count: after a month the count begins anew."""
    _unfounded(town, 3)
    town.later(31 * DAY)
    _unfounded(town, 3)
    assert len(town.letters("report-warned")) == 2
    assert town.letters("report-limited") == []


def test_reports_in_good_faith_never_count(town: Town) -> None:
    """A report about which nothing is done is no unfounded one."""
    for number in range(8):
        town.report(f"@{number}:x", NOA)
        town.decide(f"@{number}:x", Pick.NOTHING)
    assert town.letters("report-warned") == []


def test_a_decision_that_is_undone_counts_against_no_reporter(town: Town) -> None:
    """Taking an “unfounded” back lifts the limit that came of it, and the reporter is told anew."""
    _unfounded(town, 5)
    town.report(MIA, NOA)
    decision = town.decide(MIA, Pick.UNFOUNDED)
    with pytest.raises(NotAllowedError):
        town.report(OLE, NOA)
    town.undo(decision)
    assert town.report(OLE, NOA).is_new
    town.decide(MIA, Pick.WARN)
    answered = [one["report"] for one in town.letters("report-answer")]
    assert answered.count(answered[-1]) == 2
