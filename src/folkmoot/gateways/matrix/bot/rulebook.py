"""The policies of groups, read from their text once a version, and the reasons that verdicts rest on."""

import asyncio
from collections import OrderedDict

from folkmoot.decide.policy import Policy, load
from folkmoot.explain.reasons import Reason, Statement, reason_of, statement
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.remember import groups, policies, rooms
from folkmoot.remember.records import Group, VerdictRecord
from folkmoot.vocabulary import Outcome

_MOST_KEPT = 256


class UnknownVersionError(LookupError):
    """The group has no policy of that version."""


class Rulebook:
    """Hands out a group's policy at any version."""

    def __init__(self, here: Surroundings) -> None:
        """Begin with none read."""
        self._here = here
        self._read: OrderedDict[tuple[str, int], Policy] = OrderedDict()

    async def policy(self, group: str, version: int) -> Policy:
        """Return a group's policy at a version, in force or not."""
        key = (group, version)
        if key not in self._read:
            kept = await self._here.store.read(lambda c: policies.get(c, group, version))
            if kept is None:
                raise UnknownVersionError(f"{group} has no policy version {version}")
            self._read[key] = await asyncio.to_thread(load, kept.source)
            while len(self._read) > _MOST_KEPT:
                self._read.popitem(last=False)
        return self._read[key]

    async def in_force(self, group: Group) -> Policy:
        """Return the policy that judges a group's messages now."""
        return await self.policy(group.id, group.policy_version)

    async def reason(self, verdict: VerdictRecord) -> Reason | None:
        """Return the rule that decided, in words; None where it was no rule."""
        return reason_of(await self.policy(verdict.group, verdict.policy_version), verdict.finding.rules)

    async def statement(
        self, verdict: VerdictRecord, *, done: Outcome | None = None, language: str = "en"
    ) -> Statement:
        """Return the statement of reasons of a verdict; `done` in place of what was really done."""
        group = await self._here.store.read(lambda c: groups.get(c, verdict.group))
        room = await self._here.store.read(lambda c: rooms.get(c, verdict.room))
        return statement(
            done or verdict.done,
            await self.reason(verdict),
            verdict.finding.signals,
            at=verdict.at,
            group=group.title,
            room=room.title if room else group.title,
            link=self._here.receipts.link(verdict.id),
            failure=verdict.finding.failure,
            language=language,
        )
