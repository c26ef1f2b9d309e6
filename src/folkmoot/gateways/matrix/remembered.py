"""The policy server's ports over the product: what it keeps is in the store, and the pipeline judges."""

import time
from collections.abc import Callable, Collection
from typing import TypeVar

import msgspec

from folkmoot.explain.reasons import UNREADABLE
from folkmoot.gateways.matrix import power
from folkmoot.gateways.matrix.key_sets import KeySet
from folkmoot.gateways.matrix.names import may_invite
from folkmoot.gateways.matrix.pictures import Pictures
from folkmoot.gateways.matrix.ports import Answer, Room, Ruling, Terms
from folkmoot.intake import ruling as rulings
from folkmoot.intake.pipeline import Pipeline
from folkmoot.remember import gateway_state
from folkmoot.remember.records import Encrypted
from folkmoot.remember.store import Store
from folkmoot.vocabulary import Message, OnFailure, Outcome, Picture, Role

_GATEWAY = "policy-server"
_MOST_ANSWERS = 100_000

T = TypeVar("T")


class _Shelf:
    """Structs of one type under keys with one prefix, in the store."""

    def __init__(self, store: Store, prefix: str, clock: Callable[[], float]) -> None:
        self._store = store
        self._prefix = prefix
        self._clock = clock

    async def get(self, key: str, kind: type[T]) -> T | None:
        body = await self._store.read(lambda c: gateway_state.get(c, _GATEWAY, self._prefix + key))
        return None if body is None else msgspec.json.decode(body, type=kind)

    async def put(self, key: str, struct: object) -> None:
        body = msgspec.json.encode(struct).decode()
        now = self._clock()
        await self._store.write(lambda c: gateway_state.put(c, _GATEWAY, self._prefix + key, body, at=now))

    async def every(self, kind: type[T]) -> list[T]:
        bodies = await self._store.read(lambda c: gateway_state.every(c, _GATEWAY, self._prefix))
        return [msgspec.json.decode(body, type=kind) for body in bodies.values()]


class StoredRooms:
    """The rooms that the policy account was invited to; kept in memory, and written through to the store."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], float] = time.time,
        *,
        homeservers: Collection[str] = (),
        bots: Collection[str] = (),
    ) -> None:
        """Know nothing until `every` has been read once; members of `homeservers` and `bots` may invite."""
        self._shelf = _Shelf(store, "room:", clock)
        self._homeservers = frozenset(homeservers)
        self._bots = frozenset(bots)
        self._rooms: dict[str, Room] = {}

    async def find(self, room: str) -> Room | None:
        """Return a room; None if we never were invited to it."""
        return self._rooms.get(room)

    async def keep(self, room: Room) -> None:
        """Remember a room durably, in place of what was known of it."""
        self._rooms[room.id] = room
        await self._shelf.put(room.id, room)

    async def every(self) -> list[Room]:
        """Return all rooms; call it once at the start."""
        self._rooms = {room.id: room for room in await self._shelf.every(Room)}
        return list(self._rooms.values())

    async def admits(self, room: str, inviter: str) -> bool:
        """Say whether an invitation is admitted: of anybody, where the operator names no homeservers.

        The bot's always is: it asked who invited it.
        """
        del room
        return may_invite(inviter, self._homeservers) or inviter in self._bots


class StoredKeys:
    """Other servers' keys."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        """Keep keys in `store`."""
        self._shelf = _Shelf(store, "key:", clock)

    async def get(self, server: str) -> KeySet | None:
        """Return what is remembered of a server's keys."""
        return await self._shelf.get(server, KeySet)

    async def put(self, keys: KeySet) -> None:
        """Remember a server's keys."""
        await self._shelf.put(keys.server, keys)


