"""What is kept of a text so that copies are found tells nothing to who has the database alone."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from folkmoot.intake.feed import Feed
from folkmoot.intake.pipeline import Pipeline
from folkmoot.intake.receipts import Receipts
from folkmoot.remember import groups, judged, sheets
from folkmoot.remember.cover import COVERED, Cover
from folkmoot.remember.seal import Seals
from folkmoot.remember.store import Store
from folkmoot.text.fold import fold
from folkmoot.text.prints import prints
from folkmoot.vocabulary import Message

TEXT = "The bicycle workshop is open to all on every Saturday afternoon"
POLICY = """
id = "copies"
name = "Copies"
[[rules]]
id = "twice"
sentence = "Say it once."
category = "spam"
outcome = "stop"
made_by = "a test"
made_at = 2026-11-22T09:00:00Z
when = [{ kind = "copies", count = 2, within = "1 hour" }]
"""


@given(st.integers(1, 2**63 - 1), st.binary(max_size=32))
def test_what_is_hidden_is_shown_again_with_the_key_only(fingerprint: int, sketch: bytes) -> None:
    """The same is hidden in the same way; another key shows nothing of it."""
    cover = Cover(b"k" * 32)
    other = (fingerprint ^ 1, b"other")
    [(token, covered), _] = cover.hide([(fingerprint, sketch), other])
    assert [*cover.hide([other, (fingerprint, sketch)])][1:] == [(token, covered)]
    assert cover.show(covered) == (fingerprint, sketch)
    assert 0 < token < 2**63
    assert len(covered) == COVERED
    assert Cover(b"o" * 32).show(covered) != (fingerprint, sketch)


async def test_no_row_has_a_fingerprint_that_others_can_make(tmp_path: Path) -> None:
    """Copies are found, after a restart too, and no row holds what the text alone would give."""
    url = f"sqlite:///{tmp_path / 'folkmoot.db'}"
    keys = tmp_path / "sealed.keys"
    store = Store(url, Seals(keys))
    group = store.write_now(lambda c: groups.create(c, "Street", POLICY, by="x", at=1.0)).id
    done = []
    for number in range(2):
        pipeline = Pipeline(store, Feed(), Receipts(b"s" * 32, "http://localhost"))
        await pipeline.start()
        asked = Message(id=f"${number}", text=TEXT, sender=f"@m{number}:x", room="!r", group=group)
        done.append((await pipeline.judge(asked)).verdict.rules)
        await pipeline.close()
        store.close()
        store = Store(url, Seals(keys))
    assert done == [(), ("twice",)]
    bare, sketch = prints(fold(TEXT))
    bodies = store.read_now(lambda c: c.exec_driver_sql("SELECT body FROM judged").scalars().all())
    kept = [one for sheet in store.read_now(lambda c: [*sheets.since(c, 0.0)]) for one in sheet.entries]
    assert len({(one.fingerprint, one.sketch) for one in kept}) == 1
    assert all(one.fingerprint not in (bare, None) for one in kept)
    assert all(part not in body for body in bodies for part in (sketch[:8], bare.to_bytes(8), TEXT.encode()))
    assert store.read_now(lambda c: judged.since(c, 0.0))[0][4:6] == (0, b"")
    store.close()
