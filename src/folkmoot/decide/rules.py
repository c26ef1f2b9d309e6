"""A group's rules as typed structs, read from TOML and written to it."""

from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct, field

from folkmoot.detect.triggers import Trigger
from folkmoot.vocabulary import Category, Outcome

Mode = Literal["live", "shadow"]


class Newcomers(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Members who are new to the group; who may be new but is not known to be is not meant."""

    joined_within: str | None = None
    fewer_messages_than: int | None = None


class Scope(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Where a rule holds and for whom; everywhere and for everybody when nothing is said."""

    rooms: tuple[str, ...] = ()
    newcomers: Newcomers | None = None


class Exceptions(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What a rule lets pass although its trigger was met."""

    administrators: bool = True
    bots: bool = True
    members: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    quoted: bool = False
    """Words that stand in quotation marks or in a quoted line, with the writer's own words beside them."""
    words: tuple[str, ...] = ()
    """Phrases that show that the message speaks about the thing: a warning, a report, a request for help."""


class Rule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When these signals, then this outcome, except for these."""

    id: str
    sentence: str
    """The rule as the members read it."""
    category: Category
    outcome: Outcome
    when: tuple[Trigger, ...]
    """Any of these triggers sets the rule off."""
    mode: Mode = "live"
    made_by: str
    made_at: datetime
    scope: Scope = Scope()
    exceptions: Exceptions = field(default=Exceptions(), name="except")


class Policy(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A group's ordered rules: versioned, and never edited in place."""

    id: str
    name: str
    version: int = 1
    lists: dict[str, tuple[str, ...]] = {}
    """Lists of phrases that several rules share, by name."""
    rules: tuple[Rule, ...]

    @property
    def label(self) -> str:
        """How a verdict names the policy version that judged."""
        return f"{self.id}@{self.version}"

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of that id, if there is one."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def all_live(self) -> "Policy":
        """The same policy with no rule in shadow."""
        rules = tuple(msgspec.structs.replace(rule, mode="live") for rule in self.rules)
        return msgspec.structs.replace(self, rules=rules)
