"""A room as its state describes it: who may do what there, and what bears on its protection."""

from collections.abc import Iterable

from msgspec import Struct

from folkmoot.gateways.matrix.bot.wire import Content, Event, Wire, list_of, part_of, text_of

POLICY = "m.room.policy"
MEMBER = "m.room.member"
LIMITLESS = 2**53
"""The power of a creator of a room of version 12: no number in the power levels reaches it."""
_LEAST_ADMINISTRATOR = 50
_MOST_ADMINISTRATORS = 200
_LARGEST_KEPT = 2**31 - 1
_OLD_VERSIONS = frozenset(str(number) for number in range(1, 12))


class Powers(Struct, frozen=True):
    """Who has which power in a room (spec: m.room.power_levels; creators as of room version 12)."""

    levels: Content
    creators: frozenset[str]
    limitless: bool
    """Whether creators stand above all levels, as in rooms of version 12 and later."""
    stated: bool
    """Whether the room has power levels at all."""

    def of(self, person: str) -> int:
        """Return a person's power, whether or not they are in the room."""
        if person in self.creators and (self.limitless or not self.stated):
            return LIMITLESS if self.limitless else 100
        users = part_of(self.levels, "users")
        return read_level(users.get(person), read_level(self.levels.get("users_default"), 0))

    def to_set(self, kind: str) -> int:
        """Return the power that setting a state event of this kind takes."""
        default = read_level(self.levels.get("state_default"), 50 if self.stated else 0)
        return read_level(part_of(self.levels, "events").get(kind), default)

    @property
    def to_invite(self) -> int:
        """Return the power that inviting takes."""
        return read_level(self.levels.get("invite"), 0)

    def to_do(self, act: str) -> int:
        """Return the power that one of `kick`, `ban` and `redact` takes."""
        return read_level(self.levels.get(act), 50)

    @property
    def silent(self) -> int:
        """Return the highest power with which nobody can send anything."""
        events = part_of(self.levels, "events")
        needed = [read_level(events[kind], 0) for kind in events]
        return min([read_level(self.levels.get("events_default"), 0), *needed]) - 1

    @property
    def administrator(self) -> int:
        """Return the power from which somebody counts as an administrator of the group."""
        return max(_LEAST_ADMINISTRATOR, read_level(self.levels.get("state_default"), _LEAST_ADMINISTRATOR))

    def candidates(self) -> list[str]:
        """Return those with an administrator's power, in the room or not, strongest first."""
        named = {*part_of(self.levels, "users"), *self.creators}
        found = [person for person in named if self.of(person) >= self.administrator]
        return sorted(found, key=lambda person: (-self.of(person), person))[:_MOST_ADMINISTRATORS]


class Policing(Struct, frozen=True, kw_only=True):
    """What the room's `m.room.policy` says."""

    via: str
    key: str
    by: str


class Sight(Struct, frozen=True, kw_only=True):
    """Everything about one room that the bot acts on, seen at one moment."""

    room: str
    title: str
    powers: Powers
    policing: Policing | None
    """None where the room names no policy server."""
    policing_event: Event | None
    membership: str
    """Of the policy user: `join`, `invite`, `leave`, `ban`, or empty if it never was there."""
    membership_by: str
    here: bool
    """Whether the bot itself is a member."""
    encrypted: bool
    replaced: bool
    administrators: dict[str, int]


async def see(wire: Wire, room: str, *, bot: str, policy_user: str) -> Sight:
    """Look at a room; raises RefusedError where the homeserver does not let us."""
    powers = await powers_of(wire, room)
    policing = await wire.state(room, POLICY)
    member = await wire.state(room, MEMBER, policy_user)
    others = [one for one in powers.candidates() if one not in (bot, policy_user)]
    present = [one for one in others if await is_member(wire, room, one)]
    return Sight(
        room=room,
        title=await title_of(wire, room),
        powers=powers,
        policing=read_policing(policing),
        policing_event=policing,
        membership=text_of(member.content.get("membership")) if member else "",
        membership_by=member.sender if member else "",
        here=await is_member(wire, room, bot),
        encrypted=await wire.state(room, "m.room.encryption") is not None,
        replaced=await wire.state(room, "m.room.tombstone") is not None,
        administrators={one: min(powers.of(one), _LARGEST_KEPT) for one in present},
    )


async def powers_of(wire: Wire, room: str) -> Powers:
    """Return who has which power in a room now."""
    levels = await wire.state(room, "m.room.power_levels")
    return read_powers(await wire.state(room, "m.room.create"), levels)


async def is_member(wire: Wire, room: str, person: str) -> bool:
    """Say whether a person is in a room now."""
    member = await wire.state(room, MEMBER, person)
    return member is not None and member.content.get("membership") == "join"


async def is_administrator(wire: Wire, room: str, person: str) -> bool:
    """Say whether a person is in a room now and has an administrator's power there."""
    if not await is_member(wire, room, person):
        return False
    powers = await powers_of(wire, room)
    return powers.of(person) >= powers.administrator


async def is_space(wire: Wire, room: str) -> bool:
    """Say whether a room is a space: a list of rooms, in which nobody writes."""
    create = await wire.state(room, "m.room.create")
    return create is not None and create.content.get("type") == "m.space"


async def title_of(wire: Wire, room: str) -> str:
    """Return what a room is called, on one line; its id if it has no name."""
    named = await wire.state(room, "m.room.name")
    return tidy(text_of(named.content.get("name")) if named else "") or room


def tidy(name: str) -> str:
    """Return a name that others chose as one short line without invisible or turning characters."""
    shown = "".join(letter if letter.isprintable() else " " for letter in name[:400])
    return " ".join(shown.split())[:80]


def read_powers(create: Event | None, levels: Event | None) -> Powers:
    """Read who has which power from the room's create event and its power levels."""
    made = create.content if create else {}
    version = text_of(made.get("room_version")) or "1"
    limitless = version not in _OLD_VERSIONS
    first = (create.sender if create else "") or text_of(made.get("creator"))
    more: Iterable[object] = list_of(made.get("additional_creators")) if limitless else ()
    creators = {first, *(one for one in more if isinstance(one, str))} - {""}
    return Powers(
        levels=levels.content if levels else {},
        creators=frozenset(creators),
        limitless=limitless,
        stated=levels is not None,
    )


def read_policing(event: Event | None) -> Policing | None:
    """Read `m.room.policy`; None where it names no policy server, which is how it is switched off."""
    if event is None:
        return None
    via = text_of(event.content.get("via"))
    key = text_of(part_of(event.content, "public_keys").get("ed25519"))
    return Policing(via=via, key=key, by=event.sender) if via else None


def read_level(value: object, otherwise: int) -> int:
    """Read one level: a whole number, or, as old room versions allow, the text of one or a fraction."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return otherwise
    try:
        number = int(value[:20] if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return otherwise
    return max(1 - LIMITLESS, min(number, LIMITLESS - 1))