class StoredAnswers:
    """Answers that no verdict holds: faults of ours, and messages that we cannot read."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        """Know nothing until `restore`."""
        self._shelf = _Shelf(store, "answer:", clock)
        self._answers: dict[str, Answer] = {}

    async def restore(self) -> None:
        """Read what was answered before."""
        self._answers = {answer.event: answer for answer in await self._shelf.every(Answer)}

    async def find(self, event: str) -> Answer | None:
        """Return the answer that an event got."""
        return self._answers.get(event)

    async def keep(self, answer: Answer) -> Answer:
        """Remember an answer durably and return the one that stands: the first."""
        known = self._answers.setdefault(answer.event, answer)
        if known is not answer:
            return known
        if len(self._answers) > _MOST_ANSWERS:
            self._answers.pop(next(iter(self._answers)))
        await self._shelf.put(answer.event, answer)
        return answer


class NotSeenError(TimeoutError):
    """A picture could not be looked at in time, and the group chose *closed*."""


class PipelineJudging:
    """Judges by the product's pipeline, for the group that the room belongs to."""

    def __init__(
        self,
        pipeline: Pipeline,
        rooms: StoredRooms,
        bots: frozenset[str] = frozenset(),
        pictures: Pictures | None = None,
    ) -> None:
        """Judge by `pipeline`; `bots` are exempt; without `pictures` none is looked at."""
        self._pictures = pictures
        self._pipeline = pipeline
        self._rooms = rooms
        self._bots = bots

    async def terms(self, room: str) -> Terms:
        """Return what the room's group decided; the defaults where a room has no group yet."""
        standing = self._pipeline.standings.of_room(room)
        if standing is None:
            return Terms()
        group = standing.group
        # In practice nothing is refused, whatever the group chose for later.
        signs = group.practice or group.encrypted is Encrypted.SIGN
        looks = self._pictures is not None and standing.judge.needs_pictures
        return Terms(
            group=group.id,
            on_failure=standing.on_failure,
            sign_encrypted=signs,
            looks_at_pictures=looks,
        )

    async def judge(self, message: Message) -> Ruling:
        """Judge one message; a room without a group has no rules yet, and everything passes."""
        standing = self._pipeline.standings.of_room(message.room or "")
        if standing is None:
            return Ruling(allowed=True, remembered=True)
        in_group = msgspec.structs.replace(message, group=standing.group.id)
        found: tuple[Picture, ...] = ()
        if self._pictures is not None and standing.judge.needs_pictures:
            found = await self._pictures.look(message, standing.group.id)
            if standing.on_failure is OnFailure.CLOSED and any(picture.missing for picture in found):
                raise NotSeenError
        return _ruling(await self._pipeline.judge(in_group, role=await self._role(message), pictures=found))

    async def unreadable(self, message: Message) -> Ruling:
        """Refuse a message that cannot be read, with a receipt."""
        return _ruling(await self._pipeline.unreadable(message))

    async def failed(self, message: Message, why: str) -> Ruling:
        """Answer as the group chose, with a receipt where that is a refusal."""
        return _ruling(await self._pipeline.failed(message, why))

    async def _role(self, message: Message) -> Role:
        sender = message.sender or ""
        if sender in self._bots:
            return Role.BOT
        room = await self._rooms.find(message.room or "")
        if room is not None and power.administers(room, sender):
            return Role.ADMINISTRATOR
        return Role.MEMBER


def _ruling(ruling: rulings.Ruling) -> Ruling:
    """Say in the policy server's words what the pipeline ruled."""
    if ruling.done is not Outcome.STOP or ruling.statement is None:
        return Ruling(allowed=True, remembered=True)
    unchecked = ruling.verdict.failure not in (None, UNREADABLE)
    fields = {
        "outcome": "unchecked" if unchecked else "stopped",
        "rule": ruling.rule or "",
        "category": ruling.category or "",
        "reason": ruling.statement.text(),
        "link": ruling.link or "",
    }
    return Ruling(
        allowed=False,
        error=ruling.statement.first_line(),
        fields={name: value for name, value in fields.items() if value},
        remembered=True,
    )
