"""POST /v1/judge: what is judged, for whom, and that the answer stays."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from folkmoot.remember import policies, tokens
from tests.contract.http.conftest import POLICY, Running

FIELDS = {
    "id",
    "outcome",
    "done",
    "rules",
    "signals",
    "policy",
    "practice",
    "reason",
    "link",
    "failure",
}


def _judge(client: httpx2.Client, **message: object) -> dict[str, Any]:
    answer = client.post("/v1/judge", json=message)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_ordinary_talk_is_allowed(client: httpx2.Client) -> None:
    """A message that meets no rule is allowed, and there is nothing to say about it."""
    judgement = _judge(client, id="m1", text="Is the path by the river open again?")
    assert set(judgement) == FIELDS
    assert judgement == {
        "id": "m1",
        "outcome": "allow",
        "done": "allow",
        "rules": [],
        "signals": [],
        "policy": "test@1",
        "practice": False,
        "reason": None,
        "link": None,
        "failure": None,
    }


def test_a_stopped_message_comes_with_its_reason(client: httpx2.Client) -> None:
    """A message that breaks a rule is stopped, with rule, place in the text, sentence and link."""
    text = "Hello, ChEaP p\u200bills!"
    judgement = _judge(client, id="m1", text=text, sender="kim", room="general")
    assert (judgement["outcome"], judgement["done"]) == ("stop", "stop")
    assert judgement["rules"] == ["no-pills"]
    assert "Nobody sells pills here." in str(judgement["reason"])
    assert str(judgement["link"]).startswith("http://127.0.0.1:8460/receipt/")
    [signal] = judgement["signals"]
    assert set(signal) == {"name", "category", "strength", "spans", "sentence", "rule"}
    assert (signal["category"], signal["rule"]) == ("drugs", "no-pills")
    [[start, end]] = signal["spans"]
    assert text[start:end] == "ChEaP p\u200bills"
    assert 0 < signal["strength"] <= 1


def test_a_group_in_practice_lets_all_pass(api: Running) -> None:
    """In practice the judgement says what the policy says, and that nothing is to be done."""
    with api.client(api.token(api.group(live=False))) as client:
        judgement = _judge(client, id="m1", text="cheap pills")
    assert (judgement["outcome"], judgement["done"], judgement["practice"]) == ("stop", "allow", True)
    assert judgement["rules"] == ["no-pills"]


def test_the_same_id_gets_the_same_answer(api: Running) -> None:
    """Asking again gives the first answer, also with another text and after the policy was changed."""
    group = api.group()
    with api.client(api.token(group)) as client:
        first = [
            _judge(client, id="a", text="cheap pills"),
            _judge(client, id="b", text="my old car", sender="kim"),
            _judge(client, id="c", text="good morning"),
        ]
        changed = POLICY.replace("cheap pills", "good morning")
        api.store.write_now(lambda c: policies.add(c, group, changed, by="@a:x", at=2.0, note="", version=2))
        while _judge(client, id=f"w{time.monotonic()}", text="x")["policy"] != "test@2":
            time.sleep(0.05)
        again = [
            _judge(client, id="a", text="something else"),
            _judge(client, id="b", text="my old car", sender="kim"),
            _judge(client, id="c", text="good morning"),
        ]
    for judgement in [*first, *again]:
        del judgement["policy"]
    assert again == first


def test_two_groups_may_use_the_same_ids(api: Running) -> None:
    """An id belongs to its group: the answer that another group got is not given."""
    with api.client(api.token(api.group())) as one, api.client(api.token(api.group())) as other:
        assert _judge(one, id="1", text="cheap pills")["outcome"] == "stop"
        assert _judge(other, id="1", text="good morning")["outcome"] == "allow"


def test_a_number_is_not_the_same_id_as_its_digits(api: Running) -> None:
    """Two messages, one with the id 1 and one with "1", are two."""
    with api.client(api.token(api.group())) as client:
        assert _judge(client, id="1", text="cheap pills")["outcome"] == "stop"
        judgement = _judge(client, id=1, text="good morning")
        assert (judgement["id"], judgement["outcome"]) == (1, "allow")


def test_two_groups_may_use_the_same_rooms(api: Running) -> None:
    """A flood in one group is none in another, whatever they call their rooms and members."""
    with api.client(api.token(api.group())) as one, api.client(api.token(api.group())) as other:
        said = [_judge(one, id=str(n), text=f"n{n}", sender="kim", room="general") for n in range(4)]
        assert [judgement["outcome"] for judgement in said] == ["allow", "allow", "allow", "stop"]
        assert _judge(other, id="0", text="hi", sender="kim", room="general")["outcome"] == "allow"


def test_a_batch_is_answered_in_its_order(client: httpx2.Client) -> None:
    """A batch is answered as a list, judged one after the other, each with its own id."""
    messages = [{"id": str(n), "text": f"n{n}", "sender": "new", "room": "general"} for n in range(6)]
    answer = client.post("/v1/judge", json={"messages": messages})
    assert answer.status_code == 200
    judgements = answer.json()["judgements"]
    assert [judgement["id"] for judgement in judgements] == [str(n) for n in range(6)]
    assert [judgement["outcome"] for judgement in judgements] == ["allow"] * 3 + ["stop"] * 3


def test_one_id_twice_in_a_batch_gets_one_answer(client: httpx2.Client) -> None:
    """A message that stands twice in a batch is judged once."""
    message = {"id": "same", "text": "cheap pills"}
    judgements = client.post("/v1/judge", json={"messages": [message, message]}).json()["judgements"]
    assert judgements[0] == judgements[1]


def test_the_same_message_asked_at_once_is_judged_once(api: Running) -> None:
    """Callers who ask about one id at the same moment get one answer, and one verdict is kept."""
    group = api.group()
    secret = api.token(group)

    def ask(_number: int) -> dict[str, Any]:
        with api.client(secret) as client:
            return _judge(client, id="same", text="cheap pills", sender="kim")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(16)))
    assert all(answer == answers[0] for answer in answers)
    rows = api.store.read_now(
        lambda c: c.exec_driver_sql("SELECT count(*) FROM verdicts WHERE group_id = ?", (group,)).scalar_one()
    )
    assert rows == 1


def test_administrators_are_exempt(client: httpx2.Client) -> None:
    """A message whose sender is an administrator of the group is let through."""
    assert _judge(client, id="m1", text="cheap pills", role="administrator")["outcome"] == "allow"


def test_a_new_group_is_known_at_once(api: Running) -> None:
    """A token works from the moment it was made, although the group is new."""
    for _ in range(3):
        with api.client(api.token(api.group())) as client:
            assert _judge(client, id="m1", text="cheap pills")["outcome"] == "stop"


def test_an_ended_token_stops_working(api: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that was ended is refused once the short memory of it is over."""
    secret = api.token(api.group())
    monkeypatch.setattr("folkmoot.gateways.http.access.KNOWN_FOR", 0.0)
    with api.client(secret) as client:
        _judge(client, id="m1", text="hi")
        api.store.write_now(lambda c: tokens.end(c, secret, by="@a:x", at=2.0))
        assert client.post("/v1/judge", json={"id": "m2", "text": "hi"}).status_code == 401


def test_the_rules_in_force_can_be_read(api: Running) -> None:
    """GET /v1/policy gives the rules of the token's own group, as members read them."""
    group = api.group()
    with api.client(api.token(group)) as client:
        answer = client.get("/v1/policy").json()
    assert (answer["group"], answer["title"], answer["policy"]) == (group, "Forum", "test@1")
    assert [rule["id"] for rule in answer["rules"]] == ["no-pills", "ask-first", "slowly"]
    assert answer["rules"][0] == {
        "id": "no-pills",
        "sentence": "Nobody sells pills here.",
        "category": "drugs",
        "outcome": "stop",
        "mode": "live",
    }
    assert (answer["source"], answer["practice"], answer["on_failure"]) == (POLICY, False, "open")


def test_no_text_is_kept(api: Running) -> None:
    """What a message said is nowhere in the database, whatever became of it."""
    with api.client(api.token(api.group())) as client:
        for number, text in enumerate(("canaryword cheap pills", "canaryword my old car", "canaryword")):
            _judge(client, id=str(number), text=text, sender="kim", room="general")
    dump = api.store.read_now(
        lambda c: "\n".join(c.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    )
    assert "no-pills" in dump
    assert "canaryword" not in dump
