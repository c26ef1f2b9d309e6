"""Changing one part of a room's state while others change it too: nobody's change is lost."""

import contextlib
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from folkmoot.act.platform import CantError, LaterError
from folkmoot.gateways.matrix.bot import sight
from folkmoot.gateways.matrix.bot.sight import Powers
from folkmoot.gateways.matrix.bot.wire import Content, OutOfReachError, RefusedError, Wire
from folkmoot.observe import logger

_MOST_TRIES = 5
_MISSING: Any = object()
_log = logger("hands")

Change = Callable[[dict[str, Any]], None]


@contextlib.contextmanager
def plainly(what: str) -> Iterator[None]:
    """Turn a homeserver's trouble into what a courier knows; `what` says what we could not do."""
    try:
        yield
    except OutOfReachError as trouble:
        raise LaterError(str(trouble), away=not trouble.waited) from trouble
    except RefusedError as refused:
        # 401: the operator has to give the bot another token; until then nothing is lost.
        if refused.status in (401, 429) or refused.status >= 500:
            raise LaterError(str(refused)) from refused
        raise CantError(f"{what}: the homeserver refused ({refused.code}).") from refused


async def powers_in(wire: Wire, room: str) -> Powers:
    """Return who has which power in a room; CantError where we are not in it."""
    try:
        return await sight.powers_of(wire, room)
    except RefusedError as refused:
        if refused.status not in (403, 404):
            raise
        raise CantError(f"I am not in the room {room}: invite me there.") from refused


async def change(wire: Wire, room: str, kind: str, wanted: Change) -> None:
    """Change a state event of a room in place.

    Matrix has no way to say "only if it is still what I read". So we look what our event took the place of:
    if that is not what we had read, somebody changed it in between, and we put their change back beside ours.
    """
    seen = await wire.state(room, kind)
    base: dict[str, Any] = deepcopy(dict(seen.content)) if seen else {}
    ours = deepcopy(base)
    wanted(ours)
    for attempt in range(_MOST_TRIES):
        if ours == base:
            return
        try:
            event = await wire.put_state(room, kind, ours)
        except RefusedError as refused:
            if not attempt:
                raise
            # Ours is done; theirs is beyond our power, so a person has to look.
            _log.error("a change that somebody made at the same moment is lost", kind=kind, code=refused.code)
            return
        theirs = await _replaced(wire, room, event)
        if theirs is None or theirs == base:
            return
        base, ours = ours, merged(base, dict(theirs), ours)
    raise LaterError(f"{kind} is being changed by others all the time")


async def _replaced(wire: Wire, room: str, event: str) -> Content | None:
    try:
        return await wire.replaced(room, event) if event else None
    except RefusedError:
        return None


def merged(base: dict[str, Any], theirs: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    """Return our content with what they changed in `base`; where both changed the same, theirs stands."""
    result = deepcopy(ours)
    for name in {*base, *theirs}:
        was, now = base.get(name, _MISSING), theirs.get(name, _MISSING)
        if was == now:
            continue
        if isinstance(now, dict) and isinstance(mine := result.get(name, {}), dict):
            result[name] = merged(was if isinstance(was, dict) else {}, now, mine)
        elif now is _MISSING:
            result.pop(name, None)
        else:
            result[name] = deepcopy(now)
    return result
