"""What is found in one message, each thing looked for at most once."""

from typing import NamedTuple

from folkmoot.detect import models, places
from folkmoot.detect.hosts import Fed
from folkmoot.detect.patterns import Patterns
from folkmoot.detect.words import Hits, Lexicon, Place
from folkmoot.text.fold import Folded
from folkmoot.text.links import Link, links
from folkmoot.vocabulary import Context, Message, Span


class Besides(NamedTuple):
    """What rules for experts look for."""

    patterns: Patterns
    lists: dict[str, int]
    """The bit of each list of phrases, if a condition asks for them."""


class Finds:
    """What is found in one message, each thing looked for at most once."""

    __slots__ = (
        "_links",
        "_named",
        "_patterns",
        "_taken",
        "besides",
        "context",
        "fed",
        "folded",
        "hits",
        "lexicon",
        "message",
        "rules",
        "signals",
    )

    def __init__(
        self,
        message: Message,
        context: Context,
        folded: Folded,
        lexicon: Lexicon,
        besides: Besides | None = None,
        fed: Fed | None = None,
    ) -> None:
        self.besides = besides
        self.fed: Fed = fed or {}
        self.signals: tuple[str, ...] = ()
        """What other triggers found for sure; for conditions."""
        self.rules: tuple[str, ...] = ()
        """The ids of the rules for which they did."""
        self._patterns: int | None = None
        self.message = message
        self.context = context
        self.folded = folded
        self.lexicon = lexicon
        self.hits: Hits = lexicon.find(folded)
        self._links: tuple[Link, ...] | None = None
        self._named: dict[str, list[Span]] | None = None
        self._taken: models.Taken | None = None

    def links(self) -> tuple[Link, ...]:
        """The message's links."""
        if self._links is None:
            self._links = links(self.folded)
        return self._links

    def taken_for(self) -> models.Taken:
        """What the models take the message for."""
        if self._taken is None:
            self._taken = models.load().taken_for(self.folded, self.message.language)
        return self._taken

    def named(self, name: str) -> list[Span]:
        """Where a price, a link, an invitation or a contact stands."""
        if self._named is None:
            self._named = {}
        if name not in self._named:
            found = () if name in ("<price>", "<contact>", "<amount>") else self.links()
            self._named[name] = places.find(name, self.folded, found)
        return self._named[name]

    def patterns(self) -> int:
        """A bit for each of the policy's patterns that the text fits."""
        if self._patterns is None:
            self._patterns = self.besides.patterns.find(self.folded) if self.besides else 0
        return self._patterns

    def lists(self) -> list[str]:
        """The policy's lists of which the text has a phrase."""
        lists = self.besides.lists if self.besides else {}
        return [name for name, bit in lists.items() if self.hits.bits & bit]

    def spans(self, bit: int) -> list[Place]:
        """Where the phrases of a list stand."""
        return self.lexicon.spans(self.hits, self.folded, bit)
