"""The log in words."""

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import Connection

import folkmoot
from folkmoot.explain.languages import NAMES, speak
from folkmoot.remember import groups, rooms
from folkmoot.remember.deciding import AppealState, DecisionKind
from folkmoot.remember.records import Encrypted, LogEntry, Protection
from folkmoot.remember.tokens import TokenKind
from folkmoot.vocabulary import ActionKind, OnFailure
from folkmoot.web.languages import Languages
from folkmoot.web.log_words import log_words
from tests.console.reading import words
from tests.console.serving import Served
from tests.support.seed import MARKET, STEWARD

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_log_says_who_did_what(fresh: Served, client: httpx2.AsyncClient) -> None:
    """Lines are sentences, with their author; what the program did by itself is said to be its own."""
    text = await words(client, fresh, "/groups/{group}/log")
    for line in (
        f"Ended practice: verdicts take effect. {STEWARD}",
        f"Put version 2 of the rules in force. Links, private addresses, and a rule to try out {STEWARD}",
        "Protection is off: The policy account @moot:moot.example.org is not in the room.",
        "Invite it again. Folkmoot itself",
        "Protection is on. Folkmoot itself",
        f"Put the room “Lend and swap” into the group. {STEWARD}",
        f"{STEWARD} became an administrator. Folkmoot itself",
        f"Signed in to the console. {STEWARD}",
    ):
        assert line in text


async def test_every_kind_of_line_has_words(fresh: Served, client: httpx2.AsyncClient) -> None:
    """Whatever the store writes into the log is said in a sentence, never by its internal name."""
    group = fresh.seeded.group

    def more(connection: Connection) -> None:
        at = fresh.clock()
        groups.practise(connection, group, by=STEWARD, at=at)
        groups.set_on_failure(connection, group, OnFailure.CLOSED, by=STEWARD, at=at)
        groups.set_encrypted(connection, group, Encrypted.REFUSE, by=STEWARD, at=at)
        rooms.set_administrators(connection, MARKET, {}, at=at)
        rooms.set_protection(connection, MARKET, Protection.STARTING, "Waiting", at=at)
        rooms.remove(connection, MARKET, by=STEWARD, at=at)

    fresh.store.write_now(more)
    fresh.ended_session()
    text = await words(client, fresh, "/groups/{group}/log")
    assert not re.search(r"\b(?:group|room|token|protection|policy|administrator)\.\w+", text)


_OF_A_VARIABLE = {
    "state.value": AppealState,
    "draft.kind.value": DecisionKind,
    "kind.value": TokenKind,
    "row.kind": TokenKind,
}
"""What stands in for each part of a kind that is known only when it is written."""


def _kinds_in(tree: ast.AST) -> Iterator[str]:
    """Every kind of entry that a module of the program writes; what can't be told is an error."""
    functions = [one for one in ast.walk(tree) if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))]
    for function in functions:
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "log.write":
                yield from _kinds_of(call.args[2], function, tree)


def _kinds_of(kind: ast.expr, function: ast.AST, tree: ast.AST) -> Iterator[str]:
    match kind:
        case ast.Constant(value=str(said)):
            yield said
        case ast.IfExp():
            yield from _kinds_of(kind.body, function, tree)
            yield from _kinds_of(kind.orelse, function, tree)
        case ast.JoinedStr(values=[ast.Constant(value=str(head)), ast.FormattedValue(value=hole), *rest]):
            if ast.unparse(hole) == "state.value" and head == "protection.":
                names: type[StrEnum] = Protection
            else:
                names = _OF_A_VARIABLE[ast.unparse(hole)]
            end = "".join(str(one.value) for one in rest if isinstance(one, ast.Constant))
            yield from (f"{head}{one.value}{end}" for one in names)
        case ast.Name(id=name):
            given = [*_assigned(name, function)] or [*_passed(name, function, tree)]
            assert given, f"{ast.unparse(function)[:60]}: nobody can tell what {name} is"
            for one in given:
                yield from _kinds_of(one, function, tree)
        case _:
            raise AssertionError(f"The kind {ast.unparse(kind)} can't be told from the code.")


def _assigned(name: str, function: ast.AST) -> Iterator[ast.expr]:
    for one in ast.walk(function):
        if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == name:
            yield one.value


def _passed(name: str, function: ast.AST, tree: ast.AST) -> Iterator[ast.expr]:
    assert isinstance(function, ast.FunctionDef)
    place = [one.arg for one in function.args.args].index(name)
    for one in ast.walk(tree):
        if isinstance(one, ast.Call) and ast.unparse(one.func) == function.name:
            yield one.args[place]


_SILENT = {"appeal.open"}
"""What the code could name, but never writes: an appeal is not closed as open."""


async def test_every_kind_of_line_that_the_code_writes_has_words() -> None:
    """A new kind of entry, wherever it is written, fails this test until it is said in a sentence."""
    source = Path(folkmoot.__file__).parent
    kinds = {
        kind
        for file in source.rglob("*.py")
        if "log.write(" in (text := file.read_text(encoding="utf-8"))
        for kind in _kinds_in(ast.parse(text))
    } - _SILENT
    assert {"decision.undo", "token.api.ended", "protection.off", "group.started"} < kinds
    assert len(kinds) >= 55
    entries = [LogEntry(seq=1, group="g", at=0, by="b", kind=kind, subject="s", body={}) for kind in kinds]
    assert [entry.kind for entry in entries if log_words(entry, speak("en")) == entry.kind] == []


async def test_an_act_on_the_chat_is_never_called_by_its_internal_name() -> None:
    """What follows from a decision is said in words, each once, and an id is as short as people type it."""
    for language in NAMES:
        _ = Languages().choose(language)
        for kind in ActionKind:
            body = {"actions": f"{kind},{kind}", "what": kind.value, "person": "@mia:x"}
            done = log_words(_entry("action.done", **body), _)
            made = log_words(_entry("decision.appeal", **body), _)
            what = done.removeprefix(_("Took effect: {what}.").split("{")[0])[:-1]
            assert what
            assert what != kind.value
            assert made.count(what) == 1
            assert "@mia:x" not in made
        assert "cccccc" in log_words(_entry("case.claimed"), _)
        assert "ccccccc" not in log_words(_entry("case.claimed"), _)


def _entry(kind: str, **body: str) -> LogEntry:
    return LogEntry(seq=1, group="g", at=0, by="b", kind=kind, subject="c" * 32, body=body)
