"""Each group as judging needs it: its settings and its compiled policy, kept in step with the store."""

import asyncio
from pathlib import Path

from msgspec import Struct, structs

from folkmoot import observe
from folkmoot.act.hands import Hands, hands
from folkmoot.decide.judge import Judge
from folkmoot.decide.policy import Policy
from folkmoot.intake.compiled import compiled
from folkmoot.remember import groups, policies, rooms
from folkmoot.remember.records import Group
from folkmoot.remember.store import Store
from folkmoot.vocabulary import OnFailure

_LOG = observe.logger("pipeline")


class Standing(Struct, frozen=True, kw_only=True):
    """One group at one policy version."""

    group: Group
    policy: Policy
    judge: Judge
    hands: Hands
    room_titles: dict[str, str]

    @property
    def on_failure(self) -> OnFailure:
        """What happens to a message that we cannot judge; in practice nothing is ever stopped."""
        return OnFailure.OPEN if self.group.practice else self.group.on_failure


class Standings:
    """The standing of every group, compiled once a policy version and swapped in without a pause."""

    def __init__(self, store: Store, folder: Path | None = None) -> None:
        """Begin empty; `refresh` reads the groups. Long policies are kept ready for use in `folder`."""
        self._store = store
        self._folder = folder
        self._by_group: dict[str, Standing] = {}
        self._group_of_room: dict[str, str] = {}
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
            titles: dict[str, dict[str, str]] = {}
            for room in await self._store.read(rooms.every):
                titles.setdefault(room.group, {})[room.id] = room.title
            self._group_of_room = {room: group for group, known in titles.items() for room in known}
            for group in await self._store.read(groups.every):
                known = self._by_group.get(group.id)
                now = titles.get(group.id, {})
                if known is None or known.group != group or known.room_titles != now:
                    await self._renew(group, now, known)

    async def _renew(self, group: Group, titles: dict[str, str], known: Standing | None) -> None:
        try:
            self._by_group[group.id] = await self._stand(group, titles, known)
        except Exception as trouble:
            # One group's trouble is not the others'; the group goes on with what was in force before.
            _LOG.error("a group could not be refreshed", group=group.id, trouble=type(trouble).__name__)

    async def _stand(self, group: Group, titles: dict[str, str], known: Standing | None) -> Standing:
        if known is not None and known.group.policy_version == group.policy_version:
            policy, judge = known.policy, known.judge
        else:
            source = (await self._store.read(lambda c: policies.current(c, group.id))).source
            policy, judge = await asyncio.to_thread(self._compile, source, group.policy_version)
        return Standing(
            group=group, policy=policy, judge=judge, hands=hands(practice=group.practice), room_titles=titles
        )

    def _compile(self, source: str, version: int) -> tuple[Policy, Judge]:
        made = compiled(source, self._folder)
        policy = structs.replace(made.policy, version=version)
        return policy, made.judge(policy)
