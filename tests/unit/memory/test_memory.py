"""Earlier messages are recalled by time, place and fingerprint; the store is bounded and its cost is flat."""

import time

from hypothesis import given
from hypothesis import strategies as st

from folkmoot.intake.memory import EACH, Memory, Past
from folkmoot.text.fold import fold
from folkmoot.text.prints import fingerprint, sketch
from folkmoot.vocabulary import Message, Trace

ADVERT = (
    "Everybody on my street uses the new app now, it is so good, get it today and tell your friends about it"
)


def message(
    text: str = ADVERT, *, sender: str | None = "a", room: str | None = "r", group: str = "g"
) -> Message:
    """A message to remember."""
    return Message(id="1", text=text, sender=sender, room=room, group=group)


def prints(text: str) -> tuple[int, bytes]:
    """A text's fingerprint and sketch."""
    folded = fold(text)
    return fingerprint(folded), sketch(folded)


def note(memory: Memory, said: Message, at: float) -> None:
    """Remember a message."""
    memory.note(said, *prints(said.text), at)


def recall(memory: Memory, said: Message, at: float) -> tuple[tuple[float, ...], tuple[Trace, ...]]:
    """What is known when a message comes."""
    return memory.recall(said, *prints(said.text), at)


def test_a_senders_messages_in_a_room_are_recalled_newest_last() -> None:
    """Times are those of this sender in this room only."""
    memory = Memory()
    for at in (1.0, 2.0, 3.0):
        note(memory, message("hi"), at)
    note(memory, message("hi", room="other"), 2.5)
    note(memory, message("hi", sender="b"), 2.6)
    assert recall(memory, message("hello"), 4.0)[0] == (1.0, 2.0, 3.0)


def test_copies_are_recalled_across_senders_and_rooms_of_a_group() -> None:
    """The same text elsewhere in the group is known, and another group knows nothing of it."""
    memory = Memory()
    note(memory, message(sender="a", room="r"), 1.0)
    note(memory, message(ADVERT.upper(), sender="b", room="s"), 2.0)
    assert recall(memory, message(sender="c"), 3.0)[1] == (Trace(1.0, "a", "r"), Trace(2.0, "b", "s"))
    assert recall(memory, message(sender="c", group="other"), 3.0)[1] == ()


def test_near_copies_count_as_copies() -> None:
    """A word exchanged does not hide a campaign."""
    memory = Memory()
    note(memory, message(), 1.0)
    note(memory, message(ADVERT.replace("street", "road")), 2.0)
    assert len(recall(memory, message(ADVERT.replace("friends", "family")), 3.0)[1]) == 2


def test_different_texts_are_no_copies() -> None:
    """Two texts about the same thing are not copies."""
    memory = Memory()
    note(
        memory,
        message("Please sign our petition against the factory by the river, the link is on the board"),
        1.0,
    )
    said = message("I signed the petition against the factory yesterday, and so did everybody at work")
    assert recall(memory, said, 2.0)[1] == ()


def test_greetings_are_never_copies() -> None:
    """Short talk has no traces."""
    memory = Memory()
    for sender in "abcdef":
        note(memory, message("Good morning!", sender=sender), 1.0)
    assert recall(memory, message("Good morning!"), 2.0)[1] == ()


def test_without_sender_or_room_nothing_is_remembered() -> None:
    """What cannot be told apart is not counted."""
    memory = Memory()
    note(memory, message(sender=None), 1.0)
    note(memory, message(room=None), 1.0)
    assert recall(memory, message(), 2.0) == ((), ())
    assert recall(memory, message(sender=None), 2.0) == ((), ())


def test_the_future_is_not_recalled() -> None:
    """A message judged late does not know of what came after it."""
    memory = Memory()
    note(memory, message(), 10.0)
    assert recall(memory, message(), 5.0) == ((), ())


def test_after_a_restart_the_same_is_known() -> None:
    """What was stored gives the same recall as what was noted."""
    noted, restored = Memory(), Memory()
    rows = []
    for number in range(20):
        said = message(
            ADVERT if number % 2 else f"hi {number}", sender=f"s{number % 3}", room=f"r{number % 2}"
        )
        note(noted, said, float(number))
        rows.append(Past(float(number), said.group, str(said.room), str(said.sender), *prints(said.text)))
    restored.restore(rows)
    for sender in ("s0", "s1", "s2"):
        said = message(sender=sender, room="r1")
        assert recall(restored, said, 99.0) == recall(noted, said, 99.0)


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([ADVERT, "hi"]), st.floats(0, 50)), max_size=90)
)
def test_a_visit_recalls_and_notes_as_the_two_would(said: list[tuple[str, str, float]]) -> None:
    """Recalling and noting at once gives what they give one after the other, also when the clock jumps."""
    together, apart = Memory(), Memory()
    for sender, text, at in said:
        here = message(text, sender=sender)
        assert together.visit(here, *prints(text), at) == recall(apart, here, at)
        note(apart, here, at)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("rs"), st.sampled_from([ADVERT, "hi"]))))
def test_what_is_recalled_is_bounded_and_in_order(said: list[tuple[str, str, str]]) -> None:
    """At most so many times and traces come back, oldest first."""
    memory = Memory(senders=4, texts=2, numbers=20)
    for number, (sender, room, text) in enumerate(said * 3):
        note(memory, message(text, sender=sender, room=room), float(number))
    recent, copies = recall(memory, message(sender="a", room="r"), 1e9)
    assert len(recent) <= EACH
    assert len(copies) <= EACH
    assert list(recent) == sorted(recent)
    assert [trace.at for trace in copies] == sorted(trace.at for trace in copies)


def test_memory_is_bounded_overall() -> None:
    """However many senders and texts come, only so many are kept, the latest."""
    memory = Memory(senders=100, texts=100, numbers=800)
    for number in range(5_000):
        sketch = b"".join((number * 8 + one).to_bytes(4, "little") for one in range(8))
        memory.note(message(sender=f"s{number}"), number + 1, sketch, float(number))
    assert all(0 < size <= most for size, most in zip(memory.sizes(), (100, 100, 800), strict=True))
    assert recall(memory, message("hi", sender="s4999"), 1e9)[0] == (4999.0,)
    assert recall(memory, message("hi", sender="s1"), 1e9)[0] == ()


def test_recall_costs_the_same_however_much_is_known() -> None:
    """A hundred times more rooms, senders and texts leave the cost of a recall as it is."""

    def cost(known: int) -> float:
        memory = Memory()
        for number in range(known):
            text = f"message number {number} about the shed and the {number * 7} tools that are inside it now"
            note(memory, message(text, sender=f"s{number}", room=f"r{number % 50}"), float(number))
        said, own = message(), prints(ADVERT)
        best = 1.0
        for _ in range(5):
            began = time.process_time()
            for _ in range(300):
                memory.recall(said, *own, 1e9)
            best = min(best, time.process_time() - began)
        return best

    assert cost(10_000) < 4 * cost(100) + 0.002
