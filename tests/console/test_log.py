"""The log in words."""

import ast
import re
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import Connection

import folkmoot
from folkmoot.explain.languages import speak
from folkmoot.remember import groups, rooms
from folkmoot.remember.records import Encrypted, LogEntry, Protection
from folkmoot.remember.tokens import TokenKind
from folkmoot.vocabulary import OnFailure
from folkmoot.web.words import log_words
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


async def test_every_kind_of_line_that_the_code_names_has_words() -> None:
    """A new kind of entry, wherever it is written, fails this test until it is said in a sentence."""
    source = Path(folkmoot.__file__).parent
    kinds = {
        node.value
        for file in source.rglob("*.py")
        if "log.write(" in file.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.fullmatch(r"(group|room|token|protection|policy|administrator)\.[a-z_]+|objection", node.value)
    }
    kinds |= {f"token.{kind}{end}" for kind in TokenKind for end in ("", ".ended")}
    kinds |= {f"protection.{state}" for state in Protection}
    entries = [LogEntry(seq=1, group="g", at=0, by="b", kind=kind, subject="s", body={}) for kind in kinds]
    assert len(kinds) >= 20
    assert [entry.kind for entry in entries if log_words(entry, speak("en")) == entry.kind] == []
