"""Letters to members, each in a message of its own so that it can be replied to."""

from collections.abc import Sequence

from folkmoot.gateways.matrix.bot import messages
from folkmoot.gateways.matrix.bot.directs import Directs
from folkmoot.gateways.matrix.bot.members import letters
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.gateways.matrix.bot.wire import RefusedError
from folkmoot.remember.records import Letter

KINDS = (*letters.KINDS,)


class Post:
    """Finds out whom a letter is for, and tells them."""

    def __init__(self, here: Surroundings, directs: Directs) -> None:
        """Tell people in direct chats."""
        self._here = here
        self._directs = directs

    async def addressed(self, due: Sequence[Letter]) -> list[tuple[str, Letter]]:
        """Return those of these letters that are for members, each with its reader."""
        ours = [letter for letter in due if letter.kind in KINDS]
        if not ours:
            return []
        return await self._here.store.read(
            lambda c: [(letters.reader(c, one), one) for one in ours if letters.is_for_a_member(c, one)]
        )

    async def tell(self, person: str, letter: Letter, *, once: str) -> None:
        """Tell a member what a letter says; the same `once` tells them once, whatever happens in between."""
        here = self._here
        said = await here.store.read(lambda c: letters.write(c, here.store.seals, here.receipts, letter))
        if said is None:
            return
        content = messages.letter(said.text, about=said.about)
        event = await self._directs.tell(person, content, once=once)
        if said.then is not None:
            await self._directs.tell(
                person, {**said.then, messages.ABOUT: [*said.about]}, once=f"{once}-then"
            )
        for key in said.offers:
            await self._offer(person, event, key)

    async def _offer(self, person: str, event: str, key: str) -> None:
        room = await self._directs.room_with(person)
        try:
            content = messages.reaction(event, key)
            await self._here.wire.send(room, "m.reaction", content, once=messages.once_in(event, key))
        except RefusedError:
            return  # writing works as well
