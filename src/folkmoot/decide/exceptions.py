"""What lets a message pass although a rule's trigger was met."""

import re
from typing import Final

from folkmoot.decide.durations import seconds
from folkmoot.decide.finds import Finds
from folkmoot.decide.rules import Exceptions, Newcomers, Scope
from folkmoot.detect.triggers import Find
from folkmoot.vocabulary import Context, Message, Role, Span

_QUOTED: Final = re.compile(
    r"\"[^\"\n]{1,2000}\"|“[^“”]{1,2000}”|„[^„“”]{1,2000}[“”]|«[^«»]{1,2000}»|»[^»«]{1,2000}«|「[^「」]{1,2000}」|『[^『』]{1,2000}』"
    r"|(?<!\w)'[^'\n]{1,2000}'(?!\w)|‘[^‘’]{1,2000}’|^[>＞][^\n]*$",
    re.MULTILINE,
)
OWN_WORDS: Final = 3
"""How many words of one's own make a quotation a quotation."""


def in_scope(scope: Scope, message: Message, context: Context) -> bool:
    """Whether a rule holds in this room and for this sender."""
    if scope.rooms and message.room not in scope.rooms:
        return False
    return scope.newcomers is None or _is_new(scope.newcomers, context)


def _is_new(newcomers: Newcomers, context: Context) -> bool:
    if newcomers.joined_within is not None and context.joined_at is not None:
        within = seconds(newcomers.joined_within) or 0.0
        if context.now - context.joined_at <= within:
            return True
    few, sent = newcomers.fewer_messages_than, context.messages_before
    return few is not None and sent is not None and sent < few


Found = list[tuple[Find, bool]]
"""What a rule found, each with whether it is a doubtful sign."""


def excepted(exceptions: Exceptions, excepting: int, found: Found, finds: Finds) -> Found:
    """Of what a rule found, that which no exception lets pass."""
    role, message = finds.context.role, finds.message
    if (exceptions.administrators and role is Role.ADMINISTRATOR) or (exceptions.bots and role is Role.BOT):
        return []
    if message.sender in exceptions.members or message.room in exceptions.rooms:
        return []
    if excepting & finds.hits.bits:
        return []
    if exceptions.quoted:
        quotations = [finds.folded.uncut(span.start, span.end) for span in quoted(finds.folded.judged)]
        return [one for one in found if not _inside(one[0].spans, quotations)]
    return found


def quoted(text: str) -> list[Span]:
    """The quotations in a text, if the writer says something of their own besides."""
    spans = [Span(*match.span()) for match in _QUOTED.finditer(text)]
    own = _QUOTED.sub(" ", text)
    return spans if len(re.findall(r"[^\W\d_]+", own)) >= OWN_WORDS or _cjk(own) >= 2 * OWN_WORDS else []


def _cjk(text: str) -> int:
    return sum("\u3040" <= char <= "\u9fff" for char in text)


def _inside(spans: tuple[Span, ...], quotations: list[Span]) -> bool:
    """Whether everything that was found stands in quotations."""
    return bool(spans) and all(
        any(quotation.start <= span.start and span.end <= quotation.end for quotation in quotations)
        for span in spans
    )
