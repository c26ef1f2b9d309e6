"""Reading a report as members write it: the word, the category, the reasons, the link to a message."""

import re
from collections.abc import Sequence
from urllib.parse import unquote

from msgspec import Struct

from folkmoot.gateways.matrix.bot import speech
from folkmoot.vocabulary import Category

_WORDS = frozenset(
    {"report", "melden", "reportar", "denunciar", "signaler", "пожаловаться", "举报", "إبلاغ", "laporkan"}
)
_NO_REPORT = frozenset(
    {
        "is", "was", "are", "were", "from", "to", "in", "on", "by", "of", "and", "or", "will", "says", "said",
        "has", "had", "due", "back", "card", "cards", "comes", "came", "number", "it's", "says:", "attached",
    }
)  # fmt: skip
"""After these, “report” is the thing that somebody writes or reads, and no request to us."""
_LONGEST = 1_000
_CATEGORIES = {
    "spam": Category.SPAM,
    "flood": Category.SPAM,
    "flooding": Category.SPAM,
    "scam": Category.SCAM,
    "fraud": Category.SCAM,
    "gambling": Category.GAMBLING,
    "sexual": Category.SEXUAL,
    "porn": Category.SEXUAL,
    "sexual-selling": Category.SEXUAL_SELLING,
    "drugs": Category.DRUGS,
    "violence": Category.VIOLENCE,
    "threat": Category.VIOLENCE,
    "threats": Category.VIOLENCE,
    "harassment": Category.HARASSMENT,
    "bullying": Category.HARASSMENT,
    "hate": Category.HATE,
    "self-harm": Category.SELF_HARM,
    "suicide": Category.SELF_HARM,
    "privacy": Category.PRIVACY,
    "doxxing": Category.PRIVACY,
    "doxing": Category.PRIVACY,
    "off-topic": Category.OFF_TOPIC,
}
_LINK = re.compile(r"([!#][^/\s?]+)/(\$[^/\s?]+)")
_URI = re.compile(r"matrix:(roomid|r)/([^/\s?]+)/e/([^/\s?]+)")


class Asked(Struct, frozen=True, kw_only=True):
    """What somebody wants looked at, and why."""

    category: Category | None = None
    words: str = ""


class Place(Struct, frozen=True):
    """A message as a link names it: the room by its id or its address, and the event."""

    room: str
    event: str


def report_in(body: str) -> Asked | None:
    """Return the report in a reply to a message; None if the reply is none.

    It is one if it begins with the word “report”, unless what follows shows that it is about a report.
    """
    said = speech.without_quote(body).strip()
    first, _, rest = said[:_LONGEST].partition(" ")
    if first.removeprefix("!").casefold().rstrip(":,.!-–—") not in _WORDS:
        return None
    words = rest.split()
    if words and first[-1].isalnum() and words[0].casefold() in _NO_REPORT:
        return None
    return asked_in(words)


def asked_in(words: Sequence[str]) -> Asked:
    """Return category and reasons from what follows the word “report”."""
    named = [word.casefold().strip(":,.!()") for word in words[:2]]
    found = next((_CATEGORIES[word] for word in named[:1] if word in _CATEGORIES), None)
    return Asked(category=found, words=" ".join(words)[:_LONGEST])


def link_in(words: Sequence[str]) -> Place | None:
    """Return the message that the first link among some words leads to."""
    for word in words:
        if uri := _URI.search(word):
            sign = "!" if uri[1] == "roomid" else "#"
            return Place(sign + unquote(uri[2]), "$" + unquote(uri[3]))
        # In a link to an app or to matrix.to, all of it may be encoded.
        if found := _LINK.search(unquote(word)):
            return Place(found[1], found[2])
    return None


def without_link(words: Sequence[str]) -> list[str]:
    """Return the words that are no link to a message."""
    return [word for word in words if link_in([word]) is None]
