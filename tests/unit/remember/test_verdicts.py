"""Verdicts and cases: recorded once, told once, read page by page."""

from functools import partial

import pytest
from msgspec import structs

from folkmoot.remember import acquaintances, cases, groups, judged, outbox, verdicts
from folkmoot.remember.records import Group, Judged, Letter
from folkmoot.remember.store import Store
from folkmoot.remember.verdicts import Answer, Ask
from folkmoot.vocabulary import Category, Outcome, Signal, Span, Verdict

_SIGNAL = Signal(
    name="words",
    category=Category.SCAM,
    strength=0.9,
    spans=(Span(1, 4), Span(7, 9)),
    sentence="Looks like fraud.",
    rule="scam",
)


def _was(group: Group, message: str, **changes: object) -> Judged:
    was = Judged(message=message, group=group.id, room="!r", sender="@kim", at=10.0, done=Outcome.ALLOW)
    return structs.replace(was, **changes)


def _verdict(message: str, outcome: Outcome) -> Verdict:
    return Verdict(
        message=message,
        outcome=outcome,
        policy="p@3",
        rules=("scam", "b"),
        shadow_rules=("s",),
        signals=(_SIGNAL,),
    )


def _stop(group: Group, message: str, **changes: object) -> Ask:
    was = _was(group, message, done=Outcome.STOP, **changes)
    return Ask(was, _verdict(message, Outcome.STOP), 3)


def _case(group: Group, message: str, **changes: object) -> Ask:
    was = _was(group, message, done=Outcome.CASE, **changes)
    return Ask(was, _verdict(message, Outcome.CASE), 3)


def _record(store: Store, *asks: Ask) -> list[Answer]:
    return store.write_now(lambda c: verdicts.record(c, list(asks)))


def _letters(store: Store) -> list[Letter]:
    return store.read_now(lambda c: outbox.due(c, now=1e9, kinds=("reason", "case")))


def test_an_allowed_message_leaves_its_answer_only(store: Store, group: Group) -> None:
    """A message that was simply allowed has an answer, no verdict and no letter."""
    [answer] = _record(store, Ask(_was(group, "m"), None, 3))
    assert answer == Answer(_was(group, "m"), None)
    assert store.read_now(lambda c: verdicts.find(c, group.id, "m")) == _was(group, "m")
    assert store.read_now(lambda c: verdicts.latest(c, group.id)) == []
    assert _letters(store) == []


def test_a_kept_verdict_is_read_as_it_was(store: Store, group: Group) -> None:
    """Rules, signals, spans and policy version come back exactly, and the answer names the verdict."""
    [answer] = _record(store, _stop(group, "m"))
    kept = answer.kept
    assert kept is not None
    assert (kept.outcome, kept.done, kept.policy_version) == (Outcome.STOP, Outcome.STOP, 3)
    assert (kept.finding.rules, kept.finding.shadow_rules) == (("scam", "b"), ("s",))
    assert kept.finding.signals == (_SIGNAL,)
    assert store.read_now(lambda c: verdicts.get(c, kept.id)) == kept
    assert store.read_now(lambda c: verdicts.get(c, "none")) is None
    found = store.read_now(lambda c: verdicts.find(c, group.id, "m"))
    assert found is not None
    assert found.verdict == kept.id == answer.judged.verdict


def test_a_fingerprint_is_remembered_with_the_answer(store: Store, group: Group) -> None:
    """What copies are known by comes back as it was, also the largest number."""
    was = _was(group, "m", fingerprint=2**63 - 1, sketch=b"\x00\xff" * 8)
    _record(store, Ask(was, None, 1))
    assert store.read_now(lambda c: verdicts.find(c, group.id, "m")) == was
    assert store.read_now(lambda c: judged.since(c, 0.0)) == [
        (10.0, group.id, "!r", "@kim", 2**63 - 1, b"\x00\xff" * 8, b"")
    ]


@pytest.mark.parametrize("first", ["allow", "stop"])
@pytest.mark.parametrize("second", ["allow", "stop"])
@pytest.mark.parametrize("together", [True, False])
def test_the_first_answer_stands(store: Store, group: Group, first: str, second: str, together: bool) -> None:
    """A message judged again, at once or later, keeps its first answer, and nobody is told twice."""
    asks = [
        _stop(group, "m") if kind == "stop" else Ask(_was(group, "m"), None, 3) for kind in (first, second)
    ]
    answers = _record(store, *asks) if together else [*_record(store, asks[0]), *_record(store, asks[1])]
    if together and (first, second) == ("stop", "allow"):
        # Of two at once either may be the first; both callers get the same.
        assert answers[0].judged.done is answers[1].judged.done
    else:
        assert [answer.judged.done.value for answer in answers] == [first, first]
    stands = store.read_now(lambda c: verdicts.find(c, group.id, "m"))
    assert stands is not None
    assert stands.done is answers[0].judged.done
    assert len(_letters(store)) == (stands.done is Outcome.STOP)


def test_groups_may_have_messages_of_the_same_id(store: Store, group: Group) -> None:
    """An id is a group's own: each group has its own answer to it."""
    other = store.write_now(lambda c: groups.create(c, "Other", "", by="@a:x", at=1.0))
    _record(store, _stop(group, "m"), Ask(_was(other, "m"), None, 1))
    found = [store.read_now(partial(verdicts.find, group=one.id, message="m")) for one in (group, other)]
    assert [one.done for one in found if one is not None] == [Outcome.STOP, Outcome.ALLOW]


