"""Reading what an administrator wrote after a command: which case, whom, for how long, and why."""

import html
import re
from collections.abc import Iterable
from urllib.parse import unquote

from msgspec import Struct

from folkmoot.gateways.matrix.bot.console.moments import length
from folkmoot.gateways.matrix.bot.wire import Content, list_of, part_of, text_of

_REF = re.compile(r"#?([0-9a-f]{3,32})\Z")
_PERSON = re.compile(r"@[^\s:]{1,200}:[^\s,;]{1,200}\Z")
_PILL = re.compile(r'<a href="https://matrix\.to/#/([^"/?]{3,600})[^"]{0,300}">([^<]{1,200})</a>')
_BECAUSE = frozenset({"because", "because:", "because,"})
_SPACED = re.compile(r"\b(\d{1,4}) (m|min|minutes?|h|hrs?|hours?|d|days?|w|weeks?)\b")
_MOST_PILLS = 20
_LONGEST = 5_000
_FILLING = frozenset({"case", "appeal", "for", "to", "the", "member"})


class Request(Struct, frozen=True, kw_only=True):
    """What follows a command, taken apart."""

    ref: str = ""
    """The beginning of an id."""
    people: tuple[str, ...] = ()
    """Whoever is named by Matrix id, or by a pill."""
    name: str = ""
    """A name that is no id."""
    lasts: float | None = None
    reason: str = ""
    first: str = ""
    """The first word as it was written."""


def request(words: Iterable[str], content: Content, *, account: str) -> Request:
    """Take apart what follows a command; `content` is the whole message, whose pills say who is meant."""
    text = " ".join(words)
    for name, person in _pills(content, account):
        text = text.replace(name, f" {person} ", 1)
    tokens = text.split()
    cut = next((at for at, word in enumerate(tokens) if word.casefold() in _BECAUSE), None)
    head = _SPACED.sub(r"\1\2", " ".join(tokens[:cut])).split()
    reason = [] if cut is None else tokens[cut + 1 :]
    return _read(head, reason, closed=cut is not None, mentioned=_mentioned(content, account))


def _read(head: list[str], reason: list[str], *, closed: bool, mentioned: list[str]) -> Request:
    people: list[str] = []
    name: list[str] = []
    rest: list[str] = []
    lasts: float | None = None
    ref, left = _named_first(head, closed=closed)
    for word in left:
        plain = word.strip(",;.")
        if not rest and _PERSON.match(plain):
            people.append(plain)
        elif not rest and lasts is None and length(plain) is not None:
            lasts = length(plain)
        elif not closed and (people or lasts is not None or ref):
            rest.append(word)
        elif not rest:
            name.append(plain)
    # What stands after everything else and is none of it says why.
    why = reason or rest
    if not people and not name:
        people = mentioned
    return Request(
        ref=ref,
        people=tuple(dict.fromkeys(people)),
        name=" ".join(name),
        lasts=lasts,
        reason=" ".join(why).strip(" :,"),
        first=head[0] if head else "",
    )


def _named_first(head: list[str], *, closed: bool) -> tuple[str, list[str]]:
    """The beginning of an id, where one stands first, and the words after it."""
    left = [word for word in head if word.casefold() not in _FILLING] if closed else [*head]
    while left and left[0].casefold() in _FILLING:
        left.pop(0)
    found = _REF.match(left[0].casefold()) if left else None
    return (found[1], left[1:]) if found else ("", left)


def _pills(content: Content, account: str) -> list[tuple[str, str]]:
    """Whoever is named in the formatted text, by their name and their id."""
    written = text_of(content.get("formatted_body"))[:_LONGEST]
    without_quote = re.sub(r"<mx-reply>.*?</mx-reply>", "", written, flags=re.DOTALL)
    found = [
        (html.unescape(name), unquote(html.unescape(person)))
        for person, name in _PILL.findall(without_quote)[:_MOST_PILLS]
    ]
    return [(name, person) for name, person in found if _PERSON.match(person) and person != account]


def _mentioned(content: Content, account: str) -> list[str]:
    """Whoever the client says is named, apart from us."""
    named = list_of(part_of(content, "m.mentions").get("user_ids"))[:_MOST_PILLS]
    return [one for one in named if isinstance(one, str) and _PERSON.match(one) and one != account]
