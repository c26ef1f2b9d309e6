"""The hands of the bot on Matrix: the port `Platform`, one room at a time."""

from collections.abc import Sequence

from folkmoot.act.platform import HOW, CantError, Keep, Receipt
from folkmoot.gateways.matrix.bot import hands_levels, hands_people, sight
from folkmoot.gateways.matrix.bot.hands_state import plainly, powers_in
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.gateways.matrix.bot.wire import OutOfReachError, RefusedError

_OURS = "Folkmoot's own accounts can't be sanctioned."


class MatrixHands:
    """Removes, mutes, kicks, bans and shuts doors with the bot's account, and takes each of it back."""

    def __init__(self, here: Surroundings) -> None:
        """Act as the bot's account."""
        self._here = here

    async def spare(self, rooms: Sequence[str], person: str) -> None:
        """Raise CantError if the person has an administrator's power in one of the rooms, or is ours."""
        if person in (self._here.account, self._here.policy.user_id):
            raise CantError(_OURS)
        for room in rooms:
            try:
                with plainly("I can't look"):
                    powers = await powers_in(self._here.wire, room)
            except CantError:
                continue  # the act itself will say that we are not there
            if powers.of(person) >= powers.administrator:
                name = await self._name(room)
                raise CantError(f"{person} is an administrator of “{name}”: take that power away first.")

    async def remove(self, room: str, message: str, *, reason: str, once: str) -> Receipt:
        """Redact a message; one that has no content any more is left as it is."""
        if not room.startswith("!"):
            raise CantError("This message is not in Matrix: remove it in the chat that it is in.")
        with plainly("I can't look at the message"):
            found = await self._here.wire.event(room, message)
            powers = await powers_in(self._here.wire, room)
        if found is not None and not found.content:
            return {HOW: "gone"}
        own, needed = powers.of(self._here.account), powers.to_do("redact")
        if own < needed:
            name = await self._name(room)
            raise CantError(f"In “{name}” I need power {needed} to remove messages, and have {own}.")
        with plainly("I can't remove the message"):
            await self._here.wire.redact(room, message, reason=reason, once=once)
        return {}

    async def mute(self, room: str, person: str, *, before: Receipt, keep: Keep) -> Receipt:
        """Put a member's power below what writing takes, or rely on judging."""
        with plainly("I can't mute"):
            return await hands_levels.mute(self._here, room, person, before, keep)

    async def unmute(self, room: str, person: str, *, before: Receipt) -> Receipt:
        """Put a member's power back."""
        with plainly("I can't end the mute"):
            return await hands_levels.unmute(self._here, room, person, before)

    async def kick(self, room: str, person: str, *, reason: str, before: Receipt, keep: Keep) -> Receipt:
        """Put a member out; they may come back."""
        with plainly("I can't kick"):
            return await hands_people.kick(self._here, room, person, reason, before, keep)

    async def invite(self, room: str, person: str, *, before: Receipt) -> Receipt:
        """Ask somebody back who was put out."""
        with plainly("I can't invite"):
            return await hands_people.invite(self._here, room, person, before)

    async def ban(self, room: str, person: str, *, reason: str, before: Receipt, keep: Keep) -> Receipt:
        """Put a member out and keep them out."""
        with plainly("I can't ban"):
            return await hands_people.ban(self._here, room, person, reason, before, keep)

    async def unban(self, room: str, person: str, *, before: Receipt) -> Receipt:
        """Lift our own ban, and ask back who was in the room."""
        with plainly("I can't lift the ban"):
            return await hands_people.unban(self._here, room, person, before)

    async def lock_down(self, room: str, *, before: Receipt, keep: Keep) -> Receipt:
        """Let people in by invitation only, and let only those who run the room invite."""
        with plainly("I can't shut the door"):
            return await hands_levels.lock_down(self._here, room, before, keep)

    async def reopen(self, room: str, *, before: Receipt) -> Receipt:
        """Open the door as far as it was open before."""
        with plainly("I can't open the door again"):
            return await hands_levels.reopen(self._here, room, before)

    async def _name(self, room: str) -> str:
        try:
            return await sight.title_of(self._here.wire, room)
        except (OutOfReachError, RefusedError):
            return room
