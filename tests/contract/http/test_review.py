"""Reports, cases, decisions, appeals and actions over the API, for a chat that is not Matrix."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from folkmoot.gateways.http.review_routes import ROUTES
from folkmoot.remember import actions, groups, log, rooms
from folkmoot.remember.tokens import Scope
from tests.contract.http.conftest import Running


class Forum:
    """A group without Matrix, and a client for each thing that a token may do."""

    def __init__(
        self, api: Running, *, live: bool = True, administrators: tuple[str, ...] = ("ann", "ben")
    ) -> None:
        self.api = api
        self.id = api.group(live=live)
        self.clients = {one: api.client(api.token(self.id, may=(one,))) for one in Scope}
        self.clients[Scope.DECIDE].post(
            "/v1/administrators", json={"administrators": ["ann", "ben"]}
        ).raise_for_status()

    def post(self, may: Scope, path: str, status: int = 200, **body: Any) -> Any:
        answer = self.clients[may].post(f"/v1/{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def get(self, may: Scope, path: str, by: str = "ann", status: int = 200) -> Any:
        answer = self.clients[may].get(f"/v1/{path}", headers={"Folkmoot-By": by})
        assert answer.status_code == status, answer.text
        return answer.json()

    def report(self, person: str = "mia", by: str = "noa", **more: Any) -> Any:
        return self.post(Scope.REPORT, "reports", by=by, person=person, text="you fools", **more)

    def case(self, by: str = "ann") -> Any:
        (case,) = self.get(Scope.DECIDE, "cases", by=by)["cases"]
        return case

    def decide(self, *picks: str, by: str = "ann", status: int = 200, **more: Any) -> Any:
        case = self.case(by)
        return self.post(
            Scope.DECIDE, f"cases/{case['id']}/decide", status,
            by=by, version=case["version"], picks=list(picks), **more,
        )  # fmt: skip

    def wanted(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get(Scope.ACT, "actions")["actions"]
        return found

    def close(self) -> None:
        for client in self.clients.values():
            client.close()


@pytest.fixture
def forum(api: Running) -> Iterator[Forum]:
    """A forum with two administrators."""
    forum = Forum(api)
    yield forum
    forum.close()


def test_from_a_report_to_an_appeal_that_undoes_everything(forum: Forum) -> None:
    """The whole way over the API: reported, seen, foreseen, decided, done, appealed, granted, undone."""
    taken = forum.report(message="m1", room="general", words="She insults people.", category="harassment")
    assert taken["is_new"]
    assert "received" in taken["letter"]
    case = forum.case()
    assert (case["person"], case["reports"], case["version"]) == ("mia", 1, 1)
    shown = forum.get(Scope.DECIDE, f"cases/{case['id']}")
    assert {(one["kind"], one["about"], one["text"]) for one in shown["words"]} == {
        ("message", "m1", "you fools"), ("report", taken["report"], "She insults people.")
    }  # fmt: skip
    assert shown["reports"][0]["reporter"] == "noa"
    claimed = forum.post(Scope.DECIDE, f"cases/{case['id']}/claim", by="ann", version=1)["case"]
    assert (claimed["claimed_by"], claimed["version"]) == ("ann", 2)

    asked: dict[str, Any] = {"lasts": 7200, "messages": ["m1"], "reason": "No insults, please."}
    seen = forum.decide("remove", "mute", preview=True, **asked)
    assert (seen["decision"], [one["kind"] for one in seen["actions"]]) == (None, ["remove", "mute"])
    assert "No insults, please." in seen["letters"][0]["text"]
    assert forum.case()["version"] == 2
    made = forum.decide("remove", "mute", **asked)
    assert [one["message"] for one in made["actions"]] == ["m1", ""]
    (letter,) = made["letters"]
    assert letter["person"] == "mia"
    assert letter["link"] in letter["text"]
    assert "noa" not in str(made["letters"])

    (removal,) = forum.wanted()
    assert (removal["kind"], removal["message"], removal["room"]) == ("remove", "m1", "general")
    assert forum.wanted() == [removal]
    for _ in range(2):
        forum.post(Scope.ACT, f"actions/{removal['id']}", kind="remove", done=True)
    (muting,) = forum.wanted()
    forum.post(Scope.ACT, f"actions/{muting['id']}", kind="mute", done=True)
    assert forum.wanted() == []

    decision = made["decision"]["id"]
    appeal = forum.post(Scope.REPORT, "appeals", by="mia", subject=decision, words="A quotation!")
    assert forum.get(Scope.DECIDE, "appeals", by="ann")["appeals"] == []
    assert [one["id"] for one in forum.get(Scope.DECIDE, "appeals", by="ben")["appeals"]] == [appeal["id"]]
    forum.post(Scope.DECIDE, f"appeals/{appeal['id']}/words", by="ben", words="Of whom?")
    turns = forum.post(Scope.REPORT, f"appeals/{appeal['id']}/words", by="mia", words="Of a play.")["words"]
    assert [one["author"] for one in turns] == ["mia", "ben", "mia"]
    answer = {"version": appeal["version"], "granted": True, "words": "You are right."}
    forum.post(Scope.DECIDE, f"appeals/{appeal['id']}/answer", 403, by="ann", **answer)
    answered = forum.post(Scope.DECIDE, f"appeals/{appeal['id']}/answer", by="ben", **answer)
    assert answered["state"] == "granted"
    assert [one["kind"] for one in forum.wanted()] == ["unmute"]
    record = forum.get(Scope.DECIDE, f"decisions/{decision}")
    assert (record["superseded_by"] is not None, record["appeals"]) == (True, [appeal["id"]])


def test_a_member_reads_what_touches_them(forum: Forum) -> None:
    """A token that speaks for members shows a decision to the one it touches only."""
    forum.report()
    decision = forum.decide("warn")["decision"]["id"]
    assert forum.get(Scope.REPORT, f"decisions/{decision}", by="mia")["letters"][0]["person"] == "mia"
    forum.get(Scope.REPORT, f"decisions/{decision}", by="noa", status=403)
    forum.post(Scope.REPORT, "appeals", 403, by="noa", subject=decision, words="Hm")


def test_a_decision_is_taken_back(forum: Forum) -> None:
    """Undo opens the case again; the second who tries is told who was faster."""
    forum.report()
    decision = forum.decide("ban")["decision"]["id"]
    forum.post(Scope.DECIDE, f"decisions/{decision}/undo", by="ben", reason="A mistake.")
    problem = forum.post(Scope.DECIDE, f"decisions/{decision}/undo", 409, by="ann")
    assert "ben took this back" in problem["detail"]
    assert forum.case()["version"] == 3
    assert forum.wanted() == []


def test_what_can_t_be_given_back_takes_two(forum: Forum) -> None:
    """A removal without a copy waits for the second administrator, and no letter is owed before."""
    forum.post(Scope.REPORT, "reports", by="noa", person="mia", message="m7")
    made = forum.decide("remove")
    assert (made["needs_second"], made["letters"], forum.wanted()) == (True, [], [])
    decision = made["decision"]["id"]
    forum.post(Scope.DECIDE, f"decisions/{decision}/confirm", 403, by="ann")
    assert forum.post(Scope.DECIDE, f"decisions/{decision}/confirm", by="ben")["letters"]
    assert [one["message"] for one in forum.wanted()] == ["m7"]


def test_what_the_chat_can_t_do_is_told(forum: Forum) -> None:
    """A failed action is asked for no more, and stands in the log with its reason."""
    forum.report()
    decision = forum.decide("kick")["decision"]["id"]
    (wanted,) = forum.wanted()
    forum.post(Scope.ACT, f"actions/{wanted['id']}", 404, kind="ban", done=True)
    forum.post(Scope.ACT, f"actions/{wanted['id']}", kind="kick", done=False, trouble="No such member.")
    assert forum.wanted() == []
    (action,) = forum.get(Scope.DECIDE, f"decisions/{decision}")["actions"]
    assert (action["state"], action["trouble"]) == ("failed", "No such member.")


def test_an_action_that_was_undone_on_its_way_is_taken_back(forum: Forum) -> None:
    """Handed over, then undone: the chat is asked for the inverse, whatever it says of the first."""
    forum.report()
    decision = forum.decide("kick")["decision"]["id"]
    (kick,) = forum.wanted()
    forum.post(Scope.DECIDE, f"decisions/{decision}/undo", by="ann")
    kinds = [one["kind"] for one in forum.wanted()]
    assert kinds == ["invite"]
    forum.post(Scope.ACT, f"actions/{kick['id']}", kind="kick", done=True)
    for one in forum.wanted():
        forum.post(Scope.ACT, f"actions/{one['id']}", kind=one["kind"], done=True)
    assert forum.wanted() == []


def test_nobody_says_that_something_is_done_before_it_is_wanted(forum: Forum) -> None:
    """An action that was not handed over yet is not there."""
    forum.report()
    decision = forum.decide("kick")["decision"]["id"]
    (kept,) = forum.api.store.read_now(lambda c: actions.of_decision(c, decision))
    forum.post(Scope.ACT, f"actions/{kept.id}", 404, kind="kick", done=True)


def test_in_practice_the_chat_is_asked_for_nothing(api: Running) -> None:
    """A group that practises decides, and nothing is handed over, not even once it has started."""
    forum = Forum(api, live=False)
    forum.report()
    assert forum.decide("kick")["practice"]
    assert forum.wanted() == []
    api.store.write_now(lambda c: groups.start(c, forum.id, by="ann", at=2.0))
    assert forum.wanted() == []
    forum.close()


def test_choices_are_read_and_made(forum: Forum) -> None:
    """How the group decides is the administrators' choice, with bounds, and in the log."""
    assert forum.clients[Scope.DECIDE].get("/v1/choices").json()["pause_hours"] == 24.0
    made = forum.post(Scope.DECIDE, "choices", by="ann", name="ladder", value=[0, 1, 24])
    assert made["ladder"] == [0, 1, 24]
    assert forum.post(Scope.DECIDE, "choices", by="ann", name="panel_size", value=3)["panel_size"] == 3
    problem = forum.post(Scope.DECIDE, "choices", 422, by="ann", name="ladder", value=[99])
    assert "24" in problem["detail"]
    forum.post(Scope.DECIDE, "choices", 422, by="ann", name="color", value="red")
    forum.post(Scope.DECIDE, "choices", 403, by="mia", name="panel_size", value=3)


