"""What the link of a receipt opens: a verdict, or what a decision did to one member, and the appeal."""

from typing import Literal

from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.explain.languages import Tongue
from folkmoot.explain.reasons import Statement, sentence
from folkmoot.intake.receipts import Receipts
from folkmoot.remember import actions, appeals, decisions, groups, policies, verdicts
from folkmoot.remember.deciding import Appeal, AppealState, Decision
from folkmoot.remember.erasure import APPEALABLE
from folkmoot.remember.records import Group, VerdictRecord
from folkmoot.remember.seal import Seals
from folkmoot.review import statements
from folkmoot.review.subjects import Subject, UnknownAppealError, subject_of
from folkmoot.web.rule_views import policy_of
from folkmoot.web.words import category_words, happened

State = Literal["none", "possible", "open", "granted", "refused", "withdrawn", "undone", "over"]


class Opened(Struct, frozen=True, kw_only=True):
    """What a link is for: a verdict or a decision, and the member whose link it is."""

    id: str
    group: str
    person: str
    at: float
    verdict: VerdictRecord | None = None
    decision: Decision | None = None
    reported: bool = False
    """Whether it is the link of somebody on whose report the decision did nothing."""


class Cited(Struct, frozen=True, kw_only=True):
    """The rule that it rests on."""

    id: str
    sentence: str
    category: str
    version: int


class Said(Struct, frozen=True, kw_only=True):
    """One contribution to the dialogue of an appeal."""

    own: bool
    """Whether it is the member's."""
    at: float
    text: str


class AppealView(Struct, frozen=True, kw_only=True):
    """How far an appeal has come; `possible` where there is none yet."""

    state: State
    until: float = 0.0
    """Until when one can appeal."""
    due_at: float = 0.0
    answered_at: float = 0.0
    said: tuple[Said, ...] = ()
    answer: str = ""
    undone: bool = False
    partly: bool = False
    """Whether what it is about was taken back for the member, and whether for them alone."""


class ReceiptView(Struct, frozen=True, kw_only=True):
    """A receipt as its page shows it."""

    id: str
    group: Group
    at: float
    where: str
    kind: str
    """For its colour and mark."""
    note: str
    """What a verdict without consequence, or none at all, means."""
    one_message: bool
    """Whether it is about one message and nothing that lasts."""
    statement: Statement
    rule: Cited | None
    appeal: AppealView


def opened(connection: Connection, receipts: Receipts, token: str) -> Opened | None:
    """Return what a token opens; None where it opens nothing."""
    if (name := receipts.verdict(token)) is not None:
        kept = verdicts.get(connection, name)
        return None if kept is None else _opened_verdict(kept)
    found = decisions.get(connection, token.partition(".")[0])
    if found is None:
        return None
    touched = {one.person for one in actions.of_decision(connection, found.id) if one.person}
    reporters = set(_people(connection, found.id)) - touched
    person = receipts.person(token, sorted(touched | reporters))
    if person is None:
        return None
    return Opened(
        id=found.id,
        group=found.group,
        person=person,
        at=found.at,
        decision=found,
        reported=person in reporters,
    )


def _people(connection: Connection, name: str) -> tuple[str, ...]:
    """Who may appeal."""
    try:
        return subject_of(connection, name).people
    except UnknownAppealError:
        return ()


def _opened_verdict(kept: VerdictRecord) -> Opened:
    return Opened(id=kept.id, group=kept.group, person=kept.sender, at=kept.at, verdict=kept)


def receipt_view(connection: Connection, seals: Seals, what: Opened, now: float, _: Tongue) -> ReceiptView:
    """Return all that a receipt's page says."""
    group = groups.get(connection, what.group)
    if what.reported:
        told = _of_report(group, what.at, _)
    elif what.decision is not None:
        told = _of_decision(connection, what.decision, what.person, group, _)
    else:
        assert what.verdict is not None
        told = _of_verdict(connection, what.verdict, group, _)
    return ReceiptView(
        id=what.id,
        group=group,
        at=what.at,
        where=told.where,
        kind=told.kind,
        note=told.note,
        one_message=what.verdict is not None,
        statement=told.statement,
        rule=_cited(connection, what.group, told.version, told.rule, _),
        appeal=_appeal(connection, seals, what, now),
    )


