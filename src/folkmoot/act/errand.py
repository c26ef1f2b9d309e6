"""One action across its rooms: which hands do it, what is known beforehand, what came of it."""

from collections.abc import Awaitable, Callable, Iterable

from msgspec import Struct

from folkmoot.act.platform import HOW, JUDGING, CantError, Keep, LaterError, Platform, Receipt
from folkmoot.remember.deciding import Action
from folkmoot.vocabulary import ActionKind

BEGUN = "begun"
"""The name in an action's receipt that says that its hands may have begun."""
CANT = "cant"
"""The name in a room's receipt under which it says why nothing was done there."""
STANDS = "stands"
"""How: another decision holds the member to the same."""
NOWHERE = frozenset(
    {
        ActionKind.WARN,
        ActionKind.WITHDRAW,
        ActionKind.ALLOW_NEXT_TIME,
        ActionKind.DISALLOW,
        ActionKind.RESTORE,
    }
)
"""Kinds for which there is nothing to do on the platform."""


class Errand(Struct, frozen=True, kw_only=True):
    """An action that is to be done now."""

    action: Action
    kind: ActionKind
    """What the hands do: the action's kind, or its inverse where it was dropped half done."""
    rooms: tuple[str, ...]
    before: dict[str, Receipt] = {}
    """What is known of each room from an earlier attempt, or from the act that is taken back."""
    stands: frozenset[str] = frozenset()
    """Rooms in which another decision holds the member to what this one would take back."""
    practice: bool = False
    spared: bool = False
    """Whether the person administers the group."""

    @property
    def refused(self) -> str:
        """Why it must not be done, as a sentence; empty where it may."""
        if not (self.spared and self.kind.sanctions):
            return ""
        return f"{self.action.person} administers this group. Administrators can't be sanctioned."


async def carry(platform: Platform, errand: Errand, keep: Callable[[Receipt], Awaitable[None]]) -> Receipt:
    """Do an action in each of its rooms, and return its receipt.

    Where some rooms can't and some can, the receipt says which; CantError where none can. `keep` is given
    everything noted so far before anything happens in another room.
    """
    person = errand.action.person
    if errand.refused:
        raise CantError(errand.refused)
    if errand.kind.sanctions:
        await platform.spare(errand.rooms, person)
    if not errand.rooms:
        return _without_rooms(errand.kind)
    noted = {room: dict(errand.before.get(room, {})) for room in errand.rooms}
    later: LaterError | None = None
    for room in errand.rooms:
        try:
            noted[room] |= await _in_room(platform, errand, room, _keeper(noted, room, keep))
        except CantError as cant:
            noted[room][CANT] = str(cant)
        except LaterError as trouble:
            later = trouble  # the other rooms need not wait for this one
    if later is not None:
        raise later
    reasons = [receipt[CANT] for receipt in noted.values() if CANT in receipt]
    if len(reasons) == len(errand.rooms):
        raise CantError(" ".join(dict.fromkeys(reasons)))
    return flat(noted)


def flat(receipts: dict[str, Receipt]) -> Receipt:
    """Return the receipts of several rooms as one."""
    return {f"{room} {name}": value for room, one in receipts.items() for name, value in one.items()}


def by_room(receipt: Receipt) -> dict[str, Receipt]:
    """Return the receipts of single rooms that are in one."""
    found: dict[str, Receipt] = {}
    for key, value in receipt.items():
        room, space, name = key.rpartition(" ")
        if space:
            found.setdefault(room, {})[name] = value
    return found


def practised(receipt: Receipt) -> bool:
    """Say whether an action was done by hands that only practise."""
    return any(one.get("practice") for one in [receipt, *by_room(receipt).values()])


def impossible(receipt: Receipt) -> list[str]:
    """Return why an action could not be done in some of its rooms."""
    return list(dict.fromkeys(one[CANT] for one in by_room(receipt).values() if CANT in one))


async def _in_room(platform: Platform, errand: Errand, room: str, keep: Keep) -> Receipt:
    action, before = errand.action, {**errand.before.get(room, {})}
    before.pop(CANT, None)
    if room in errand.stands:
        return {HOW: STANDS}
    person, reason = action.person, f"Folkmoot: decision {action.decision[:8]}"
    match errand.kind:
        case ActionKind.REMOVE:
            return await platform.remove(room, action.message, reason=reason, once=f"action-{action.id}")
        case ActionKind.KICK | ActionKind.BAN as kind:
            put_out = platform.kick if kind is ActionKind.KICK else platform.ban
            return await put_out(room, person, reason=reason, before=before, keep=keep)
        case ActionKind.MUTE:
            return await platform.mute(room, person, before=before, keep=keep)
        case ActionKind.LOCK_DOWN:
            return await platform.lock_down(room, before=before, keep=keep)
        case ActionKind.REOPEN:
            return await platform.reopen(room, before=before)
        case ActionKind.UNMUTE | ActionKind.INVITE | ActionKind.UNBAN as kind:
            give_back = {
                ActionKind.UNMUTE: platform.unmute,
                ActionKind.INVITE: platform.invite,
                ActionKind.UNBAN: platform.unban,
            }[kind]
            return await give_back(room, person, before=before)
        case _:
            raise CantError(f"There is nothing to do in a room for “{errand.kind.value}”.")


def _keeper(noted: dict[str, Receipt], room: str, keep: Callable[[Receipt], Awaitable[None]]) -> Keep:
    async def note(receipt: Receipt) -> None:
        noted[room] |= receipt
        await keep(flat(noted))

    return note


def _without_rooms(kind: ActionKind) -> Receipt:
    if kind in (ActionKind.MUTE, ActionKind.UNMUTE, ActionKind.BAN, ActionKind.UNBAN):
        return {HOW: JUDGING}
    raise CantError("This can't be done: the group has no room.")


def rooms_of(action: Action, group: Iterable[str]) -> tuple[str, ...]:
    """Return where an action is to be done: in its room, or in all rooms of its group."""
    return (action.room,) if action.room else tuple(group)
