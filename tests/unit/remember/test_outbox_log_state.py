"""The outbox, the log, and a gateway's small state."""

import pytest

from folkmoot.remember import gateway_state, log, outbox
from folkmoot.remember.records import Letter
from folkmoot.remember.store import Store


def _put(store: Store, kind: str = "reason", after: float = 0.0, **body: str) -> int:
    return store.write_now(lambda c: outbox.put(c, "g", kind, body, at=100.0, after=after))


def _due(store: Store, now: float = 100.0, kinds: tuple[str, ...] = ("reason",)) -> list[Letter]:
    return store.read_now(lambda c: outbox.due(c, now=now, kinds=kinds))


def test_a_letter_is_due_from_its_time_on(store: Store) -> None:
    """A letter is handed out when it is due, not before, and carries what was asked for."""
    number = _put(store, after=5.0, person="@a:x")
    assert _due(store, 104.9) == []
    assert _due(store, 105.0) == [
        Letter(id=number, group="g", kind="reason", body={"person": "@a:x"}, made_at=100.0, attempts=0)
    ]


def test_letters_come_oldest_first_and_of_the_kinds_asked(store: Store) -> None:
    """A gateway gets only the kinds that it can deliver, in the order of asking."""
    first, _, third = _put(store), _put(store, "case"), _put(store)
    assert [letter.id for letter in _due(store)] == [first, third]
    assert len(_due(store, kinds=("reason", "case"))) == 3
    assert _due(store, kinds=()) == []


def test_a_delivered_letter_is_not_handed_out_again(store: Store) -> None:
    """What is done stays done."""
    number = _put(store)
    store.write_now(lambda c: outbox.done(c, number, at=101.0))
    assert _due(store, 1e9) == []


def test_a_failed_letter_waits_twice_as_long_each_time(store: Store) -> None:
    """Attempts are 2, 4, 8 … seconds apart, an hour at most; after twelve an operator must look."""
    number, now, waits = _put(store), 100.0, []
    while _due(store, now):
        store.write_now(lambda c, at=now: outbox.failed(c, number, "refused", at=at))  # type: ignore[misc]
        wait = next((w for w in range(1, 3601) if _due(store, now + w)), 0)
        waits.append(wait)
        now += wait
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 0]
    assert store.read_now(outbox.given_up) == [number]
    assert _due(store, 1e9) == []


def test_log_entries_are_the_groups_own_newest_first(store: Store) -> None:
    """A group's log holds its own entries only, and can be read page by page."""
    for number in range(5):
        for group in ("g", "h"):
            store.write_now(
                lambda c, g=group, n=number: log.write(
                    c, g, "k", by="@a:x", at=float(n), subject=str(n), x="y"
                )  # type: ignore[misc]
            )
    page = store.read_now(lambda c: log.entries(c, "g", most=3))
    assert [entry.subject for entry in page] == ["4", "3", "2"]
    rest = store.read_now(lambda c: log.entries(c, "g", before=page[-1].seq))
    assert [entry.subject for entry in rest] == ["1", "0"]
    assert {entry.group for entry in page + rest} == {"g"}
    assert rest[0].body == {"x": "y"}


def test_state_is_replaced_read_and_forgotten(store: Store) -> None:
    """A gateway's note under a key is the last one put there, until it is forgotten."""
    for body in ("one", "two"):
        store.write_now(lambda c, b=body: gateway_state.put(c, "matrix", "key", b, at=1.0))  # type: ignore[misc]
    assert store.read_now(lambda c: gateway_state.get(c, "matrix", "key")) == "two"
    store.write_now(lambda c: gateway_state.forget(c, "matrix", "key"))
    assert store.read_now(lambda c: gateway_state.get(c, "matrix", "key")) is None


@pytest.mark.parametrize(
    ("prefix", "keys"), [("", {"a%1", "a%2", "ab"}), ("a%", {"a%1", "a%2"}), ("_", set())]
)
def test_state_is_listed_by_prefix(store: Store, prefix: str, keys: set[str]) -> None:
    """A prefix means itself, also where the database knows its letters as wildcards; gateways are apart."""
    for key in ("a%1", "a%2", "ab"):
        store.write_now(lambda c, k=key: gateway_state.put(c, "matrix", k, "", at=1.0))  # type: ignore[misc]
    store.write_now(lambda c: gateway_state.put(c, "other", "a%3", "", at=1.0))
    assert set(store.read_now(lambda c: gateway_state.every(c, "matrix", prefix))) == keys
