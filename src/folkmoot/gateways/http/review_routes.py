"""Every address about people: who may ask, what is asked, what is answered."""

from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct

from folkmoot.gateways.http import review_appeals as appeals
from folkmoot.gateways.http import review_asked as asking
from folkmoot.gateways.http import review_deeds as deeds
from folkmoot.gateways.http import review_panel as panels
from folkmoot.gateways.http import review_wire as wire
from folkmoot.remember.choices import Choices
from folkmoot.remember.tokens import Scope


class ReviewRoute(Struct, frozen=True):
    """One address with one method."""

    method: str
    path: str
    """`{id}` stands for what it is about."""
    may: frozenset[Scope]
    """Which tokens open it: those that may do one of these."""
    deed: Callable[..., Any]
    """Called with the desk, and then, where there are any: who asks by header, the id, the body."""
    asked: Any
    """What the body is read as; None where there is none."""
    answer: Any
    summary: str
    by: bool = False
    """Whether the header says who asks."""
    writes: bool = True


_REPORT, _DECIDE = frozenset({Scope.REPORT}), frozenset({Scope.DECIDE})
_EITHER, _ACT = _REPORT | _DECIDE, frozenset({Scope.ACT})


def _post(path: str, may: frozenset[Scope], deed: Any, asked: Any, answer: Any, summary: str) -> ReviewRoute:
    return ReviewRoute("POST", path, may, deed, asked, answer, summary)


def _get(
    path: str,
    may: frozenset[Scope],
    deed: Any,
    answer: Any,
    summary: str,
    *,
    by: bool = True,
    writes: bool = False,
) -> ReviewRoute:
    return ReviewRoute("GET", path, may, deed, None, answer, summary, by, writes)


ROUTES: Final = (
    _post(
        "/v1/reports", _REPORT, deeds.report, asking.ReportToMake, wire.ReportTaken,
        "A member reports a message.",
    ),
    _get("/v1/cases", _DECIDE, deeds.cases, wire.Cases, "The cases that wait, the most urgent first."),
    _get("/v1/cases/{id}", _DECIDE, deeds.case, wire.CaseShown, "One case with everything in it."),
    _post(
        "/v1/cases/{id}/claim", _DECIDE, deeds.claim, asking.Claim, wire.Claimed,
        "Take a case, so that nobody else decides it meanwhile.",
    ),
    _post(
        "/v1/cases/{id}/decide", _DECIDE, deeds.decide, asking.DecisionToMake, wire.DecisionRecord,
        "Decide a case, or see what would follow.",
    ),
    _get(
        "/v1/decisions/{id}", _EITHER, deeds.decision, wire.DecisionRecord,
        "A decision, with the letters to those it touches; a member sees what touches them.",
    ),
    _post(
        "/v1/decisions/{id}/undo", _DECIDE, deeds.undo, asking.Back, wire.DecisionRecord,
        "Take a decision back, with everything that it did.",
    ),
    _post(
        "/v1/decisions/{id}/confirm", _DECIDE, deeds.confirm, asking.Asked, wire.DecisionRecord,
        "Agree, as the second administrator, to what can’t be given back.",
    ),
    _get("/v1/appeals", _DECIDE, appeals.waiting, wire.Appeals, "Appeals that wait for this person."),
    _post("/v1/appeals", _REPORT, appeals.appeal, asking.AppealToMake, wire.AppealShown, "A member appeals."),
    _get("/v1/appeals/{id}", _EITHER, appeals.look, wire.AppealShown, "One appeal with its dialogue."),
    _post(
        "/v1/appeals/{id}/words", _EITHER, appeals.words, asking.WordsToAdd, wire.AppealShown,
        "Add to the dialogue of an appeal.",
    ),
    _post(
        "/v1/appeals/{id}/answer", _DECIDE, appeals.answer, asking.AnswerToGive, wire.AppealShown,
        "Answer an appeal with reasons; granted, everything is undone.",
    ),
    _post(
        "/v1/appeals/{id}/withdraw", _REPORT, appeals.withdraw, asking.Asked, wire.AppealShown,
        "The member who appealed withdraws the appeal.",
    ),
    _post(
        "/v1/appeals/{id}/vote", _REPORT, panels.vote, asking.VoteToCast, wire.Voted,
        "A member who was drawn for an appeal votes; the majority of those drawn decides.",
    ),
    _get(
        "/v1/panel", _REPORT, panels.panel, wire.Panel,
        "Whether a member serves on panels, and the appeals that they were drawn for.",
    ),
    _post(
        "/v1/panel", _REPORT, panels.serve, asking.PanelToServe, wire.Panel,
        "A member agrees to serve on panels, or does so no longer.",
    ),
    _get(
        "/v1/breaker", _DECIDE, panels.breaker, wire.Breaker,
        "Whether restrictions wait because there were too many at once.", by=False,
    ),
    _post(
        "/v1/breaker/confirm", _DECIDE, panels.go_on, asking.Asked, wire.Breaker,
        "Let restrictions that wait take effect.",
    ),
    _get(
        "/v1/actions", _ACT, deeds.actions, wire.Actions,
        "What is to be done on your chat now; each is given again until you say what became of it.",
        by=False, writes=True,
    ),
    _post(
        "/v1/actions/{id}", _ACT, deeds.action, asking.ActionReport, wire.Settled,
        "Say what became of an action, once or several times.",
    ),
    _get("/v1/choices", _DECIDE, deeds.chosen, Choices, "How the group decides.", by=False),
    _post("/v1/choices", _DECIDE, deeds.choose, asking.ChoiceToMake, Choices, "Choose how it decides."),
    _get(
        "/v1/administrators", _DECIDE, deeds.administrators, wire.Administrators,
        "Who administers the group.", by=False,
    ),
    _post(
        "/v1/administrators", _DECIDE, deeds.name_administrators, asking.AdministratorsToName,
        wire.Administrators, "Name who administers a group without Matrix rooms: these and nobody else.",
    ),
)  # fmt: skip
