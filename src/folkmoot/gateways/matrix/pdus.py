"""Checking that an event is what its sender's server made of it, before anything is believed of it.

Specification: server-server API, "Checks performed on receipt of a PDU" (1 to 3: format, signature, hash).
"""

from msgspec import Struct

from folkmoot.gateways.matrix import canonical_json, content_hash, event_ids, names
from folkmoot.gateways.matrix.canonical_json import JsonObject, NotCanonicalError
from folkmoot.gateways.matrix.event_ids import NoEventIdError
from folkmoot.gateways.matrix.redact import redact
from folkmoot.gateways.matrix.remote_keys import RemoteKeys
from folkmoot.gateways.matrix.room_versions import RoomVersion
from folkmoot.gateways.matrix.signatures import signatures_of

_LARGEST = 65_536
_MOST_SIGNATURES = 8


class BadEventError(ValueError):
    """An event that is not one: `errcode` is Matrix's, the text is safe to show."""

    def __init__(self, errcode: str, error: str) -> None:
        """Say what is wrong with it."""
        super().__init__(error)
        self.errcode = errcode


class UnknownKeyError(BadEventError):
    """None of the keys that signed an event is to be had: its signature is neither right nor wrong."""


class Pdu(Struct, frozen=True):
    """An event whose form and content hash are right."""

    event: JsonObject
    id: str
    room: str
    kind: str
    sender: str
    server: str
    """The sender's server."""
    sent_at: int
    signed: bytes
    """What signatures cover."""
    version: RoomVersion

    @property
    def state_key(self) -> str | None:
        """The state key; None if it is no state event."""
        key = self.event.get("state_key")
        return key if isinstance(key, str) else None

    @property
    def content(self) -> JsonObject:
        """The content."""
        found: JsonObject = self.event["content"]
        return found


def read(event: JsonObject, version: RoomVersion, *, or_redacted: bool = False) -> Pdu:
    """Take an event apart, compute its id, and compare its content hash.

    With `or_redacted`, an event whose content does not match counts as redacted, as the specification has it
    for events that are part of a room already.
    """
    kind, sender, content = event.get("type"), event.get("sender"), event.get("content")
    sent_at, key = event.get("origin_server_ts"), event.get("state_key", "")
    server = names.server_of(sender)
    if not (isinstance(kind, str) and isinstance(content, dict) and isinstance(key, str)):
        raise BadEventError("M_BAD_JSON", "The event lacks a type or a content, or they are malformed.")
    if server is None or not isinstance(sender, str):
        raise BadEventError("M_BAD_JSON", "The event's sender is not a Matrix id.")
    if type(sent_at) is not int or sent_at < 0:
        raise BadEventError("M_BAD_JSON", "The event's origin_server_ts is not a time.")
    try:
        if len(canonical_json.encode(event, strict=version.strict_json)) > _LARGEST:
            raise BadEventError("M_TOO_LARGE", f"The event is larger than {_LARGEST} bytes.")
        signed = event_ids.signed_part(event, version, whole=False)
        event_id = event_ids.event_id(event, version, signed)
        right = content_hash.matches(event, version, whole=False)
    except NotCanonicalError as trouble:
        raise BadEventError("M_BAD_JSON", f"The event has no canonical form: {trouble}.") from None
    except NoEventIdError:
        raise BadEventError("M_BAD_JSON", "The event has no event id.") from None
    if not right and not or_redacted:
        raise BadEventError("M_FORBIDDEN", "The event's content does not match its content hash.")
    event = event if right else redact(event, version)
    room = "!" + event_id[1:] if _names_its_room(event, version) else event.get("room_id")
    if not isinstance(room, str) or not names.is_room(room):
        raise BadEventError("M_BAD_JSON", "The event names no room.")
    return Pdu(event, event_id, room, kind, sender, server, sent_at, signed, version)


def _names_its_room(event: JsonObject, version: RoomVersion) -> bool:
    return version.room_id_is_a_hash and event.get("type") == "m.room.create"


async def verify(pdu: Pdu, keys: RemoteKeys) -> None:
    """Require the signature of the sender's server; BadEventError if there is none that is right."""
    found = False
    for key_id, signature in list(signatures_of(pdu.event, pdu.server).items())[:_MOST_SIGNATURES]:
        key = await keys.for_event(
            pdu.server, key_id, pdu.sent_at, enforce_validity=pdu.version.enforces_key_validity
        )
        found = found or key is not None
        if key is not None and key.verifies(pdu.signed, signature):
            return
    kind = BadEventError if found else UnknownKeyError
    raise kind("M_FORBIDDEN", f"The event has no valid signature of {pdu.server}, its sender's server.")


def is_invite_by_another_server(pdu: Pdu) -> bool:
    """Tell whether this is an invitation made of a third party's, which the sender's server need not sign."""
    content = pdu.content
    return (
        pdu.kind == "m.room.member"
        and content.get("membership") == "invite"
        and isinstance(content.get("third_party_invite"), dict)
    )