class _Told(Struct, frozen=True, kw_only=True):
    """What is read differently for a verdict and for a decision."""

    statement: Statement
    where: str
    kind: str
    note: str = ""
    rule: str | None
    version: int


def _of_decision(connection: Connection, made: Decision, person: str, group: Group, _: Tongue) -> _Told:
    said = statements.of_decision(connection, made, person, link=None, language=_.code)
    return _Told(
        statement=said,
        where=statements.room_of(connection, made, person) or group.title,
        kind="stopped" if said.objection else "case",
        rule=made.rule,
        version=made.policy_version,
    )


def _of_report(group: Group, at: float, _: Tongue) -> _Told:
    """Only that nothing was done: what else the decision says is for the member whom it is about."""
    said = Statement(
        headline=_("Your report was looked at, and nothing was done about the message."),
        place="",
        rule="",
        facts=(),
        found=_("A person decided, not a machine."),
        objection="",
        link=None,
    )
    return _Told(statement=said, where=group.title, kind="case", rule=None, version=0)


def _of_verdict(connection: Connection, kept: VerdictRecord, group: Group, _: Tongue) -> _Told:
    was = happened(kept, _)
    return _Told(
        statement=statements.of_verdict(connection, kept, link=None, language=_.code),
        where=statements.title_of(connection, kept.group, kept.room) or group.title,
        kind=was.kind,
        note=was.meaning if was.kind in ("practice", "tried", "unjudged") else "",
        rule=next(iter(kept.finding.rules), None),
        version=kept.policy_version,
    )


def _cited(connection: Connection, group: str, version: int, name: str | None, _: Tongue) -> Cited | None:
    kept = policies.get(connection, group, version) if version and name else None
    rule = policy_of(kept).rule(name) if kept is not None and name else None
    if rule is None:
        return None
    return Cited(
        id=rule.id,
        sentence=sentence(rule.sentence, _),
        category=category_words(rule.category, _),
        version=version,
    )


def _appeal(connection: Connection, seals: Seals, what: Opened, now: float) -> AppealView:
    subject = _subject(connection, what)
    if subject is None:
        return AppealView(state="none")
    back = decisions.taken_back(connection, subject.id, what.person)
    known = appeals.against(connection, subject.id, what.person)
    if known is not None:
        return _known(connection, seals, known, back)
    if back is not None:
        return AppealView(state="undone")
    until = subject.at + APPEALABLE
    return AppealView(state="possible" if now <= until else "over", until=until)


def _subject(connection: Connection, what: Opened) -> Subject | None:
    try:
        subject = subject_of(connection, what.id)
    except UnknownAppealError:
        return None
    return subject if what.person in subject.people else None


def _known(connection: Connection, seals: Seals, known: Appeal, back: Decision | None) -> AppealView:
    words = [one for one in seals.words(connection, known.id) if one.text]
    states: dict[AppealState, State] = {
        AppealState.OPEN: "open",
        AppealState.GRANTED: "granted",
        AppealState.REFUSED: "refused",
        AppealState.WITHDRAWN: "withdrawn",
    }
    return AppealView(
        state=states[known.state],
        due_at=known.due_at,
        answered_at=known.answered_at or 0.0,
        said=tuple(
            Said(own=one.author == known.person, at=one.at, text=one.text or "")
            for one in words
            if one.kind == "appeal"
        ),
        answer=next((one.text or "" for one in words if one.kind == "answer"), ""),
        undone=back is not None,
        partly=back is not None and back.partly is not None,
    )
