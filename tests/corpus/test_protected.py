"""Protected speech passes: the suite itself is sound, and no starter stops or removes any of it."""

import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final

import msgspec
import pytest

from folkmoot.cli.check import judged
from folkmoot.decide import starters
from folkmoot.decide.judge import Judge, compile_policy
from folkmoot.vocabulary import Context, Message, Outcome, Verdict
from tests.corpus.suite import CARE, Row, alike, rows, words

NOW: Final = 1_795_000_000.0
YEAR: Final = 365 * 86_400.0

CONTEXTS: Final = {
    "a sender of whom nothing is known": Context(now=NOW),
    "a member of long standing": Context(now=NOW, joined_at=NOW - YEAR, messages_before=700),
    "a newcomer's first message": Context(now=NOW, joined_at=NOW - 60.0, messages_before=0),
}

MOST_CASES: Final = 0.005
"""Which share of the suite may open a case, for each starter."""


@pytest.fixture(params=starters.names())
def judge(request: pytest.FixtureRequest) -> Judge:
    """A starter as it ships, with the rules that it only tries out counted too."""
    return compile_policy(starters.load(request.param).all_live())


def test_the_suite_is_large_enough_without_the_topic_that_may_open_cases() -> None:
    """At least 1,600 messages must pass, besides those of people who need care."""
    assert sum(row.topic != CARE for row in rows()) >= 1_600


def test_every_topic_is_there_in_many_languages() -> None:
    """Each topic has at least 30 messages in at least twelve languages; care is smaller."""
    by_topic: dict[str, list[Row]] = defaultdict(list)
    for row in rows():
        by_topic[row.topic].append(row)
    assert len(by_topic) >= 23
    small = {
        topic: len(found)
        for topic, found in by_topic.items()
        if topic != CARE and (len(found) < 30 or len({row.language for row in found}) < 12)
    }
    assert small == {}


def test_at_least_sixteen_languages_have_sixty_messages_each() -> None:
    """No language of the suite is there for show."""
    counts = Counter(row.language for row in rows())
    assert sum(count >= 60 for count in counts.values()) >= 16, counts


def test_ids_are_unique_and_tell_topic_and_language() -> None:
    """An id is its topic, its language tag and three digits."""
    assert [count for count in Counter(row.id for row in rows()).values() if count > 1] == []
    wrong = [
        row.id
        for row in rows()
        if row.id[:-3] != f"{row.topic}-{row.lang.lower()}-" or not row.id[-3:].isdigit()
    ]
    assert wrong == []


def test_lengths_are_those_of_chat() -> None:
    """Messages are one to 60 words or 400 letters long, and short and long ones are both there."""
    counts = [len(row.text.split()) for row in rows()]
    assert [row.id for row, count in zip(rows(), counts, strict=True) if not 1 <= count <= 60] == []
    assert [row.id for row in rows() if row.text != row.text.strip() or len(row.text) > 400] == []
    assert sum(count <= 7 for count in counts) >= 100
    assert sum(count >= 20 for count in counts) >= 100


def test_no_message_is_nearly_another() -> None:
    """No two messages of a language have half of their words in common."""
    by_language: dict[str, list[tuple[Row, frozenset[str]]]] = defaultdict(list)
    for row in rows():
        by_language[row.language].append((row, words(row.text)))
    near = [
        (one.id, other.id)
        for found in by_language.values()
        for (one, its), (other, others) in combinations(found, 2)
        if one.text == other.text or alike(its, others) >= 0.5
    ]
    assert near == []


@pytest.mark.parametrize("sender", CONTEXTS)
def test_nothing_is_stopped_or_removed(judge: Judge, sender: str) -> None:
    """No protected message is stopped or removed, whoever sends it, and few open a case."""
    context = CONTEXTS[sender]
    verdicts = [(row, judge.judge(Message(id=row.id, text=row.text), context)) for row in rows()]
    _all_pass(judge, verdicts)


def test_a_whole_conversation_of_protected_speech_passes(judge: Judge) -> None:
    """Said one after the other by a dozen people in one room, they are neither copies nor floods."""
    by_id = {row.id: row for row in rows()}
    verdicts = [(by_id[str(name)], verdict) for name, verdict in judged(judge, io.BytesIO(_conversation()))]
    _all_pass(judge, verdicts)


def _conversation() -> bytes:
    """The suite as lines for `folkmoot check`: a dozen senders in turn, four seconds apart."""
    lines = (
        {
            "id": row.id,
            "text": row.text,
            "sender": f"@member{number % 12}:example.org",
            "room": "!square:example.org",
            "sent_at": NOW + 4.0 * number,
        }
        for number, row in enumerate(rows())
    )
    return msgspec.json.Encoder().encode_lines(lines)


def _all_pass(judge: Judge, verdicts: Iterable[tuple[Row, Verdict]]) -> None:
    """Fail with each message and its rules where any is stopped or removed, or too many open a case."""
    judged_rows = list(verdicts)
    stopped = [one for one in judged_rows if one[1].outcome in {Outcome.STOP, Outcome.REMOVE}]
    cases = [one for one in judged_rows if one[1].outcome == Outcome.CASE and one[0].topic != CARE]
    assert not stopped, "\n".join(_told(judge, stopped))
    allowed = int(MOST_CASES * sum(row.topic != CARE for row, _ in judged_rows))
    assert len(cases) <= allowed, "\n".join(_told(judge, cases))


def _told(judge: Judge, found: list[tuple[Row, Verdict]]) -> Iterator[str]:
    """For each message: its id, the outcome, the rules, what was found, and the message."""
    yield f"{len(found)} messages under “{judge.policy.label}”:"
    for row, verdict in found:
        marked = [row.text[span.start : span.end] for signal in verdict.signals for span in signal.spans]
        yield f"  {row.id}: {verdict.outcome} by {', '.join(verdict.rules)} for {marked}: {row.text}"