def test_administrators_are_named_and_only_they_decide(forum: Forum) -> None:
    """A person whom the group doesn't name as an administrator is refused, whatever the token may."""
    forum.report()
    problem = forum.get(Scope.DECIDE, "cases", by="mia", status=403)
    assert problem["type"] == "/v1/docs#not-allowed"
    forum.post(Scope.DECIDE, "administrators", administrators=["ben"])
    assert forum.clients[Scope.DECIDE].get("/v1/administrators").json() == {"administrators": ["ben"]}
    forum.get(Scope.DECIDE, "cases", by="ann", status=403)
    entries = forum.api.store.read_now(lambda c: log.entries(c, forum.id))
    assert ("administrator.gone", "ann", "api:test") in {(one.kind, one.subject, one.by) for one in entries}


def test_who_administers_matrix_rooms_is_not_for_a_token_to_say(forum: Forum) -> None:
    """In a group with rooms the power there counts."""
    forum.api.store.write_now(lambda c: rooms.add(c, forum.id, f"!{forum.id}:x", "R", by="ann", at=1.0))
    forum.post(Scope.DECIDE, "administrators", 403, administrators=["mallory"])


@pytest.mark.parametrize(
    ("header", "status"), [({}, 400), ({"Folkmoot-By": "%ff"}, 400), ({"Folkmoot-By": "%61nn"}, 200)]
)
def test_who_asks_is_named_in_a_header(forum: Forum, header: dict[str, str], status: int) -> None:
    """What is read without a body says in a header who reads, percent-encoded."""
    assert forum.clients[Scope.DECIDE].get("/v1/cases", headers=header).status_code == status


