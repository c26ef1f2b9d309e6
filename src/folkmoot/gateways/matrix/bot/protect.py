"""Switching a room's protection on and off: `m.room.policy` and the policy user's invitation."""

from collections.abc import Callable

import msgspec
from sqlalchemy import Connection

from folkmoot.gateways.matrix.bot import notes, sight
from folkmoot.gateways.matrix.bot.notes import Wish
from folkmoot.gateways.matrix.bot.sight import Sight
from folkmoot.gateways.matrix.bot.surroundings import Surroundings

ASSUMED = Wish(on=True, placed=True, welcomed=True)
"""What we take administrators to want in a room that came into a group by another way."""


async def wish_of(here: Surroundings, room: str) -> Wish:
    """Return what the administrators want for a room, and how far that has come."""
    return await here.store.read(lambda c: notes.get(c, Wish, room)) or ASSUMED


async def change_wish(here: Surroundings, room: str, change: Callable[[Wish], Wish]) -> Wish:
    """Change what is noted about a room's protection, and return it."""
    return await here.store.write(lambda c: _change(c, room, change, here.clock()))


async def place(here: Surroundings, seen: Sight) -> None:
    """Name the policy server in the room's state where it isn't, and invite its user where it isn't."""
    policing = seen.policing
    wanted = (here.policy.server_name, here.policy.public_key)
    if policing is None or (policing.via, policing.key) != wanted:
        content = {"via": here.policy.server_name, "public_keys": {"ed25519": here.policy.public_key}}
        await here.wire.put_state(seen.room, sight.POLICY, content)
    if seen.membership not in ("join", "invite", "ban"):
        await here.wire.invite(seen.room, here.policy.user_id)
    now = here.clock()
    await change_wish(
        here, seen.room, lambda w: msgspec.structs.replace(w, placed=True, lifted=False, invited_at=now)
    )


async def invite_again(here: Surroundings, seen: Sight) -> None:
    """Invite the policy user, and note that we did, so as to do it once only."""
    await here.wire.invite(seen.room, here.policy.user_id)
    now = here.clock()
    await change_wish(
        here, seen.room, lambda w: msgspec.structs.replace(w, reinvited_at=now, invited_at=now, placed=True)
    )


async def clear(here: Surroundings, room: str) -> None:
    """Take the policy server's name out of the room's state: messages are no longer judged."""
    await here.wire.put_state(room, sight.POLICY, {})


async def lift(here: Surroundings, seen: Sight) -> None:
    """Let people write while the policy server is away; noted first, so that it is switched on again."""
    await change_wish(here, seen.room, lambda w: msgspec.structs.replace(w, lifted=True))
    await clear(here, seen.room)


def _change(connection: Connection, room: str, change: Callable[[Wish], Wish], at: float) -> Wish:
    changed = change(notes.get(connection, Wish, room) or ASSUMED)
    notes.put(connection, Wish, room, changed, at=at)
    return changed
