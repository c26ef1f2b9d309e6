"""Our own keys on disk, signatures, and other servers' key documents."""

import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from signedjson.key import decode_verify_key_bytes
from signedjson.sign import sign_json, verify_signed_json
from unpaddedbase64 import decode_base64, encode_base64

from folkmoot.gateways.matrix import key_sets, own_keys, unpadded
from folkmoot.gateways.matrix.key_sets import BadKeyDocumentError
from folkmoot.gateways.matrix.own_keys import KeyFileError
from folkmoot.gateways.matrix.signatures import BadKeyError, SigningKey, VerifyKey, object_verifies
from tests.support.origin import DAY_MS, Origin, now_ms
from tests.unit.matrix.strategies import objects


@given(objects, st.binary(min_size=32, max_size=32))
def test_the_reference_verifies_what_we_sign(value: dict[str, Any], seed: bytes) -> None:
    """An object signed by us is verified by the reference library, and unchanged but for the signature."""
    value = {key: one for key, one in value.items() if key not in ("signatures", "unsigned")}
    key = SigningKey("k", seed)
    signed = {**value}
    key.sign_object(signed, "moot.example")
    verify_signed_json(
        signed, "moot.example", decode_verify_key_bytes("ed25519:k", decode_base64(key.public))
    )
    assert {name: one for name, one in signed.items() if name != "signatures"} == value


@given(objects)
def test_we_verify_what_the_reference_signs(value: dict[str, Any]) -> None:
    """An object signed by the reference library verifies, and no longer once anything in it changes."""
    origin = Origin()
    signed = sign_json({**value, "signatures": {}}, origin.name, origin.key)
    key = VerifyKey.read(origin.public)
    assert object_verifies(signed, origin.name, origin.key_id, key)
    assert not object_verifies({**signed, "more": 1}, origin.name, origin.key_id, key)
    assert not object_verifies(signed, "other.example", origin.key_id, key)


@given(st.binary(max_size=70))
def test_base64_equals_the_reference(body: bytes) -> None:
    """Unpadded Base64 is written and read as the reference does."""
    assert unpadded.encode(body) == encode_base64(body)
    assert unpadded.encode_url_safe(body) == encode_base64(body, urlsafe=True)
    assert unpadded.decode(encode_base64(body)) == body


@pytest.mark.parametrize("text", [None, 1, "a", "ä" * 4, "ab cd", "ab-_", "=ab=", "ab\n=="])
def test_what_is_no_base64(text: object) -> None:
    """Other alphabets, stray characters and impossible lengths are refused."""
    with pytest.raises(unpadded.NotBase64Error):
        unpadded.decode(text)


@pytest.mark.parametrize("text", [None, "", "AAAA", "l/O9hxMVKB6Lg+3Hqf0FQQZhVESQcMzbPN1Cz2nM3og="])
def test_keys_that_must_not_be_used(text: object) -> None:
    """What is no key, and a key whose private half is public knowledge, is refused."""
    with pytest.raises(BadKeyError):
        VerifyKey.read(text)


def test_own_keys_are_made_once_and_private(tmp_path: Path) -> None:
    """Keys are made at the first start with mode 600, and are the same ever after."""
    folder = tmp_path / "keys"
    first = own_keys.open_keys(folder)
    again = own_keys.open_keys(folder)
    assert first.policy.public == again.policy.public
    assert (first.federation.id, first.federation.public) == (again.federation.id, again.federation.public)
    assert first.policy.id == "ed25519:policy_server"
    assert first.policy.public != first.federation.public
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert sorted(path.name for path in folder.iterdir()) == ["federation.key", "policy.key"]


@pytest.mark.parametrize("text", ["", "ed25519 a", "rsa a AAAA", "ed25519 a AAAA", "ed25519 a !!!!", "ä"])
def test_a_damaged_key_file_is_named(tmp_path: Path, text: str) -> None:
    """A damaged key file stops the start with an error that names the file."""
    path = tmp_path / "policy.key"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match=r"policy\.key"):
        own_keys.open_keys(tmp_path)
    assert path.read_text(encoding="utf-8") == text


def test_a_key_file_open_to_others_is_refused(tmp_path: Path) -> None:
    """A key that others may read stops the start, and the error says what to run."""
    own_keys.open_keys(tmp_path)
    (tmp_path / "federation.key").chmod(0o640)
    with pytest.raises(KeyFileError, match=r"chmod 600 .*federation\.key"):
        own_keys.open_keys(tmp_path)


def test_our_own_key_document_is_one() -> None:
    """What we publish is a key document that we would accept ourselves, without the policy key."""
    keys = own_keys.generate()
    found = key_sets.read(keys.document("moot.example", now_ms()), "moot.example", now_ms())
    assert found.keys == {keys.federation.id: keys.federation.public}


def test_a_key_document_is_read() -> None:
    """A server's present and old keys are taken over, and trusted for seven days at most."""
    origin = Origin()
    old = {"ed25519:old": {"key": origin.public, "expired_ts": 5}, "ed25519:odd": {"key": 1}, "rsa:x": {}}
    now = now_ms()
    found = key_sets.read(
        origin.key_document(old_verify_keys=old, valid_until_ts=now + 90 * DAY_MS), origin.name, now
    )
    assert found.keys == {origin.key_id: origin.public}
    assert found.valid_until == now + 7 * DAY_MS
    assert found.for_request(origin.key_id, now) == origin.public
    assert found.for_request(origin.key_id, now + 8 * DAY_MS) is None
    assert found.for_request("ed25519:old", now) is None
    assert found.for_event("ed25519:old", 5, enforce_validity=True) == origin.public
    assert found.for_event("ed25519:old", 6, enforce_validity=True) is None
    assert found.for_event("ed25519:old", 6, enforce_validity=False) == origin.public
    assert found.for_event(origin.key_id, now + 8 * DAY_MS, enforce_validity=True) is None
    assert found.for_event(origin.key_id, now + 8 * DAY_MS, enforce_validity=False) == origin.public
    assert not found.is_stale(now + 3 * DAY_MS)
    assert found.is_stale(now + 4 * DAY_MS)


def test_bad_key_documents_are_refused() -> None:
    """A document of another server, out of date, unsigned or changed after signing gives no keys."""
    origin = Origin()
    good = origin.key_document()
    tampered = {**good, "verify_keys": {origin.key_id: {"key": Origin().public}}}
    added = {**good, "verify_keys": {**good["verify_keys"], "ed25519:b": {"key": Origin().public}}}
    for wrong in (
        {},
        origin.key_document(server_name="other.example"),
        origin.key_document(valid_until_ts=now_ms() - 1),
        origin.key_document(valid_until_ts="soon"),
        origin.key_document(verify_keys={}),
        origin.key_document(verify_keys=[]),
        {**good, "signatures": {}},
        tampered,
        added,
    ):
        with pytest.raises(BadKeyDocumentError):
            key_sets.read(wrong, origin.name, now_ms())


def test_a_key_that_did_not_sign_is_left_out() -> None:
    """Of several keys only those that signed the document themselves count."""
    origin = Origin()
    keys = {origin.key_id: {"key": origin.public}, "ed25519:b": {"key": Origin().public}}
    found = key_sets.read(origin.key_document(verify_keys=keys), origin.name, now_ms())
    assert list(found.keys) == [origin.key_id]