_ALL = [(one, may) for one in ROUTES for may in Scope]


def _ask(client: httpx2.Client, method: str, path: str) -> httpx2.Response:
    kind = {"Content-Type": "application/json"}
    content = b"{" if method == "POST" else None
    return client.request(method, path.replace("{id}", "0" * 32), content=content, headers=kind)


@pytest.mark.parametrize(("route", "may"), _ALL, ids=lambda one: getattr(one, "path", one))
def test_every_address_takes_its_own_token(forum: Forum, route: Any, may: Scope) -> None:
    """A token that may do something else is refused before anything is read or looked up."""
    answer = _ask(forum.clients[may], route.method, route.path)
    wrong = answer.status_code == 403 and answer.json()["type"] == "/v1/docs#wrong-scope"
    assert wrong == (may not in route.may)


@pytest.mark.parametrize("route", ROUTES, ids=lambda one: f"{one.method} {one.path}")
def test_no_token_opens_nothing(api: Running, route: Any) -> None:
    """Without a token, or with a wrong one, no address says anything but that."""
    for secret, kind in ((None, "no-token"), ("wrong", "wrong-token")):
        with api.client(secret) as client:
            answer = _ask(client, route.method, route.path)
        assert (answer.status_code, answer.json()["type"]) == (401, f"/v1/docs#{kind}")


