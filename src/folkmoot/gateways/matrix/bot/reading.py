"""Letters of the outbox, read with everything that is needed to write them to somebody."""

from folkmoot.gateways.matrix.bot import texts
from folkmoot.gateways.matrix.bot.letters import ProtectionLetter, ReasonLetter, Writing
from folkmoot.gateways.matrix.bot.rulebook import Rulebook
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.remember import groups, rooms, verdicts
from folkmoot.remember.records import Letter, Protection, Room, VerdictRecord
from folkmoot.review import statements


class Reading:
    """Looks up what a letter is about; a letter about nothing any more is nothing."""

    def __init__(self, here: Surroundings, rulebook: Rulebook) -> None:
        """Read from the store, with the rules from `rulebook`."""
        self._here = here
        self._rulebook = rulebook

    async def read(self, letter: Letter) -> Writing | None:
        """Return what a letter says to one person; None where there is nothing to say."""
        room = await self._room(letter)
        if room is None:
            return None
        if letter.kind == "protection.to":
            return _protection(letter, room)
        verdict = await self._verdict(letter)
        if verdict is None:
            return None
        language = await self._here.store.read(
            lambda c: statements.language_of(c, verdict.group, verdict.sender)
        )
        words = await self._rulebook.statement(verdict, language=language)
        reason = await self._rulebook.reason(verdict)
        return ReasonLetter(verdict=verdict.id, statement=words, reason=reason, language=language)

    async def welcome(self, letter: Letter) -> str:
        """Return what a room is told when its protection is on for the first time."""
        room = await self._room(letter)
        if room is None:
            return ""
        group = await self._here.store.read(lambda c: groups.get(c, letter.group))
        policy = await self._rulebook.in_force(group)
        return texts.welcome(policy.name, practice=group.practice, reason=letter.body.get("reason", ""))

    async def _room(self, letter: Letter) -> Room | None:
        """Return the room of a letter; None unless it is one of its group's, so that no letter strays."""
        name = letter.body.get("room", "")
        known = await self._here.store.read(lambda c: rooms.get(c, name))
        return known if known is not None and known.group == letter.group else None

    async def _verdict(self, letter: Letter) -> VerdictRecord | None:
        name = letter.body.get("verdict", "")
        found = await self._here.store.read(lambda c: verdicts.get(c, name))
        return found if found is not None and found.group == letter.group else None


def _protection(letter: Letter, room: Room) -> ProtectionLetter:
    return ProtectionLetter(
        room=room.title,
        on=letter.body.get("state") == Protection.ON.value,
        reason=letter.body.get("reason", ""),
        remedy=letter.body.get("remedy", ""),
    )
