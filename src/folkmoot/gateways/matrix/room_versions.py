"""What differs between room versions 1 to 12, as far as a policy server must know.

Specification: "Room Versions"; each field names the version that changed it.
"""

from msgspec import Struct


class RoomVersion(Struct, frozen=True, kw_only=True):
    """The rules of one room version."""

    id: str
    number: int

    @property
    def events_carry_their_id(self) -> bool:
        """Whether an event id is chosen by its sender (versions 1 and 2) rather than computed."""
        return self.number <= 2

    @property
    def url_safe_ids(self) -> bool:
        """Whether event ids use the URL-safe alphabet (from version 4)."""
        return self.number >= 4

    @property
    def enforces_key_validity(self) -> bool:
        """Whether an event's key must have been valid when the event was sent (from version 5)."""
        return self.number >= 5

    @property
    def strict_json(self) -> bool:
        """Whether events must be strictly canonical JSON (from version 6)."""
        return self.number >= 6

    @property
    def keeps_aliases(self) -> bool:
        """Whether redaction keeps `aliases` of m.room.aliases (up to version 5)."""
        return self.number <= 5

    @property
    def keeps_join_allowances(self) -> bool:
        """Whether redaction keeps `allow` of m.room.join_rules (from version 8)."""
        return self.number >= 8

    @property
    def keeps_authorising_member(self) -> bool:
        """Whether redaction keeps who authorised a restricted join (from version 9)."""
        return self.number >= 9

    @property
    def newer_redaction(self) -> bool:
        """Whether the redaction rules of version 11 apply."""
        return self.number >= 11

    @property
    def room_id_is_a_hash(self) -> bool:
        """Whether the room id is the create event's hash and create events carry none (from version 12)."""
        return self.number >= 12

    @property
    def creators_have_all_power(self) -> bool:
        """Whether creators outrank every power level (from version 12)."""
        return self.number >= 12


_KNOWN = {str(number): RoomVersion(id=str(number), number=number) for number in range(1, 13)}


def known() -> tuple[str, ...]:
    """Return the ids of the room versions that we know, oldest first."""
    return tuple(_KNOWN)


def find(version: object) -> RoomVersion | None:
    """Return the rules of a room version; None if we do not know it."""
    return _KNOWN.get(version) if isinstance(version, str) else None
