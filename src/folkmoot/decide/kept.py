"""The conditions of a policy, kept by what they are about, so that a message pays for what it contains."""

from functools import reduce
from operator import or_

from folkmoot.decide.conditions import Condition
from folkmoot.decide.finds import Finds
from folkmoot.detect.triggers import (
    Copies,
    Expert,
    Floods,
    Image,
    Media,
    Mentions,
    Model,
    Pattern,
    Trigger,
)


class Kept:
    """Conditions, each kept where only those messages come by that it is about."""

    def __init__(self) -> None:
        self._required: dict[int, list[Condition]] = {}
        self._looked: list[Condition] = []
        self.copies: list[Condition] = []
        self.floods: list[Condition] = []
        self.pictured: list[Condition] = []
        self.asked: list[Condition] = []
        """Those in CEL, which want to know what all others found."""
        self._attached: list[Condition] = []
        self._modelled: list[Condition] = []
        self._patterned: list[Condition] = []
        self._firsts = self._looks = 0
        self._always = False

    def keep(self, trigger: Trigger, made: Condition) -> None:
        """Keep one more condition, made of this trigger."""
        if made.required:
            self._required.setdefault(made.required & -made.required, []).append(made)
        elif isinstance(trigger, Copies):
            self.copies.append(made)
        elif isinstance(trigger, Floods):
            self.floods.append(made)
        elif isinstance(trigger, Mentions | Media):
            self._attached.append(made)
        elif isinstance(trigger, Model):
            self._modelled.append(made)
        elif isinstance(trigger, Image):
            self.pictured.append(made)
        elif isinstance(trigger, Pattern):
            self._patterned.append(made)
        elif isinstance(trigger, Expert):
            self.asked.append(made)
        else:
            self._looked.append(made)

    def ready(self) -> None:
        """Sum up what the conditions want, once all are kept."""
        self._firsts = reduce(or_, self._required, 0)
        self._looks = reduce(or_, (made.look for made in self._looked), 0)
        self._always = not all(made.look for made in self._looked)

    def worth_a_look(self, finds: Finds) -> list[Condition]:
        """The conditions whose requirements the message meets, but for those in CEL."""
        bits, looks = finds.hits.bits, finds.folded.looks
        worth = self._hit(bits) if bits else []
        if looks & self._looks or self._always:
            worth += [made for made in self._looked if looks & made.look or not made.look]
        context, message = finds.context, finds.message
        if self.copies and context.copies:
            worth += self.copies
        if self.floods and context.recent:
            worth += self.floods
        if self.pictured and context.pictures:
            worth += self.pictured
        if self._attached and (message.mentions or message.mentions_room or message.media):
            worth += self._attached
        if self._modelled and finds.taken_for():
            worth += self._modelled
        if self._patterned and finds.patterns():
            worth += self._patterned
        return [made for made in worth if not bits & made.unless] if bits and worth else worth

    def _hit(self, bits: int) -> list[Condition]:
        """The conditions whose phrases are all there."""
        worth, rest = [], bits & self._firsts
        while rest:
            first = rest & -rest
            rest ^= first
            worth += [made for made in self._required[first] if bits & made.required == made.required]
        return worth
