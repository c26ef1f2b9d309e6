"""Each group as judging needs it: its settings and its compiled policy, kept in step with the store."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct, structs
from sqlalchemy import Connection

from folkmoot import observe
from folkmoot.act.hands import Hands, hands
from folkmoot.decide.judge import Judge
from folkmoot.decide.policy import Policy, load
from folkmoot.intake.compiled import compiled
from folkmoot.intake.feeding import Feeding
from folkmoot.intake.limits import Limits
from folkmoot.remember import choices, groups, policies, rooms, sanctions
from folkmoot.remember.choices import Choices
from folkmoot.remember.records import Group, Room
from folkmoot.remember.store import Store
from folkmoot.vocabulary import OnFailure

_MOST_PAST = 64
_LOG = observe.logger("pipeline")


class Standing(Struct, frozen=True, kw_only=True):
    """One group at one policy version."""

    group: Group
    policy: Policy
    judge: Judge
    hands: Hands
    room_titles: dict[str, str]
    rooms_since: dict[str, float]
    """Since when each room belongs to the group, in seconds since 1970."""
    choices: Choices = Choices()
    limits: Limits = Limits()

    @property
    def on_failure(self) -> OnFailure:
        """What happens to a message that we cannot judge; in practice nothing is ever stopped."""
        return OnFailure.OPEN if self.group.practice else self.group.on_failure


class _Rooms(NamedTuple):
    """A group's rooms: what they are called, and since when they belong to it."""

    titles: dict[str, str]
    since: dict[str, float]

    def take(self, room: Room) -> None:
        """Add a room."""
        self.titles[room.id] = room.title
        self.since[room.id] = room.added_at


class Standings:
    """The standing of every group, compiled once a policy version and swapped in without a pause."""

    def __init__(
        self, store: Store, folder: Path | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        """Begin empty; `refresh` reads the groups. Long policies are kept ready for use in `folder`."""
        self._store = store
        self._clock = clock
        self._folder = folder
        self._by_group: dict[str, Standing] = {}
        self._group_of_room: dict[str, str] = {}
        self._past: dict[tuple[str, int], Policy] = {}
        """Policies that were in force, by group and version: who asks again is told what was said then."""
        self._feeding = Feeding(store, clock)
        self._one_at_a_time = asyncio.Lock()

    def get(self, group: str) -> Standing | None:
        """Return a group's standing; None if there is no such group."""
        return self._by_group.get(group)

    def of_room(self, room: str) -> Standing | None:
        """Return the standing of the group that a room belongs to; None if it belongs to none."""
        return self._by_group.get(self._group_of_room.get(room, ""))

    async def refresh(self) -> None:
        """Take over what changed in the store: groups, their settings, new policy versions."""
        async with self._one_at_a_time:
            found: dict[str, _Rooms] = {}
            for room in await self._store.read(rooms.every):
                found.setdefault(room.group, _Rooms({}, {})).take(room)
            self._group_of_room = {room: group for group, known in found.items() for room in known.titles}
            fed = await self._feeding.refresh()
            chosen = await self._store.read(choices.every)
            limits = await self._store.read(lambda c: _limits(c, self._clock()))
            for group in await self._store.read(groups.every):
                known = self._by_group.get(group.id)
                now = found.get(group.id, _Rooms({}, {}))
                if known is None or known.group != group or now != (known.room_titles, known.rooms_since):
                    await self._renew(group, now, known)
                elif fed and known.judge.host_lists:
                    self._by_group[group.id] = structs.replace(known, judge=self._fed(group, known.judge))
                self._lay_over(group.id, chosen.get(group.id, Choices()), limits.get(group.id, Limits()))

    def _lay_over(self, group: str, chosen: Choices, limits: Limits) -> None:
        """Take over what people decided, which changes far more often than rules do."""
        known = self._by_group.get(group)
        if known is not None and (known.choices, known.limits) != (chosen, limits):
            self._by_group[group] = structs.replace(known, choices=chosen, limits=limits)

    async def _renew(self, group: Group, now: _Rooms, known: Standing | None) -> None:
        try:
            self._by_group[group.id] = await self._stand(group, now, known)
        except Exception as trouble:
            # One group's trouble is not the others'; the group goes on with what was in force before.
            _LOG.error("a group could not be refreshed", group=group.id, trouble=type(trouble).__name__)

    async def _stand(self, group: Group, now: _Rooms, known: Standing | None) -> Standing:
        if known is not None and known.group.policy_version == group.policy_version:
            policy, judge = known.policy, known.judge
        else:
            source = (await self._store.read(lambda c: policies.current(c, group.id))).source
            policy, judge = await asyncio.to_thread(self._compile, source, group.policy_version)
        return Standing(
            group=group,
            policy=policy,
            judge=self._fed(group, judge),
            hands=hands(practice=group.practice),
            room_titles=now.titles,
            rooms_since=now.since,
        )

    def _fed(self, group: Group, judge: Judge) -> Judge:
        return judge.fed(self._feeding.of(group.id)) if judge.host_lists else judge

    async def then(self, standing: Standing, version: int) -> Standing:
        """Return a group's standing with the words of the policy version that was in force then."""
        name = standing.group.id, version
        if name not in self._past:
            made = await self._store.read(lambda c: policies.get(c, *name))
            if made is None:
                return standing
            if len(self._past) >= _MOST_PAST:
                self._past.clear()
            self._past[name] = structs.replace(await asyncio.to_thread(load, made.source), version=version)
        return structs.replace(standing, policy=self._past[name])

    def _compile(self, source: str, version: int) -> tuple[Policy, Judge]:
        made = compiled(source, self._folder)
        policy = structs.replace(made.policy, version=version)
        return policy, made.judge(policy)


def _limits(connection: Connection, now: float) -> dict[str, Limits]:
    """Return who is limited now, and what is let through, by group."""
    return Limits.of(sanctions.standing(connection), sanctions.allowed(connection, now=now))