def test_a_stop_is_told_and_a_practised_one_is_not(store: Store, group: Group) -> None:
    """The letter with the reason goes out if and only if the message was really stopped."""
    [stopped] = _record(store, _stop(group, "a"))
    _record(store, Ask(_was(group, "b"), _verdict("b", Outcome.STOP), 3))
    [letter] = _letters(store)
    assert stopped.kept is not None
    assert (letter.kind, letter.group) == ("reason", group.id)
    assert letter.body == {"person": "@kim", "room": "!r", "verdict": stopped.kept.id}


def test_a_member_has_one_open_case(store: Store, group: Group) -> None:
    """Verdicts about one member join one case, told once; another member has their own."""
    _record(store, _case(group, "a"), _case(group, "b", at=20.0), _case(group, "c", sender="@lou", at=15.0))
    found = store.read_now(lambda c: cases.still_open(c, group.id))
    assert [(one.person, one.verdict_count, one.opened_at, one.last_at) for one in found] == [
        ("@kim", 2, 10.0, 20.0),
        ("@lou", 1, 15.0, 15.0),
    ]
    assert [letter.kind for letter in _letters(store)] == ["case", "case"]
    assert "@kim" in [case.person for case in store.read_now(lambda c: cases.still_open(c, group.id))]
    assert "@max" not in [case.person for case in store.read_now(lambda c: cases.still_open(c, group.id))]


def test_who_keeps_on_being_stopped_is_brought_before_a_person(store: Store, group: Group) -> None:
    """The so-many-th stop within the window opens a case with all of them; later ones join it."""
    asks = [
        structs.replace(_stop(group, str(n), at=float(n)), case_after=3, case_since=1.0) for n in range(5)
    ]
    opened = []
    for ask in asks:
        _record(store, ask)
        opened.append([one.verdict_count for one in store.read_now(lambda c: cases.still_open(c, group.id))])
    assert opened == [[], [], [], [3], [4]]
    assert [letter.kind for letter in _letters(store)].count("case") == 1


def test_verdicts_are_read_newest_first_page_by_page(store: Store, group: Group) -> None:
    """A page ends where the next begins, and another group's verdicts are on none."""
    other = store.write_now(lambda c: groups.create(c, "Other", "", by="@a:x", at=1.0))
    for number in range(5):
        _record(store, _stop(group, str(number), sender=f"@{number % 2}"), _stop(other, str(number)))
    page = store.read_now(lambda c: verdicts.latest(c, group.id, most=2))
    rest = store.read_now(lambda c: verdicts.latest(c, group.id, before=page[-1].seq))
    assert [one.message for one in page + rest] == ["4", "3", "2", "1", "0"]
    newer = store.read_now(lambda c: verdicts.latest(c, group.id, after=rest[0].seq))
    assert newer == page
    theirs = store.read_now(lambda c: verdicts.latest(c, group.id, sender="@1"))
    assert [one.message for one in theirs] == ["3", "1"]


def test_answers_are_counted_by_what_was_done(store: Store, group: Group) -> None:
    """Figures count what was done in the group since a moment, and nothing else."""
    _record(store, Ask(_was(group, "old", at=1.0), None, 1))
    _record(store, *[Ask(_was(group, str(n)), None, 1) for n in range(3)], _stop(group, "s"))
    assert store.read_now(lambda c: verdicts.counts(c, group.id, since=5.0)) == {"allow": 3, "stop": 1}


def test_the_past_is_read_oldest_first(store: Store, group: Group) -> None:
    """What is remembered after a restart is the newest part of the past, in its order."""
    _record(store, *[Ask(_was(group, str(n), at=float(n)), None, 1) for n in range(10)])
    found = store.read_now(lambda c: judged.since(c, 2.0, most=5))
    assert [at for at, *_ in found] == [5.0, 6.0, 7.0, 8.0, 9.0]


def test_senders_are_counted_in_their_group(store: Store, group: Group) -> None:
    """How many messages of a sender a group has seen is that group's own count, up to a bound."""
    other = store.write_now(lambda c: groups.create(c, "Other", "", by="@a:x", at=1.0))
    _record(store, *[Ask(_was(group, str(n), at=float(n)), None, 1) for n in range(4)])
    _record(store, Ask(_was(other, "x", at=9.0), None, 1), Ask(_was(group, "y", sender="@lou"), None, 1))

    def check() -> None:
        people = ["@kim", "@lou", "@max"]
        found = store.read_now(lambda c: acquaintances.of_senders(c, group.id, people))
        assert found == {"@kim": 4, "@lou": 1, "@max": 0}

    check()
    assert store.write_now(lambda c: acquaintances.count_on(c, at=10.0, most=3))
    check()
    assert not store.write_now(lambda c: acquaintances.count_on(c, at=10.0, most=10))
    check()
    assert store.read_now(lambda c: acquaintances.latest(c, most=2)) == [
        ((other.id, "@kim"), 1),
        ((group.id, "@lou"), 1),
    ]


def test_messages_whose_numbers_meet_are_told_apart(
    store: Store, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two messages that happen to share a key each get an answer of their own, and keep it."""
    monkeypatch.setattr(judged, "key", lambda _group, _message, attempt=0: 7 + attempt)
    first, second = _was(group, "a", room="!a"), _was(group, "b", room="!b")
    _record(store, Ask(first, None, 1))
    for _ in range(2):
        assert {answer.judged.room for answer in _record(store, Ask(second, None, 1))} == {"!b"}
    assert store.read_now(lambda c: verdicts.find(c, group.id, "a")) == first
    assert store.read_now(lambda c: verdicts.find(c, group.id, "b")) == second
    assert store.read_now(lambda c: verdicts.find(c, group.id, "c")) is None
