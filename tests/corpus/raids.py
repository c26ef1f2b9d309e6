"""Evenings in a group of which it is known who raids: ordinary talk with raids mixed in, always the same way.

Ordinary are messages of the protected suite, greetings, `+1`, memes that go round, and a petition that
members pass on once each. What raiders write is innocent by its words, so that only counting can tell.
"""

import io
from collections.abc import Iterator
from random import Random
from typing import Any, Final, NamedTuple

import msgspec

from folkmoot.cli.check import judged
from folkmoot.decide.judge import Judge
from folkmoot.vocabulary import Outcome
from tests.corpus.suite import CARE, rows

BEGAN: Final = 1_795_000_000.0
EVENING: Final = 2 * 3600.0
ROOMS: Final = tuple(
    f"!{name}:example.org" for name in ("square", "garden", "kitchen", "attic", "yard", "cellar")
)
MEMBERS: Final = tuple(f"@member{number}:example.org" for number in range(60))

GREETINGS: Final = (
    "gm",
    "good morning all",
    "+1",
    "same",
    "happy birthday Ida!!",
    "lol",
    "thanks!",
    "👍",
    "gn everyone",
)
MEMES: Final = (
    "this is fine 🔥🐶🔥",
    "it's Wednesday my dudes",
    "one does not simply walk into the garden shed",
)
PETITION: Final = (
    "Neighbours, the council wants to close our library on Saturdays. I have signed the petition at the "
    "bakery, please sign too and pass this on to three friends."
)
ADVERTS: Final = (
    "Everybody is on the new server of dragons tonight, come over and bring your friends, it is so good",
    "Look at my channel with the best clips of the week, new ones every day, tell me what you think of it",
    "Our gang is going to have so much fun in this room tonight, remember the name and come and watch us all",
)
_SWAPS: Final = {
    "so": "really",
    "come": "get",
    "best": "greatest",
    "tonight": "2night",
    "every": "each",
    "fun": "joy",
}
_DISGUISES: Final = str.maketrans("aeo", "аео")


class Said(NamedTuple):
    """One message of the evening."""

    at: float
    sender: str
    room: str
    text: str
    kind: str
    """What it belongs to: a raid's name, or `talk`, `greeting`, `meme`, `petition`."""
    new: bool = False
    calls: tuple[str, ...] = ()

    @property
    def raid(self) -> bool:
        """Whether it belongs to a raid."""
        return self.kind.startswith("raid")


def evening(seed: int) -> list[Said]:
    """All that is said in one evening, in order."""
    chance = Random(seed)
    said = [*_talk(chance), *_shared(chance), *_one_floods(chance), *_one_everywhere(chance)]
    said += _one_calls(chance)
    for number, kind in enumerate(("raid in waves", "raid once each", "raid in disguise")):
        said += _gang(chance, kind, ADVERTS[number], BEGAN + 1800.0 * (number + 1))
    return sorted(said)


def _talk(chance: Random) -> Iterator[Said]:
    talk = [row.text for row in rows() if row.topic != CARE]
    for text in chance.sample(talk, 500):
        calls = tuple(chance.sample(MEMBERS, chance.choice((0, 0, 0, 1, 1, 2, 3))))
        yield Said(_when(chance), chance.choice(MEMBERS), chance.choice(ROOMS[:3]), text, "talk", calls=calls)
    for _ in range(250):
        yield Said(_when(chance), chance.choice(MEMBERS), ROOMS[0], chance.choice(GREETINGS), "greeting")


def _when(chance: Random) -> float:
    return BEGAN + chance.random() * EVENING


def _shared(chance: Random) -> Iterator[Said]:
    """A petition and some memes that go round: each member passes each on once."""
    for sender in chance.sample(MEMBERS, 20):
        yield Said(_when(chance), sender, chance.choice(ROOMS), PETITION, "petition")
    for meme in MEMES:
        for sender in chance.sample(MEMBERS, 8):
            yield Said(_when(chance), sender, chance.choice(ROOMS[:2]), meme, "meme")


