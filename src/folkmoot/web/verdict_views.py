"""Kept verdicts as pages show them: who, where, when, what was done, which rule and why. No text."""

from collections.abc import Mapping

from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.decide.rules import Policy
from folkmoot.explain.findings import finding
from folkmoot.explain.reasons import sentence
from folkmoot.remember import policies, rooms, verdicts
from folkmoot.remember.records import PolicyVersion, VerdictRecord
from folkmoot.web.rendering import Translate
from folkmoot.web.rule_views import policy_of
from folkmoot.web.words import category_words, happened

MOST = 50


class Cited(Struct, frozen=True, kw_only=True):
    """A rule that a verdict rests on."""

    id: str
    sentence: str
    category: str
    version: int


class VerdictView(Struct, frozen=True, kw_only=True):
    """One verdict for a page."""

    id: str
    seq: int
    group: str
    sender: str
    room: str
    at: float
    kind: str
    headline: str
    meaning: str
    rules: tuple[Cited, ...]
    shadow_rules: tuple[Cited, ...]
    signals: tuple[str, ...]


class Read(Struct, frozen=True, kw_only=True):
    """Verdicts as read from the store, with what is needed to name their rooms and rules."""

    records: list[VerdictRecord]
    titles: dict[str, str]
    versions: dict[int, PolicyVersion]
    more: bool
    """Whether there are older ones, or ones left out."""


def read(connection: Connection, group: str, *, before: int | None = None, after: int | None = None) -> Read:
    """Read one page of a group's verdicts."""
    found = verdicts.latest(connection, group, before=before, after=after, most=MOST + 1)
    return with_names(connection, group, found[:MOST], more=len(found) > MOST)


def with_names(
    connection: Connection, group: str, records: list[VerdictRecord], *, more: bool = False
) -> Read:
    """Read the names of the rooms and the policy versions that verdicts speak of."""
    titles = {}
    for room in {record.room for record in records}:
        known = rooms.get(connection, room)
        titles[room] = known.title if known is not None and known.group == group else room
    versions = {
        number: version
        for number in {record.policy_version for record in records}
        if (version := policies.get(connection, group, number)) is not None
    }
    return Read(records=records, titles=titles, versions=versions, more=more)


def verdict_views(was: Read, _: Translate) -> list[VerdictView]:
    """Return verdicts in words, in the order in which they were read."""
    known = {number: policy_of(version) for number, version in was.versions.items()}
    return [_view(record, was.titles, known, _) for record in was.records]


def _view(
    record: VerdictRecord, titles: Mapping[str, str], known: Mapping[int, Policy], _: Translate
) -> VerdictView:
    said = happened(record, _)
    policy = known.get(record.policy_version)
    return VerdictView(
        id=record.id,
        seq=record.seq,
        group=record.group,
        sender=record.sender,
        room=titles[record.room],
        at=record.at,
        kind=said.kind,
        headline=said.headline,
        meaning=said.meaning,
        rules=_cited(record.finding.rules, record, policy, _),
        shadow_rules=_cited(record.finding.shadow_rules, record, policy, _),
        signals=tuple(dict.fromkeys(finding(signal.sentence, _) for signal in record.finding.signals)),
    )


def _cited(
    names: tuple[str, ...], record: VerdictRecord, policy: Policy | None, _: Translate
) -> tuple[Cited, ...]:
    cited = []
    for name in names:
        rule = policy.rule(name) if policy is not None else None
        cited.append(
            Cited(
                id=name,
                sentence=sentence(rule.sentence, _) if rule is not None else name,
                category=category_words(rule.category, _) if rule is not None else "",
                version=record.policy_version,
            )
        )
    return tuple(cited)
