"""In-memory twins of the ports: for tests, and for trying the policy server without a database."""

from collections.abc import Awaitable, Callable

from folkmoot.gateways.matrix.key_sets import KeySet
from folkmoot.gateways.matrix.ports import Answer, Room, Ruling, Terms
from folkmoot.vocabulary import Message, OnFailure


class MemoryRooms:
    """Rooms that are forgotten with the program."""

    def __init__(self) -> None:
        """Know no room, admit every invitation."""
        self.rooms: dict[str, Room] = {}
        self.refused: set[str] = set()
        """Inviters whose invitations are not accepted."""

    async def find(self, room: str) -> Room | None:
        """Return a room."""
        return self.rooms.get(room)

    async def keep(self, room: Room) -> None:
        """Remember a room."""
        self.rooms[room.id] = room

    async def every(self) -> list[Room]:
        """Return all rooms."""
        return list(self.rooms.values())

    async def admits(self, room: str, inviter: str) -> bool:
        """Admit everyone who is not in `refused`."""
        return inviter not in self.refused


class MemoryAnswers:
    """Answers that are forgotten with the program."""

    def __init__(self) -> None:
        """Begin with none."""
        self.answers: dict[str, Answer] = {}

    async def find(self, event: str) -> Answer | None:
        """Return the answer that an event got."""
        return self.answers.get(event)

    async def keep(self, answer: Answer) -> Answer:
        """Remember an answer; the first stands."""
        return self.answers.setdefault(answer.event, answer)


class MemoryKeys:
    """Other servers' keys, forgotten with the program."""

    def __init__(self) -> None:
        """Begin with none."""
        self.sets: dict[str, KeySet] = {}

    async def get(self, server: str) -> KeySet | None:
        """Return what is remembered of a server's keys."""
        return self.sets.get(server)

    async def put(self, keys: KeySet) -> None:
        """Remember a server's keys."""
        self.sets[keys.server] = keys


class JudgeWith:
    """Judges by a function."""

    def __init__(self, ruling: Callable[[Message], Awaitable[Ruling]], terms: Terms | None = None) -> None:
        """Judge by `ruling`; `terms` hold for every room."""
        self._ruling = ruling
        self.terms_for_all = terms or Terms()

    async def terms(self, room: str) -> Terms:
        """Return the same terms for every room."""
        return self.terms_for_all

    async def judge(self, message: Message) -> Ruling:
        """Ask the function."""
        return await self._ruling(message)

    async def unreadable(self, message: Message) -> Ruling:
        """Refuse with the terms' sentence."""
        return Ruling(
            allowed=False, error=self.terms_for_all.encrypted_sentence, fields={"outcome": "stopped"}
        )

    async def failed(self, message: Message, why: str) -> Ruling:
        """Answer as the terms say."""
        if self.terms_for_all.on_failure is OnFailure.OPEN:
            return Ruling(allowed=True)
        return Ruling(
            allowed=False, error=self.terms_for_all.closed_sentence, fields={"outcome": "unchecked"}
        )
