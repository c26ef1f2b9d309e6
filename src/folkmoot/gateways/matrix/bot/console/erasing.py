"""Words whose time is over are taken out of the chat as well: our messages about them are redacted."""

from sqlalchemy import Connection

from folkmoot.gateways.matrix.bot import notes
from folkmoot.gateways.matrix.bot.console import notes as kept
from folkmoot.gateways.matrix.bot.console.board import Board
from folkmoot.gateways.matrix.bot.console.notes import Shown
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.remember import appeals, cases
from folkmoot.remember.seal import Seals

_WITH_WORDS = (kept.CASE, kept.APPEAL, kept.APPEAL_WORDS)
_MOST = 200


async def erase(here: Surroundings, board: Board) -> int:
    """Redact what we showed of cases and appeals whose words are erased; returns how many messages."""
    seals = here.store.seals
    found = await here.store.read(lambda c: _over(c, seals))
    for kind, subject, room, shown in found:
        await board.forget(room, shown, kind, subject)
    return len(found)


def _over(connection: Connection, seals: Seals) -> list[tuple[str, str, str, Shown]]:
    found: list[tuple[str, str, str, Shown]] = []
    for name, shown in notes.every(connection, Shown).items():
        kind, subject, room = name.split(":", 2)
        if kind in _WITH_WORDS and shown.event and _is_erased(connection, seals, kind, subject):
            found.append((kind, subject, room, shown))
    return found[:_MOST]


def _is_erased(connection: Connection, seals: Seals, kind: str, subject: str) -> bool:
    """Whether nothing is left to read: the words are unreadable, or the record is gone."""
    key = subject.partition(".")[0]
    known = cases.get(connection, key) if kind == kept.CASE else appeals.get(connection, key)
    words = seals.words(connection, key)
    return known is None or (bool(words) and all(one.text is None for one in words))
