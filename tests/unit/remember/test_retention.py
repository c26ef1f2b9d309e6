"""Retention: what is over is gone, what is not stays."""

from pathlib import Path

from sqlalchemy import Connection

from folkmoot.remember import groups, outbox, retention, tokens, verdicts
from folkmoot.remember.records import Judged
from folkmoot.remember.store import Store
from folkmoot.remember.tokens import TokenKind
from folkmoot.vocabulary import Outcome

DAY = 24 * 3600.0


def test_what_is_over_is_deleted_and_the_rest_stays(tmp_path: Path) -> None:
    """Answers, delivered letters and dead tokens go at their time; open letters and live tokens stay."""
    store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    group = store.write_now(lambda c: groups.create(c, "T", "", by="@a:x", at=0.0)).id

    def fill(c: Connection) -> str:
        for number, at in enumerate((0.0, 50 * DAY)):
            was = Judged(message=f"${number}", group=group, room="", sender="", at=at, done=Outcome.ALLOW)
            verdicts.record(c, [verdicts.Ask(was, None, 1)])
        told = outbox.put(c, group, "reason", {}, at=0.0)
        outbox.done(c, told, at=1.0)
        outbox.put(c, group, "reason", {}, at=0.0)
        outbox.put(c, group, "reason", {}, at=50 * DAY)
        tokens.make(c, group, TokenKind.SIGN_IN, by="@a:x", at=0.0, lasts=60)
        return tokens.make(c, group, TokenKind.API, by="@a:x", at=0.0)

    live = store.write_now(fill)
    swept = store.write_now(lambda c: retention.sweep(c, now=60 * DAY, answers_days=30))
    assert swept == retention.Swept(answers=1, letters=2, tokens=1)
    assert store.read_now(lambda c: verdicts.find(c, group, "$0")) is None
    assert store.read_now(lambda c: verdicts.find(c, group, "$1")) is not None
    assert len(store.read_now(lambda c: outbox.due(c, now=60 * DAY, kinds=("reason",)))) == 1
    assert store.read_now(lambda c: tokens.find(c, live, TokenKind.API, now=60 * DAY)) is not None
    store.close()
