"""What we keep of a room's state, and which events may change it.

A policy server follows no history and resolves no state, so it believes little: an event must carry the
signature of its sender's server, and its sender must have had the power, by what we know, to send it.
"""

from msgspec.structs import replace

from folkmoot.gateways.matrix import event_ids, power
from folkmoot.gateways.matrix.canonical_json import JsonObject
from folkmoot.gateways.matrix.pdus import Pdu
from folkmoot.gateways.matrix.ports import Fact, Room, Standing

KEPT = frozenset(
    {
        "m.room.power_levels",
        "m.room.server_acl",
        "m.room.policy",
        "m.room.tombstone",
        "m.room.encryption",
        "m.room.join_rules",
    }
)
"""The types of state that matter to a policy server; each has an empty state key."""


def concerns(event: JsonObject, account: str) -> bool:
    """Tell whether an event may change what we know: a look at its type, before any costly verification."""
    kind, key = event.get("type"), event.get("state_key")
    return (kind in KEPT and key == "") or (kind == "m.room.member" and key == account)


def apply(room: Room, pdu: Pdu, account: str) -> Room:
    """Return the room as it is after a verified event; the same object where it changes nothing."""
    if pdu.kind == "m.room.member":
        return _membership(room, pdu, account) if pdu.state_key == account else room
    if pdu.kind not in KEPT or pdu.state_key != "" or not power.may_set(room, pdu.sender, pdu.kind):
        return room
    before = room.facts.get(pdu.kind)
    depth = depth_of(pdu.event)
    if before is not None and (depth < before.depth or before.content == pdu.content):
        return room
    return replace(room, facts={**room.facts, pdu.kind: Fact(pdu.content, depth, pdu.sender)})


def _membership(room: Room, pdu: Pdu, account: str) -> Room:
    membership = pdu.content.get("membership")
    if membership not in ("leave", "ban") or room.standing is Standing.LEFT:
        return room
    if pdu.sender != account and not power.may_remove(room, pdu.sender, account, str(membership)):
        return room
    if depth_of(pdu.event) < room.joined_depth:
        return room  # an older removal, delivered late: we were let in again since
    return replace(room, standing=Standing.LEFT)


def depth_of(event: JsonObject) -> int:
    """Return how far down its room's history an event stands, by its own word."""
    depth = event.get("depth")
    return depth if type(depth) is int and depth >= 0 else 0


def creators_of(create: Pdu) -> tuple[str, ...]:
    """Return who made a room: since version 12 they may be several."""
    found = [create.sender]
    more = create.content.get("additional_creators")
    if create.version.creators_have_all_power and isinstance(more, list):
        found += [one for one in more if isinstance(one, str)]
    return tuple(dict.fromkeys(found))


def names_room(create: Pdu, room: str) -> bool:
    """Tell whether a create event is that of a room, and of the version it is said to have."""
    version = create.content.get("room_version", "1")
    return version == create.version.id and event_ids.room_of(create.event, create.version) == room
