"""Redaction, content hashes and event ids, against Synapse's own code."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from synapse.api.room_versions import KNOWN_ROOM_VERSIONS
from synapse.crypto.event_signing import compute_content_hash, compute_event_reference_hash
from synapse.synapse_rust.events import Event, redact_event_dict

from folkmoot.gateways.matrix import content_hash, event_ids, room_versions
from folkmoot.gateways.matrix.redact import redact
from folkmoot.gateways.matrix.room_versions import RoomVersion
from tests.unit.matrix.strategies import events

VERSIONS = [room_versions.find(name) for name in room_versions.known()]
versions = st.sampled_from([version for version in VERSIONS if version is not None])


def _bare(event: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key != "unsigned"}


@given(events(), versions)
def test_redaction_equals_synapse(event: dict[str, Any], version: RoomVersion) -> None:
    """Redaction keeps exactly what Synapse keeps, in every room version."""
    theirs = redact_event_dict(KNOWN_ROOM_VERSIONS[version.id], event)
    assert redact(event, version) == _bare(theirs)


@given(events(), versions)
def test_redaction_is_idempotent(event: dict[str, Any], version: RoomVersion) -> None:
    """Redacting twice is redacting once, and leaves the event alone."""
    before = json.dumps(event)
    once = redact(event, version)
    assert redact(once, version) == once
    assert json.dumps(event) == before


@given(events(), versions)
def test_content_hash_equals_synapse(event: dict[str, Any], version: RoomVersion) -> None:
    """The content hash is the one that Synapse computes."""
    _, theirs = compute_content_hash(event, hashlib.sha256)
    assert content_hash.content_hash(event, version) == theirs


@given(events(), versions)
def test_event_ids_equal_synapse(event: dict[str, Any], version: RoomVersion) -> None:
    """The event id is the one that Synapse computes, in every room version that computes it."""
    if version.events_carry_their_id or not isinstance(event.get("state_key", ""), str):
        return
    if version.room_id_is_a_hash:
        event = {**event, "room_id": "!" + "a" * 43}
        if event["type"] == "m.room.create" and event.get("state_key") == "":
            del event["room_id"]
    _, digest = compute_event_reference_hash(_as_synapse(event, version), hashlib.sha256)
    assert hashlib.sha256(event_ids.signed_part(event, version)).digest() == digest
    assert event_ids.event_id(event, version) == _as_synapse(event, version).event_id


def _as_synapse(event: dict[str, Any], version: RoomVersion) -> Event:
    if version.number <= 2:
        event = {**event, "prev_events": [], "auth_events": []}
    return Event(json.dumps(event), KNOWN_ROOM_VERSIONS[version.id], {}, None)


@pytest.mark.parametrize("name", ["1", "2"])
def test_old_events_name_themselves(name: str) -> None:
    """In versions 1 and 2 the event's own id counts, and an event without one has none."""
    version = room_versions.find(name)
    assert version is not None
    assert event_ids.event_id({"event_id": "$a:b", "content": {}}, version) == "$a:b"
    malformed: list[dict[str, Any]] = [{}, {"event_id": 1}, {"event_id": "a"}, {"event_id": "$" + "a" * 300}]
    for wrong in malformed:
        with pytest.raises(event_ids.NoEventIdError):
            event_ids.event_id(wrong, version)


def test_every_version_of_synapse_up_to_12_is_known() -> None:
    """We know room versions 1 to 12, all of which Synapse knows, and nothing else."""
    assert room_versions.known() == tuple(str(number) for number in range(1, 13))
    assert set(room_versions.known()) <= set(KNOWN_ROOM_VERSIONS)
    for wrong in ("13", "0", "", None, 11, ["11"], "org.example.1"):
        assert room_versions.find(wrong) is None


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: f"v{version.id}")
def test_the_table_agrees_with_synapse(version: RoomVersion) -> None:
    """Each room version's rules are those in Synapse's table."""
    theirs = KNOWN_ROOM_VERSIONS[version.id]
    assert version.enforces_key_validity == theirs.enforce_key_validity
    assert version.strict_json == theirs.strict_canonicaljson
    assert version.keeps_aliases == theirs.special_case_aliases_auth
    assert version.newer_redaction == theirs.updated_redaction_rules
    assert version.keeps_join_allowances == theirs.restricted_join_rule
    assert version.keeps_authorising_member == theirs.restricted_join_rule_fix
    assert version.room_id_is_a_hash == theirs.msc4291_room_ids_as_hashes
    assert version.creators_have_all_power == theirs.msc4289_creator_power_enabled


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: f"v{version.id}")
def test_one_changed_letter_breaks_the_hash(version: RoomVersion) -> None:
    """An event whose words were changed no longer matches its content hash."""
    event = {"type": "m.room.message", "content": {"body": "hello"}, "room_id": "!r:x"}
    content_hash.add(event, version)
    assert content_hash.matches(event, version)
    event["content"] = {"body": "hellp"}
    assert not content_hash.matches(event, version)
    hashes: list[Any] = [None, {}, {"sha256": 1}, {"sha256": "!!"}, [], {"sha512": "x"}]
    for wrong in hashes:
        assert not content_hash.matches({**event, "hashes": wrong}, version)


def test_a_create_event_names_its_room_in_version_12() -> None:
    """A room of version 12 is called by the hash of its create event."""
    version = room_versions.find("12")
    assert version is not None
    create = {
        "type": "m.room.create",
        "content": {"room_version": "12"},
        "sender": "@a:b",
        "hashes": {"sha256": "x"},
    }
    assert event_ids.room_of(create, version) == "!" + event_ids.event_id(create, version)[1:]
    assert event_ids.room_of({"type": "m.room.message", "room_id": "!x"}, version) == "!x"
