"""What was judged is packed into sheets; each message in them is found, counted and forgotten by itself."""

from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from folkmoot.remember import groups, judged
from folkmoot.remember.records import Group, Judged
from folkmoot.remember.store import Store
from folkmoot.vocabulary import Outcome


def _was(group: str, message: str, at: float = 10.0, done: Outcome = Outcome.ALLOW) -> Judged:
    return Judged(message=message, group=group, room="!r", sender="@kim", at=at, done=done)


def _numbers(store: Store, table: str) -> int:
    return int(store.read_now(lambda c: c.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()))


def test_what_a_commit_judged_in_a_group_is_one_row(store: Store, group: Group) -> None:
    """However many messages come together, each group has one row of them."""
    other = store.write_now(lambda c: groups.create(c, "Other", "", by="@a:x", at=1.0)).id
    rows = [_was(one, str(number)) for number in range(300) for one in (group.id, other)]
    assert store.write_now(lambda c: judged.insert(c, rows)) == {}
    assert (_numbers(store, "judged"), _numbers(store, "judged_keys")) == (2, 600)


def test_what_is_swept_leaves_nothing_to_be_found_by(store: Store, group: Group) -> None:
    """With a sheet go the keys of its messages; those that came later stay."""
    for at in (1.0, 2.0, 3.0):
        rows = [_was(group.id, f"{at}-{number}", at=at) for number in range(700)]
        store.write_now(partial(judged.insert, rows=rows))
    assert store.write_now(lambda c: judged.sweep(c, before=3.0)) == 1_400
    assert (_numbers(store, "judged"), _numbers(store, "judged_keys")) == (1, 700)
    assert store.read_now(lambda c: judged.find(c, group.id, "2.0-5")) is None
    assert store.read_now(lambda c: judged.find(c, group.id, "3.0-5")) is not None


def test_what_else_was_done_is_noted_in_place(store: Store, group: Group) -> None:
    """Another outcome changes the answer to its message and the figures, and nothing about the others."""
    rows = [_was(group.id, str(number), at=float(number)) for number in range(4)]
    store.write_now(lambda c: judged.insert(c, rows))
    store.write_now(lambda c: judged.set_done(c, group.id, "2", Outcome.STOP))
    store.write_now(lambda c: judged.set_done(c, group.id, "none", Outcome.STOP))
    found = [store.read_now(partial(judged.find, group=group.id, message=was.message)) for was in rows]
    assert found == [*rows[:2], replace(rows[2], done=Outcome.STOP), rows[3]]
    assert store.read_now(lambda c: judged.counts(c, group.id, since=0.0)) == {"allow": 3, "stop": 1}
    assert store.read_now(lambda c: judged.counts(c, group.id, since=3.0)) == {"allow": 1}
    assert store.read_now(lambda c: judged.counts(c, group.id, since=2.0)) == {"allow": 1, "stop": 1}


@pytest.fixture(scope="module")
def one_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store for many examples, each in groups of its own."""
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('judged') / 'x.db'}")
    yield store
    store.close()


_EXAMPLES = count()


@given(
    st.lists(st.lists(st.tuples(st.sampled_from("gh"), st.sampled_from("abcdef")), max_size=6), max_size=6)
)
def test_the_first_answer_stands_however_they_come(
    one_store: Store, commits: list[list[tuple[str, str]]]
) -> None:
    """Of all answers to a message in a group, the first one written is the one that is given and found."""
    first: dict[tuple[str, str], Judged] = {}
    example = next(_EXAMPLES)
    for number, names in enumerate(commits):
        rows = [
            _was(f"{group}{example}", message, at=float(100 * number + place))
            for place, (group, message) in enumerate(names)
        ]
        known = one_store.write_now(partial(judged.insert, rows=rows))
        for was in rows:
            stands = first.setdefault((was.group, was.message), was)
            assert known.get((was.group, was.message), was) == stands
    for name, was in first.items():
        assert one_store.read_now(partial(judged.find, group=name[0], message=name[1])) == was


def test_no_text_and_no_wasted_room(tmp_path: Path) -> None:
    """An allowed message costs less than 250 bytes on disk."""
    store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    group = store.write_now(lambda c: groups.create(c, "T", "", by="@a:x", at=0.0)).id
    size = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    before = store.read_now(lambda c: c.exec_driver_sql(size).scalar_one())
    for first in range(0, 5_000, 500):
        rows = [_was(group, f"$ksIqJ5HGSzAIzi6pGHjkQgYSbAn7H9yKkRz5yTXn-{first + n}") for n in range(500)]
        store.write_now(partial(judged.insert, rows=rows, cover=store.seals.cover))
    after = store.read_now(lambda c: c.exec_driver_sql(size).scalar_one())
    assert (after - before) / 5_000 < 250
    store.close()
