"""Letters: every restriction is explained with all its elements, in every language."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.decide.starters import load
from folkmoot.explain import letters
from folkmoot.explain.elements import FoundBy
from folkmoot.explain.languages import NAMES, speak
from folkmoot.explain.letters import Done, decision_letter
from folkmoot.explain.muted import muted_statement
from folkmoot.explain.reasons import Reason, Statement, statement
from folkmoot.explain.templates import reason_text
from folkmoot.vocabulary import Category, Outcome, Signal

LINK = "https://moot.example/receipt/abc"
RULE = Reason(rule="no-gambling", sentence="No gambling on Sundays.", category=Category.GAMBLING)
GERMAN = speak("de")
"""Read once, outside of any test's time."""
A_DAY, LATER = 1_780_495_500.0, 1_780_581_900.0
RESTRICTIONS = [Done.STOP, Done.REMOVE, Done.WARN, Done.MUTE, Done.KICK, Done.BAN]


def letter(
    *done: Done, language: str = "en", found_by: FoundBy = "report", until: float | None = LATER
) -> Statement:
    """A letter about a decision by a person."""
    return decision_letter(
        done,
        rule=RULE,
        reason_text="Please keep money out of it.",
        found_by=found_by,
        decided_by="person",
        at=A_DAY,
        until=until,
        group="Linden Street",
        room="Lend and swap",
        link=LINK,
        language=language,
    )


def nameless(done: Done, language: str) -> Statement:
    """A letter about a decision by a rule, without words of anybody's."""
    return decision_letter(
        [done], rule=None, category=Category.SPAM, reason_text="", found_by="both", decided_by="rule",
        at=A_DAY, until=None, group="1", room=None, link=LINK, language=language,
    )  # fmt: skip


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("done", RESTRICTIONS)
def test_a_restriction_says_everything_that_it_owes(done: Done, language: str) -> None:
    """What, where, when, which rule in the group's words, why, who found it, how to appeal, the link."""
    said = letter(done, language=language)
    assert all((said.headline, said.place, said.rule, said.facts, said.found, said.objection))
    whole = said.text()
    for part in (
        "Lend and swap",
        "Linden Street",
        RULE.sentence,
        "Please keep money out of it.",
        LINK,
        "14:05",
    ):
        assert part in whole
    assert not re.search(r"[{}]", whole)


@pytest.mark.parametrize("language", sorted(set(NAMES) - {"en"}))
@pytest.mark.parametrize("done", list(Done))
def test_a_letter_is_in_one_language(done: Done, language: str) -> None:
    """No sentence of a letter in another language is the English one."""
    english, other = nameless(done, "en"), nameless(done, language)
    parts = [part for part in other.text().split("\n\n") if part != LINK]
    assert not set(parts) & set(english.text().split("\n\n"))


def test_an_end_is_told_and_so_is_that_there_is_none() -> None:
    """A mute or a ban says until when; without an end it says that."""
    assert "until 4 June 2026, 14:05 UTC" in letter(Done.MUTE).headline
    assert "until 4 June 2026, 14:05 UTC" in letter(Done.BAN).headline
    assert "no end date" in letter(Done.BAN, until=None).headline
    assert "until an administrator lifts this" in letter(Done.MUTE, until=None).headline


def test_who_found_and_who_decided_are_told() -> None:
    """A report is told as one, without the reporter; a person's decision is not a machine's."""
    assert "began with a report" in letter(Done.WARN).found
    assert "Nobody reported you" in letter(Done.WARN, found_by="rule").found
    assert "A person decided" in letter(Done.WARN).found


def test_what_took_nothing_needs_no_appeal() -> None:
    """A decision that restricts nobody has no paragraph about appeals."""
    assert letter(Done.NOTHING).objection == ""
    assert letter(Done.ALLOW_NEXT_TIME).objection == ""


@given(group=st.text(min_size=1), room=st.text(min_size=1), words=st.text())
def test_titles_and_words_are_only_put_in(group: str, room: str, words: str) -> None:
    """Braces and percent signs in a title or in somebody's words stay what they are."""
    said = decision_letter(
        [Done.MUTE], rule=None, reason_text=words, found_by="rule", decided_by="person", at=A_DAY, until=None,
        group=group, room=room, link=None, language=GERMAN.code,
    )  # fmt: skip
    assert group in said.place
    assert room in said.headline
    assert words.strip() in said.text()


