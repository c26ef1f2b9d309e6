"""Over the API: panels, appeals that are withdrawn, restrictions that wait, letters without an answer."""

from collections.abc import Iterator

import pytest

from folkmoot.remember import log, rooms
from folkmoot.remember.records import LogEntry
from folkmoot.remember.tokens import Scope
from tests.contract.http.conftest import Running
from tests.contract.http.test_review import Forum


@pytest.fixture
def forum(api: Running) -> Iterator[Forum]:
    """A forum with two administrators."""
    forum = Forum(api)
    yield forum
    forum.close()


def test_what_waits_because_it_was_too_much_goes_on_when_an_administrator_says_so(forum: Forum) -> None:
    """A tripped breaker is seen and let go on over the API, by an administrator and once."""
    forum.post(Scope.DECIDE, "choices", by="ann", name="most_actions", value=1)
    forum.report("mia")
    forum.decide("kick")
    (first,) = forum.wanted()
    forum.post(Scope.ACT, f"actions/{first['id']}", kind="kick", done=True)
    forum.report("ole")
    forum.decide("kick")
    assert forum.wanted() == []
    held = forum.clients[Scope.DECIDE].get("/v1/breaker").json()
    assert (held["tripped_at"] is not None, held["waiting"]) == (True, 1)
    forum.post(Scope.DECIDE, "breaker/confirm", 403, by="mia")
    assert forum.wanted() == []
    gone_on = forum.post(Scope.DECIDE, "breaker/confirm", by="ben")
    assert gone_on == {"tripped_at": None, "waiting": 0}
    assert [one["kind"] for one in forum.wanted()] == ["kick"]
    problem = forum.post(Scope.DECIDE, "breaker/confirm", 409, by="ann")
    assert "Nothing waits" in problem["detail"]


def test_who_appealed_withdraws_it_and_nobody_else(forum: Forum) -> None:
    """A withdrawn appeal is over, and the log names nobody for it."""
    forum.report()
    decision = forum.decide("warn")["decision"]["id"]
    appeal = forum.post(Scope.REPORT, "appeals", by="mia", subject=decision, words="No.")["id"]
    forum.post(Scope.REPORT, f"appeals/{appeal}/withdraw", 403, by="noa")
    forum.post(Scope.REPORT, f"appeals/{appeal}/withdraw", 403, by="ann")
    assert forum.post(Scope.REPORT, f"appeals/{appeal}/withdraw", by="mia")["state"] == "withdrawn"
    forum.post(Scope.REPORT, f"appeals/{appeal}/withdraw", 409, by="mia")
    about = [one for one in _log(forum) if one.kind.startswith("appeal.")]
    assert [one.kind for one in about] == ["appeal.withdrawn", "appeal.received"]
    assert "mia" not in str(about)


def test_a_panel_is_made_up_and_decides(forum: Forum) -> None:
    """Members agree to serve, those who are drawn see what they need and vote, and the majority decides."""
    forum.post(Scope.DECIDE, "administrators", administrators=["ann"])
    forum.post(Scope.DECIDE, "choices", by="ann", name="panel_size", value=3)
    for one in ("ole", "pia", "quin"):
        assert forum.post(Scope.REPORT, "panel", by=one, serves=True) == {"serves": True, "drawn": []}
    forum.post(Scope.REPORT, "panel", 403, by="ann", serves=True)
    forum.post(Scope.REPORT, "panel", by="rob", serves=True)
    assert not forum.post(Scope.REPORT, "panel", by="rob", serves=False)["serves"]
    forum.report(message="m1", room="general")
    decision = forum.decide("remove", reason="No insults.")["decision"]["id"]
    appeal = forum.post(Scope.REPORT, "appeals", by="mia", subject=decision, words="A quotation!")
    assert appeal["eyes"] == "panel"
    for one in ("mia", "noa", "rob", "ann"):
        assert forum.get(Scope.REPORT, "panel", by=one)["drawn"] == []
        forum.post(Scope.REPORT, f"appeals/{appeal['id']}/vote", 403, by=one, grants=True)
    (drawn,) = forum.get(Scope.REPORT, "panel", by="ole")["drawn"]
    assert (drawn["texts"], drawn["voted"], "No insults." in drawn["told"]) == (["you fools"], None, True)
    assert [one["text"] for one in drawn["appeal"]["words"]] == ["A quotation!"]
    vote = f"appeals/{appeal['id']}/vote"
    assert forum.post(Scope.REPORT, vote, by="ole", grants=True, words="Of a play.")["state"] == "open"
    assert forum.get(Scope.REPORT, "panel", by="ole")["drawn"][0]["voted"] is True
    assert forum.post(Scope.REPORT, vote, by="pia", grants=True)["state"] == "granted"
    forum.post(Scope.REPORT, vote, 409, by="quin", grants=False)
    assert forum.get(Scope.REPORT, "panel", by="quin")["drawn"] == []


def test_a_letter_names_the_link_where_nobody_reads_answers(forum: Forum) -> None:
    """Without Matrix rooms no letter asks for an answer; with one, our bot is there to read it."""
    forum.report()
    decision = forum.decide("mute", lasts=7200)["decision"]["id"]
    letter = forum.get(Scope.DECIDE, f"decisions/{decision}")["letters"][0]["text"]
    assert "open the link below" in letter
    assert "answer this message" not in letter
    forum.api.store.write_now(lambda c: rooms.add(c, forum.id, f"!{forum.id}:x", "R", by="ann", at=1.0))
    with_room = forum.get(Scope.REPORT, f"decisions/{decision}", by="mia")["letters"][0]["text"]
    assert "answer this message" in with_room


def _log(forum: Forum) -> list[LogEntry]:
    return forum.api.store.read_now(lambda c: log.entries(c, forum.id))
