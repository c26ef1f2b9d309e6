"""Appeals by the link of a receipt: without an account, also after a ban, in the reader's language."""

import httpx2
import pytest
from sqlalchemy import Connection

from folkmoot.act import deciding
from folkmoot.act.deciding import Draft
from folkmoot.explain.languages import NAMES
from folkmoot.remember import appeals, links, sanctions
from folkmoot.remember.actions import Wanted
from folkmoot.remember.deciding import AppealState, FoundBy
from folkmoot.review import appealing, undoing
from folkmoot.review.permissions import Actor, Part
from folkmoot.vocabulary import ActionKind
from tests.console.reading import kept, plain
from tests.console.serving import Served
from tests.support.seed import MARKET, STEWARD

pytestmark = pytest.mark.asyncio(loop_scope="session")

BANNED = "@banned:example.org"


def banned(served: Served) -> str:
    """The link that a member got who was banned, and the id of the decision."""
    draft = Draft(
        group=served.seeded.group,
        by=STEWARD,
        wanted=(Wanted(kind=ActionKind.BAN, person=BANNED, room=MARKET),),
        person=BANNED,
        found_by=FoundBy.REPORT,
        rule="money-rounds",
        policy_version=1,
        reason="This was the third time.",
    )
    made = served.store.write_now(lambda c: deciding.put(c, draft, at=served.clock()))
    return served.receipts.link_for(made.id, BANNED)


async def test_a_banned_member_reads_why_and_appeals(fresh: Served, client: httpx2.AsyncClient) -> None:
    """The link says what was done and why, takes the appeal and what is added, and keeps showing it."""
    link = banned(fresh)
    page = plain((await client.get(link)).text)
    for part in (
        "banned from Lend and swap",
        "This was the third time.",
        "began with a report",
        "for six months",
    ):
        assert part in page
    assert STEWARD not in page
    for words in ("It was not me.", "My cousin had my phone."):
        answer = await client.post(link, data={"words": words})
        assert answer.status_code == 303
        assert answer.headers["location"].endswith("#appeal")
    page = plain((await client.get(link)).text)
    for part in ("Your appeal is being looked at", "It was not me.", "My cousin had my phone."):
        assert part in page


async def test_the_answer_is_shown_at_the_link(fresh: Served, client: httpx2.AsyncClient) -> None:
    """Once answered, the page has the answer, its reasons, and no form any more."""
    record = kept(fresh, 204)
    link = fresh.receipts.link(record.id)
    await client.post(link, data={"words": "It was about a cake stall."})

    def answer(connection: Connection) -> None:
        found = appeals.against(connection, record.id, record.sender)
        assert found is not None
        appealing.settle(
            connection, fresh.store.seals, found, granted=True, words="You are right.", by=STEWARD,
            at=fresh.clock(),
        )  # fmt: skip

    fresh.store.write_now(answer)
    page = await client.get(link)
    for part in ("Your appeal was granted", "You are right.", "It was about a cake stall."):
        assert part in plain(page.text)
    assert "<form" not in page.text
    found = fresh.store.read_now(lambda c: appeals.against(c, record.id, record.sender))
    assert found is not None
    assert found.state is AppealState.GRANTED


async def test_each_link_shows_the_appeal_of_its_member(fresh: Served, client: httpx2.AsyncClient) -> None:
    """Of several who were banned at once, each appeals at their own link and sees their own answer."""
    people = [f"@banned{number}:example.org" for number in range(3)]
    bans = tuple(Wanted(kind=ActionKind.BAN, person=one, room=MARKET) for one in people)
    draft = Draft(group=fresh.seeded.group, by=STEWARD, wanted=bans)
    made = fresh.store.write_now(lambda c: deciding.put(c, draft, at=fresh.clock()))
    first, second, third = (fresh.receipts.link_for(made.id, one) for one in people)
    for link, words in ((first, "It was my brother."), (second, "I only joined.")):
        assert (await client.post(link, data={"words": words})).status_code == 303

    def grant(connection: Connection) -> None:
        found = appeals.against(connection, made.id, people[0])
        assert found is not None
        appealing.settle(
            connection, fresh.store.seals, found, granted=True, words="You are right.", by=STEWARD,
            at=fresh.clock(),
        )  # fmt: skip

    fresh.store.write_now(grant)
    own, other, silent = [plain((await client.get(link)).text) for link in (first, second, third)]
    undone = "Everything that was done to you is undone."
    for part in ("Your appeal was granted", "It was my brother.", "You are right.", undone):
        assert part in own
        assert part not in other + silent
    assert "Your appeal is being looked at" in other
    assert "You can appeal here for six months" in silent
    standing = fresh.store.read_now(lambda c: sanctions.standing(c, fresh.seeded.group))
    assert sorted({one.person for one in standing} & {*people}) == people[1:]
    seals, steward = fresh.store.seals, Actor(person=STEWARD, part=Part.ADMINISTRATOR, group=made.group)
    fresh.store.write_now(lambda c: undoing.undo(c, seals, made.id, by=steward, at=fresh.clock()))
    other, silent = [plain((await client.get(link)).text) for link in (second, third)]
    assert "Your appeal was granted" in other
    assert "Everything that the decision did is undone." in other
    assert "This was taken back" in silent