@pytest.mark.parametrize("language", NAMES)
def test_appeals_and_reports_are_answered_in_the_language(language: str) -> None:
    """Each letter about an appeal, a report or an end of a sanction is whole, and differs from the others."""
    place: dict[str, Any] = {"group": "Linden Street", "language": language}
    room = {**place, "room": "Lend and swap"}
    written = [
        *(
            letters.appeal_received(at=A_DAY, eyes=eyes, not_before=LATER, due_at=LATER, link=LINK, **place)
            for eyes in ("another", "same-later", "panel", "partner")
        ),
        letters.appeal_answered(True, [Done.REMOVE, Done.MUTE], "Sorry.", True, at=A_DAY, link=LINK, **room),
        letters.appeal_answered(True, [Done.BAN], "Sorry.", False, at=A_DAY, link=LINK, shared=True, **room),
        letters.appeal_answered(False, [], "Because.", False, at=A_DAY, link=LINK, **room),
        letters.decision_undone([Done.BAN], "", at=A_DAY, link=None, **room),
        letters.mute_ended(**room),
        letters.ban_ended(link=LINK, **room),
        letters.report_received(at=A_DAY, **room),
        letters.report_answered(True, at=A_DAY, link=LINK, **room),
        letters.report_answered(False, "No rule.", at=A_DAY, link=LINK, **room),
        letters.report_warned(**place),
        letters.report_limited(LATER, **place),
    ]
    assert len(set(written)) == len(written)
    for text in written:
        assert "Linden Street" in text
        assert not re.search(r"[{}]", text)


def test_a_granted_appeal_says_what_is_undone() -> None:
    """Each thing that the decision did is taken back in a sentence; the text may be sent again."""
    said = letters.appeal_answered(
        True,
        [Done.REMOVE, Done.MUTE],
        "Sorry.",
        True,
        at=A_DAY,
        group="G",
        room=None,
        link=None,
        language="en",
    )
    for part in (
        "granted",
        "removal of your message is taken back",
        "You can write in G again",
        "Sorry.",
        "again:",
    ):
        assert part in said


@pytest.mark.parametrize("language", sorted(set(NAMES) - {"en"}))
def test_a_starters_sentence_is_translated_and_a_groups_own_is_not(language: str) -> None:
    """Rules that ship are read in the member's language, what a group wrote is never touched."""
    shipped = load("neighbours").rules[0]
    told = [
        statement(
            Outcome.STOP, Reason(rule="r", sentence=sentence, category=Category.SPAM), (), at=A_DAY,
            group="G", room="R", link=None, language=language,
        ).rule
        for sentence in (shipped.sentence, RULE.sentence)
    ]  # fmt: skip
    assert shipped.sentence not in told[0]
    assert speak(language)(shipped.sentence) in told[0]
    assert RULE.sentence in told[1]


@pytest.mark.parametrize("language", NAMES)
def test_every_category_has_a_text_to_begin_with(language: str) -> None:
    """A reason for each category, none like another."""
    texts = {reason_text(category, language) for category in Category}
    assert len(texts) == len(Category)


def test_names_in_arabic_keep_their_own_direction() -> None:
    """A Latin title in an Arabic sentence is set apart, so that it does not turn the sentence about."""
    signal = Signal(name="words", category=Category.SPAM, strength=1.0, sentence="It links to bad.example.")
    said = statement(
        Outcome.STOP, None, [signal], at=A_DAY, group="Linden", room="Swap", link=None, language="ar"
    )
    assert "\u2068Swap\u2069" in said.place
    assert "\u2068bad.example\u2069" in said.facts[0]


@pytest.mark.parametrize("language", NAMES)
def test_where_nobody_reads_answers_only_the_link_is_named(language: str) -> None:
    """A chat without our bot is never told to answer the message: the page takes the appeal."""

    def objections(answerable: bool) -> list[str]:
        more: Any = {"link": LINK, "language": language, "answerable": answerable}
        stopped = statement(Outcome.STOP, RULE, (), at=A_DAY, group="G", room="R", **more)
        muted = muted_statement(at=A_DAY, until=None, group="G", room="R", **more)
        decided = decision_letter(
            [Done.BAN], rule=RULE, reason_text="", found_by="report", decided_by="person",
            at=A_DAY, until=None, group="G", room=None, **more,
        )  # fmt: skip
        return [one.objection for one in (stopped, muted, decided)]

    with_bot, without = objections(True), objections(False)
    assert all(without)
    assert not set(with_bot) & set(without)
    if language == "en":
        assert all("answer" in one.split("you get an answer")[0] for one in with_bot)
        assert not [one for one in without if "answer" in one.split("you get an answer")[0]]
        assert all("link" in one for one in without)