def test_another_group_s_things_are_not_there(api: Running, forum: Forum) -> None:
    """What is another group's gets the very answer of what never was."""
    other = Forum(api)
    other.report()
    case = other.case()["id"]
    decision = other.decide("kick")["decision"]["id"]
    appeal = other.post(Scope.REPORT, "appeals", by="mia", subject=decision, words="No.")["id"]
    (action,) = other.wanted()
    never = "0" * 32
    asked: tuple[tuple[Scope, str, str, dict[str, Any] | None], ...] = (
        (Scope.DECIDE, "cases/{}", case, None),
        (Scope.DECIDE, "cases/{}/claim", case, {"by": "ann", "version": 1}),
        (Scope.DECIDE, "cases/{}/decide", case, {"by": "ann", "version": 1, "picks": ["ban"]}),
        (Scope.DECIDE, "decisions/{}", decision, None),
        (Scope.REPORT, "decisions/{}", decision, None),
        (Scope.DECIDE, "decisions/{}/undo", decision, {"by": "ann"}),
        (Scope.DECIDE, "decisions/{}/confirm", decision, {"by": "ann"}),
        (Scope.DECIDE, "appeals/{}", appeal, None),
        (Scope.REPORT, "appeals/{}", appeal, None),
        (Scope.REPORT, "appeals/{}/words", appeal, {"by": "mia", "words": "Hm"}),
        (
            Scope.DECIDE,
            "appeals/{}/answer",
            appeal,
            {"by": "ann", "version": 1, "granted": True, "words": "x"},
        ),
        (Scope.ACT, "actions/{}", action["id"], {"kind": "kick", "done": True}),
    )
    for may, path, name, body in asked:
        answers = [
            forum.get(may, path.format(one), status=404)
            if body is None
            else forum.post(may, path.format(one), 404, **body)
            for one in (name, never)
        ]
        assert answers[0] == answers[1]
        assert answers[0]["type"] == "/v1/docs#unknown"
    forum.post(Scope.REPORT, "appeals", 404, by="mia", subject=decision, words="No.")
    other.close()


def test_a_wrong_field_has_its_place(forum: Forum) -> None:
    """What is wrong with a body is told with path, line and column, as everywhere."""
    body = b'{"by": "noa",\n "person": "mia", "sneder": 1}'
    answer = forum.clients[Scope.REPORT].post(
        "/v1/reports", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.json()["place"] == {"path": "$", "line": 2, "column": 19}


def test_an_address_says_how_it_is_asked(forum: Forum) -> None:
    """A method that an address doesn't know is refused with those it knows; HEAD is GET without a body."""
    client = forum.clients[Scope.DECIDE]
    answer = client.delete("/v1/choices")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST, HEAD")
    assert client.get("/v1/cases/UPPER", headers={"Folkmoot-By": "ann"}).status_code == 404
    head = client.head("/v1/choices")
    assert (head.status_code, head.content) == (200, b"")


def test_the_same_report_again_is_the_same_report(forum: Forum) -> None:
    """After a lost connection one just asks again."""
    first, again = forum.report(message="m1"), forum.report(message="m1")
    assert (first["report"], again["is_new"]) == (again["report"], False)
    problem = forum.post(Scope.REPORT, "reports", 422, by="mia", person="mia")
    assert "your own" in problem["detail"]


def test_a_judged_message_and_its_report_are_one(forum: Forum) -> None:
    """What a rule found and what a member reports about the same message come together under one id."""
    text = "I sell my old car"
    judged = forum.post(Scope.JUDGE, "judge", id="m1", text=text, sender="mia", room="general")
    assert judged["done"] == "case"
    forum.report(message="m1", room="general")
    shown = forum.get(Scope.DECIDE, f"cases/{forum.case()['id']}")
    assert [one["message"] for one in shown["verdicts"]] == ["m1"]
    assert [one["text"] for one in shown["words"] if one["kind"] == "message"] == [text]
