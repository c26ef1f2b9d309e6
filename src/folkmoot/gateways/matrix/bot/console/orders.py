"""What an administrator wants done, before it is done: by a tap, by a command, or after a second look."""

from enum import StrEnum

from msgspec import Struct

from folkmoot.review.consequences import Choice, Pick


class Does(StrEnum):
    """The kinds of things that can be wanted."""

    DECIDE = "decide"
    """Decide a case."""
    SANCTION = "sanction"
    """Decide about a member on one's own initiative."""
    LOCK_DOWN = "lock-down"
    UNDO = "undo"
    CONFIRM = "confirm"
    """Agree as a second person."""
    ANSWER = "answer"
    """Answer an appeal."""
    GO_ON = "go-on"
    """Let restrictions go on that wait because there were too many at once."""
    UNDO_RULE = "undo-rule"
    """Take back what rested on a rule that is gone."""
    NOTHING = "nothing"
    """Leave it as it is, when asked to confirm."""


class Order(Struct, frozen=True, kw_only=True):
    """One thing that somebody wants done; kept as a note while it waits for a tap."""

    does: Does
    subject: str = ""
    """Id of the case, the decision or the appeal; or the rule."""
    version: int = 0
    """Of the case or the appeal as it was shown; 0: as it is now."""
    grown: int = 0
    """How much there was in the case as it was shown; 0: whatever is in it now."""
    picks: tuple[Pick, ...] = ()
    lasts: float | None = None
    person: str = ""
    room: str = ""
    message: str = ""
    """The message that a decision on one's own initiative is about."""
    text: str = ""
    """What that message says. Only in memory: an order that waits for a tap has none."""
    reason: str = ""
    granted: bool = False
    sure: bool = False
    """Whether it was confirmed, where it has to be."""

    @property
    def choice(self) -> Choice:
        """Return what was picked, for a decision."""
        return Choice(picks=self.picks, lasts=self.lasts)


class Offer(Struct, frozen=True, kw_only=True):
    """A reaction that can be tapped, and what follows."""

    key: str
    sentence: str
    order: Order


def final(order: Order) -> str:
    """Return why something has to be confirmed, in words; empty where it can be taken back easily."""
    picks = set(order.picks)
    if Pick.BAN in picks and order.lasts is None:
        return "A ban without an end keeps somebody out for good, until one of you takes it back."
    if Pick.LOCK_DOWN in picks or order.does is Does.LOCK_DOWN:
        return "While the rooms are locked down, nobody new can come in without an invitation."
    if order.does is Does.ANSWER:
        return "An appeal is answered once; the member gets the answer at once."
    if order.does is Does.GO_ON:
        return "Everything that waits is then done."
    return ""


def plain_key(key: str) -> str:
    """Return a reaction without what clients add to it or leave away."""
    return key.replace("\N{VARIATION SELECTOR-16}", "").strip()
