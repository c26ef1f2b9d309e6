"""What hypothesis makes events of."""

from typing import Any

from hypothesis import strategies as st

LIMIT = 2**53 - 1
# Keys and texts of every kind that JSON can hold: control characters, astral planes; no lone surrogates.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.integers(-LIMIT, LIMIT)
plain = st.none() | st.booleans() | numbers | texts
values: st.SearchStrategy[Any] = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
objects = st.dictionaries(texts, values, max_size=6)

KINDS = (
    "m.room.member",
    "m.room.create",
    "m.room.join_rules",
    "m.room.power_levels",
    "m.room.aliases",
    "m.room.history_visibility",
    "m.room.redaction",
    "m.room.message",
    "m.room.server_acl",
    "m.room.policy",
)
CONTENT_KEYS = (
    "membership",
    "join_authorised_via_users_server",
    "third_party_invite",
    "creator",
    "room_version",
    "join_rule",
    "allow",
    "users",
    "users_default",
    "events",
    "events_default",
    "state_default",
    "ban",
    "kick",
    "redact",
    "invite",
    "notifications",
    "aliases",
    "history_visibility",
    "redacts",
    "body",
)
TOP_KEYS = ("prev_state", "membership", "origin", "unsigned", "age_ts", "redacts", "state_key", "extra")
contents = st.dictionaries(
    st.sampled_from(CONTENT_KEYS) | texts, values | st.just({"signed": {"a": 1}, "b": 2}), max_size=8
)


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """An event with every field a server sets, and some that it should not."""
    event: dict[str, Any] = {
        "type": draw(st.sampled_from(KINDS) | texts),
        "room_id": "!room:example.org",
        "sender": "@member:example.org",
        "content": draw(contents),
        "depth": draw(st.integers(1, 1000)),
        "prev_events": ["$before"],
        "auth_events": ["$create"],
        "origin_server_ts": draw(st.integers(0, LIMIT)),
        "hashes": {"sha256": "aGVsbG8"},
        "signatures": {"example.org": {"ed25519:a": "c2ln"}},
    }
    for key in draw(st.lists(st.sampled_from(TOP_KEYS), unique=True)):
        event[key] = draw(texts) if key == "state_key" else draw(st.just({}) if key == "unsigned" else values)
    return event