def _one_floods(chance: Random) -> Iterator[Said]:
    """One account pours thirty different short messages into a room within half a minute."""
    start = _when(chance)
    for number in range(30):
        text = f"{chance.choice(GREETINGS)} {chance.randrange(999)}"
        yield Said(start + number, "@flood:example.net", ROOMS[1], text, "raid flood", True)


def _one_everywhere(chance: Random) -> Iterator[Said]:
    """One account puts the same text into every room."""
    start = _when(chance)
    for number, room in enumerate(ROOMS):
        text = f"{ADVERTS[1]} {'!' * number}"
        yield Said(start + 20.0 * number, "@everywhere:example.net", room, text, "raid everywhere", True)


def _one_calls(chance: Random) -> Iterator[Said]:
    """One account calls member after member within some minutes, a few with each message."""
    start, order = _when(chance), chance.sample(MEMBERS, len(MEMBERS))
    for number in range(12):
        text, calls = f"{chance.choice(GREETINGS)} {number}", tuple(order[5 * number :][:5])
        at = start + 30.0 * number
        yield Said(at, "@calling:example.net", chance.choice(ROOMS), text, "raid calls", True, calls)


def _gang(chance: Random, kind: str, advert: str, start: float) -> Iterator[Said]:
    """A dozen new accounts say the same, a little changed; once each or again and again."""
    each = 1 if "once" in kind else 4
    for number in range(12 * each):
        sender = f"@{kind.replace(' ', '-')}-{number % 12}:example.net"
        text = _changed(chance, advert)
        if "disguise" in kind:
            text = " ".join(
                word.translate(_DISGUISES) if chance.random() < 0.5 else word for word in text.split()
            )
        room = chance.choice(ROOMS[:3])
        yield Said(start + number * chance.uniform(4, 15), sender, room, text, kind, True)


def _changed(chance: Random, text: str) -> str:
    """A text with one word exchanged and something hung on."""
    old, new = chance.choice([*_SWAPS.items()])
    tail = chance.choice(("", "🔥", "!!", str(chance.randrange(99))))
    return f"{text.replace(f' {old} ', f' {new} ', 1)} {tail}".rstrip()


def outcomes(judge: Judge, said: list[Said]) -> list[Outcome]:
    """What a policy does with each message, one after the other, remembering those before."""
    lines = msgspec.json.Encoder().encode_lines([_line(number, one) for number, one in enumerate(said)])
    return [verdict.outcome for _, verdict in judged(judge, io.BytesIO(lines))]


def _line(number: int, one: Said) -> dict[str, Any]:
    return {
        "id": str(number),
        "text": one.text,
        "sender": one.sender,
        "room": one.room,
        "sent_at": one.at,
        "mentions": one.calls,
        "joined_at": one.at - 300.0 if one.new else BEGAN - 1e7,
        "messages_before": 0 if one.new else 500,
    }


class Tally(NamedTuple):
    """How a policy did over some evenings."""

    raid: int
    raid_found: int
    ordinary: int
    ordinary_found: int
    ordinary_stopped: int
    petition_stopped: int

    @property
    def recall(self) -> float:
        """Which share of the raids' messages opened a case or was stopped."""
        return self.raid_found / self.raid

    @property
    def precision(self) -> float:
        """Which share of what opened a case or was stopped belonged to a raid."""
        return self.raid_found / max(1, self.raid_found + self.ordinary_found)


def tally(judge: Judge, evenings: int = 5) -> Tally:
    """How a policy does over some evenings."""
    pairs = [
        (one, outcome)
        for said in map(evening, range(evenings))
        for one, outcome in zip(said, outcomes(judge, said), strict=True)
    ]
    ordinary = [(one, outcome) for one, outcome in pairs if not one.raid]
    stopped = [one for one, outcome in ordinary if outcome in {Outcome.STOP, Outcome.REMOVE}]
    return Tally(
        raid=len(pairs) - len(ordinary),
        raid_found=sum(one.raid and outcome is not Outcome.ALLOW for one, outcome in pairs),
        ordinary=len(ordinary),
        ordinary_found=sum(outcome is not Outcome.ALLOW for _, outcome in ordinary),
        ordinary_stopped=len(stopped),
        petition_stopped=sum(one.kind == "petition" for one in stopped),
    )
