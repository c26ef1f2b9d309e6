"""Redaction: an event without what its room version does not protect; it is what gets signed and hashed.

Specification: "Redactions" of each room version. Tested against Synapse's own code for versions 1 to 12.
"""

from folkmoot.gateways.matrix.canonical_json import JsonObject
from folkmoot.gateways.matrix.room_versions import RoomVersion

_KEPT = frozenset(
    {
        "event_id",
        "type",
        "room_id",
        "sender",
        "state_key",
        "content",
        "hashes",
        "signatures",
        "depth",
        "prev_events",
        "auth_events",
        "origin_server_ts",
    }
)
_KEPT_BEFORE_11 = _KEPT | {"prev_state", "membership", "origin"}
_POWER_LEVELS = (
    "users",
    "users_default",
    "events",
    "events_default",
    "state_default",
    "ban",
    "kick",
    "redact",
)


def redact(event: JsonObject, version: RoomVersion) -> JsonObject:
    """Return what is left of an event when it is redacted; `unsigned` is dropped, signatures are kept."""
    kept = _KEPT if version.newer_redaction else _KEPT_BEFORE_11
    left = {key: value for key, value in event.items() if key in kept}
    content = event.get("content")
    left["content"] = _content(event.get("type"), content, version) if isinstance(content, dict) else {}
    if version.room_id_is_a_hash and event.get("type") == "m.room.create":
        left.pop("room_id", None)
    return left


def _content(kind: object, content: JsonObject, version: RoomVersion) -> JsonObject:
    if kind == "m.room.member":
        return _membership(content, version)
    if kind == "m.room.create" and version.newer_redaction:
        return content
    fields: tuple[str, ...] = ()
    if kind == "m.room.create":
        fields = ("creator",)
    elif kind == "m.room.join_rules":
        fields = ("join_rule", "allow") if version.keeps_join_allowances else ("join_rule",)
    elif kind == "m.room.power_levels":
        fields = (*_POWER_LEVELS, "invite") if version.newer_redaction else _POWER_LEVELS
    elif kind == "m.room.history_visibility":
        fields = ("history_visibility",)
    elif kind == "m.room.aliases" and version.keeps_aliases:
        fields = ("aliases",)
    elif kind == "m.room.redaction" and version.newer_redaction:
        fields = ("redacts",)
    return {field: content[field] for field in fields if field in content}


def _membership(content: JsonObject, version: RoomVersion) -> JsonObject:
    left: JsonObject = {}
    if "membership" in content:
        left["membership"] = content["membership"]
    if version.keeps_authorising_member and "join_authorised_via_users_server" in content:
        left["join_authorised_via_users_server"] = content["join_authorised_via_users_server"]
    invite = content.get("third_party_invite")
    if version.newer_redaction and isinstance(invite, dict):
        left["third_party_invite"] = {"signed": invite["signed"]} if "signed" in invite else {}
    return left
