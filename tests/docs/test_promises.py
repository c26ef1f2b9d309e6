"""The promises that can be read off the code: what it must never hold (README, "What it will never do")."""

import re
import unicodedata

import pytest
from msgspec import structs

from folkmoot.decide import starters
from folkmoot.decide.phrases import expand
from folkmoot.decide.rules import Policy, Rule
from folkmoot.remember.deciding_tables import metadata
from folkmoot.vocabulary import Category, Outcome
from tests.docs.pages import ROOT, text

_CATEGORIES = {
    "spam",
    "scam",
    "gambling",
    "sexual",
    "sexual-selling",
    "drugs",
    "violence",
    "harassment",
    "hate",
    "self-harm",
    "privacy",
    "off-topic",
}

# Stems in the languages that the starters speak. A phrase that has one may let a message pass; it may never
# be what a rule looks for.
_OPINION = (
    "politic",
    "politik",
    "politique",
    "polític",
    "политик",
    "سياس",
    "राजनीति",
    "政治",
    "polic",
    "polizei",
    "policía",
    "polícia",
    "polisi",
    "полици",
    "polis",
    "شرطة",
    "الشرطة",
    "पुलिस",
    "警察",
    "government",
    "regierung",
    "gouvernement",
    "gobierno",
    "governo",
    "правительств",
    "hükümet",
    "pemerintah",
    "حكوم",
    "सरकार",
    "政府",
    "minister",
    "ministro",
    "министр",
    "president",
    "präsident",
    "presidente",
    "президент",
    "parliament",
    "parlament",
    "парламент",
    "election",
    "elección",
    "elecciones",
    "élection",
    "eleição",
    "wahlen",
    "выбор",
    "انتخاب",
    "चुनाव",
    "选举",
    "petition",
    "petición",
    "pétition",
    "петици",
    "请愿",
    "protest",
    "протест",
    "مظاهر",
    "抗议",
    "rally",
    "demonstration",
    "manifestación",
    "manifestation",
    "митинг",
    "strike",
    "streik",
    "religio",
    "church",
    "mosque",
    "muslim",
    "islam",
    "christian",
    "jewish",
    "allah",
    "religión",
    "религи",
    "宗教",
    "newspaper",
    "journalis",
    "rumour",
    "rumor",
    "gerücht",
    "слух",
    "whistleblow",
    "leaked document",
    "leaked papers",
    "corrupt",
    "korrupt",
    "коррупц",
)

every_starter = pytest.mark.parametrize(
    "policy", [starters.load(name) for name in starters.names()], ids=lambda p: p.id
)


def _looked_for(policy: Policy, rule: Rule) -> list[str]:
    """Return every phrase that can set a rule off; what lets a message pass is not among them."""
    found: list[str] = []
    for trigger in rule.when:
        for phrases in (getattr(trigger, "any", ()), *getattr(trigger, "each", ())):
            found += expand(phrases, policy.lists)
        found += getattr(trigger, "hosts", ())
    return found


def test_the_categories_are_behaviours_and_these_only() -> None:
    """No category is about opinion; a new one is a decision that must be made here too."""
    assert {category.value for category in Category} == _CATEGORIES


@every_starter
def test_no_starter_rule_looks_for_opinion(policy: Policy) -> None:
    """No shipped rule is set off by words about politics, police, government, protest, religion or news."""
    assert any(_looked_for(policy, rule) for rule in policy.rules)
    for rule in policy.rules:
        for phrase in _looked_for(policy, rule):
            plain = unicodedata.normalize("NFC", phrase.casefold()).strip("=*")
            touched = [stem for stem in _OPINION if re.search(rf"(?<!\w){re.escape(stem)}", plain)]
            assert touched == [], f"{policy.id}/{rule.id}: {phrase}"


@every_starter
def test_every_starter_rule_can_be_read(policy: Policy) -> None:
    """Each starter has at most six rules, each a sentence, of a behaviour, made by us at a known time."""
    assert 1 <= len(policy.rules) <= 6
    for rule in policy.rules:
        assert rule.sentence.endswith(".")
        assert rule.category in Category
        assert rule.made_by
        assert rule.made_at.tzinfo is not None


@every_starter
def test_administrators_are_exempt_in_every_starter(policy: Policy) -> None:
    """Nobody is locked out of their own room by a shipped rule."""
    assert all(rule.exceptions.administrators for rule in policy.rules)


def test_a_machine_can_not_ban() -> None:
    """The outcomes a verdict can have end with the message: none is about the person."""
    assert {outcome.value for outcome in Outcome} == {"allow", "case", "stop", "remove"}
    assert all(not re.search("ban|kick|mute", name) for name in structs.asdict(_any_rule()))


def _any_rule() -> Rule:
    return starters.load(starters.names()[0]).rules[0]


_DOSSIER = re.compile(
    r"name_of|real_name|birth|document|passport|phone|e_?mail|address|^ip$|reputation|score|points|strikes?$"
)
_TEXT = re.compile(r"^(text|content|message_text|quote|excerpt|words)$")


def test_the_database_holds_no_dossiers() -> None:
    """No table has a column for a person's real name, papers, address or a score."""
    columns = [
        f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns
    ]
    assert [one for one in columns if _DOSSIER.search(one.partition(".")[2])] == []
    assert "persons" not in metadata.tables
    assert "people" not in metadata.tables


def test_the_database_holds_no_text_of_messages() -> None:
    """No table has a column for what was written."""
    for table in metadata.tables.values():
        assert [column.name for column in table.columns if _TEXT.search(column.name)] == []


def test_everything_about_a_person_belongs_to_a_group() -> None:
    """Nothing follows a person from group to group: every table that names one names the group too."""
    for table in metadata.tables.values():
        columns = {column.name for column in table.columns}
        if columns & {"person", "sender"}:
            assert "group_id" in columns, table.name


def test_nothing_is_sent_to_third_parties() -> None:
    """The program's own code names no address outside but examples and standards."""
    allowed = re.compile(
        r"https?://(?:\[?[\w.-]*\.)?(?:example(?:\.org|\.com|\.net)?|localhost|127\.0\.0\.1|w3\.org|matrix\.to)\b"
    )
    for path in sorted((ROOT / "src").rglob("*.py")):
        for found in re.findall(r"https?://[\w.\[\]:-]*\w", path.read_text(encoding="utf-8")):
            assert allowed.match(found) or "." not in found.partition("//")[2], f"{path}: {found}"


@pytest.mark.parametrize(
    "word",
    [
        "politics",
        "police",
        "governments",
        "petitions",
        "protest",
        "religion",
        "news",
        "rumour",
        "leaked papers",
        "real names",
        "score",
        "third party",
        "secret rules",
        "shadow-bans",
        "bans anyone",
        "can't be undone",
    ],
)
def test_the_readme_makes_the_promises(word: str) -> None:
    """The README says in plain words what it will never do."""
    part = text("README.md").partition("## What it will never do\n")[2].partition("\n## ")[0]
    assert word in " ".join(part.split())