async def test_only_the_members_own_link_opens_a_decision(served: Served, client: httpx2.AsyncClient) -> None:
    """Another member's name, or no name, in the key opens nothing, and nothing can be sent to it."""
    decision = banned(served).rpartition("/")[2].partition(".")[0]
    for wrong in (
        served.receipts.link_for(decision, "@other:example.org"),
        served.receipts.link(decision),
        f"{served.url}/receipt/{decision}",
    ):
        assert (await client.get(wrong)).status_code == 404
        assert (await client.post(wrong, data={"words": "Please."})).status_code == 404


@pytest.mark.parametrize("words", ["", "   ", "x" * 4_001])
async def test_nothing_and_too_much_are_refused(
    words: str, served: Served, client: httpx2.AsyncClient
) -> None:
    """An empty or too long text is shown again with what is wrong; nothing is kept."""
    record = kept(served, 205)
    answer = await client.post(served.receipts.link(record.id), data={"words": words})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert served.store.read_now(lambda c: appeals.against(c, record.id, record.sender)) is None


async def test_the_longest_appeal_fits_in_any_script(fresh: Served, client: httpx2.AsyncClient) -> None:
    """4,000 characters arrive whole, also where each takes twelve in the form."""
    link = fresh.receipts.link(kept(fresh, 204).id)
    assert (await client.post(link, data={"words": "🕊" * 4_000})).status_code == 303
    assert "🕊" * 4_000 in (await client.get(link)).text


async def test_words_are_only_shown(fresh: Served, client: httpx2.AsyncClient) -> None:
    """Markup in an appeal stays text."""
    link = fresh.receipts.link(kept(fresh, 204).id)
    await client.post(link, data={"words": "<script>alert(1)</script>"})
    assert "<script>alert" not in (await client.get(link)).text


async def test_after_six_months_there_is_no_form(fresh: Served, client: httpx2.AsyncClient) -> None:
    """The receipt can still be read, and says that the time is over; a form sent all the same is not kept."""
    record = kept(fresh, 204)
    link = fresh.receipts.link(record.id)
    fresh.clock.ahead = 200 * 86_400
    page = await client.get(link)
    assert "The time for an appeal is over" in plain(page.text)
    assert "<form" not in page.text
    assert (await client.post(link, data={"words": "Late."})).status_code == 303
    assert fresh.store.read_now(lambda c: appeals.against(c, record.id, record.sender)) is None


@pytest.mark.parametrize("code", NAMES)
async def test_a_receipt_is_shown_in_each_language(
    code: str, served: Served, client: httpx2.AsyncClient
) -> None:
    """By the address or by what the browser asks for, the page is in the language, with its direction."""
    link = served.receipts.link(kept(served, 204).id)
    asked = await client.get(f"{link}?lang={code}", headers={"accept-language": "de"})
    accepted = await client.get(link, headers={"accept-language": f"{code}, en;q=0.5"})
    direction = "rtl" if code == "ar" else "ltr"
    for answer in (asked, accepted):
        assert f'<html lang="{code}" dir="{direction}">' in answer.text
        assert ("Your message was stopped" in answer.text) is (code == "en")
    assert asked.text.count("hreflang=") == len(NAMES)


async def test_an_appeal_keeps_the_language_that_was_chosen(
    fresh: Served, client: httpx2.AsyncClient
) -> None:
    """Whoever chose a language on the page comes back to it after writing."""
    link = fresh.receipts.link(kept(fresh, 204).id)
    answer = await client.post(f"{link}?lang=ru", data={"words": "Это было о выпечке."})
    assert answer.headers["location"].endswith("?lang=ru#appeal")


async def test_one_link_does_not_flood_those_who_look(fresh: Served, client: httpx2.AsyncClient) -> None:
    """A dozen times within an hour are enough; what was written then is not sent, and not lost."""
    link = banned(fresh)
    for number in range(12):
        assert (await client.post(link, data={"words": f"Reason {number}."})).status_code == 303
    answer = await client.post(link, data={"words": "One reason more."})
    assert answer.status_code == 429
    assert "Please wait a while" in plain(answer.text)
    assert "One reason more." in answer.text
    fresh.clock.ahead = 3_601.0
    assert (await client.post(link, data={"words": "One reason more."})).status_code == 303


async def test_a_made_up_link_writes_nothing(fresh: Served, client: httpx2.AsyncClient) -> None:
    """Neither another member's key nor none at all opens a form."""
    link = banned(fresh)
    subject, _, key = link.rpartition("/")[2].partition(".")
    other = fresh.receipts.token_for(subject, "@somebody:example.org")
    for token in (subject, f"{subject}.", f"{subject}.{key[:-1]}", other, f"{subject}.\u00e9"):
        answer = await client.post(f"{fresh.url}/receipt/{token}", data={"words": "Let me in."})
        assert answer.status_code == 404
    assert fresh.store.read_now(lambda c: appeals.against(c, subject, BANNED)) is None


async def test_a_closed_link_opens_nothing(fresh: Served, client: httpx2.AsyncClient) -> None:
    """A member whose link got into other hands closed it: it reads and writes nothing any more."""
    link = banned(fresh)
    subject = link.rpartition("/")[2].partition(".")[0]
    assert (await client.get(link)).status_code == 200
    fresh.store.write_now(lambda c: links.close(c, subject, BANNED, at=fresh.clock()))
    assert (await client.get(link)).status_code == 404
    assert (await client.post(link, data={"words": "Let me in."})).status_code == 404
    assert fresh.store.read_now(lambda c: appeals.against(c, subject, BANNED)) is None
