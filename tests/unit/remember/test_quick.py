"""Statements made ready once: they do what the same statement does through SQLAlchemy."""

from sqlalchemy import Connection, bindparam, select, update

from folkmoot.remember.quick import Putting, Reading, Writing
from folkmoot.remember.store import Store
from folkmoot.remember.tables import log

_PUT = Putting(log, ("group_id", "at", "by", "kind", "subject", "body"))
_READ = Reading(
    select(log.c.seq, log.c.subject, log.c.at)
    .where(log.c.kind == "noted", log.c.group_id == bindparam("group"))
    .order_by(log.c.seq)
)
_CHANGE = Writing(
    update(log).where(log.c.subject == bindparam("name")).values(at=log.c.at + bindparam("more"))
)


def _rows(*subjects: str) -> list[dict[str, object]]:
    row = {"group_id": "g", "at": 1.0, "by": "b", "kind": "noted", "body": "{}"}
    return [{**row, "subject": one} for one in subjects]


def _work(connection: Connection) -> list[object]:
    numbers = _PUT.numbered(connection, _rows("one", "two"))
    _PUT.all(connection, [*_rows("three"), {**_rows("other")[0], "kind": "else"}])
    _PUT.all(connection, [])
    _CHANGE.all(connection, [{"name": "one", "more": 2.5}, {"name": "three", "more": 4.0}])
    return [numbers, _READ.rows(connection, {"group": "g"}), _READ.rows(connection, {"group": "nobody"})]


def test_both_ways_give_the_same(url: str) -> None:
    """Numbers, rows and changes are the same straight from the driver and through SQLAlchemy."""
    store = Store(url)
    expected = [[1, 2], [(1, "one", 3.5), (2, "two", 1.0), (3, "three", 5.0)], []]
    with store.engine.connect() as connection, connection.begin():
        assert _work(connection) == expected
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM log")
        connection.dialect.name, name = "other", connection.dialect.name
        try:
            assert _work(connection) == expected
        finally:
            connection.dialect.name = name
    store.close()


def test_what_is_written_goes_with_its_transaction(store: Store) -> None:
    """What went straight to the driver is gone when its transaction is rolled back, and only then."""
    with store.engine.connect() as connection:
        with connection.begin() as transaction:
            _PUT.all(connection, _rows("lost"))
            transaction.rollback()
        with connection.begin():
            _PUT.all(connection, _rows("kept"))
    with store.engine.connect() as connection:
        assert [row[1] for row in _READ.rows(connection, {"group": "g"})] == ["kept"]


def test_outside_a_transaction_one_begins(store: Store) -> None:
    """Where nobody began a transaction, SQLAlchemy begins one: nothing is written by the way."""
    with store.engine.connect() as connection:
        _PUT.all(connection, _rows("forgotten"))
        assert connection.in_transaction()
    assert store.read_now(lambda c: _READ.rows(c, {"group": "g"})) == []
