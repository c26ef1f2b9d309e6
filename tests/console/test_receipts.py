"""Receipts: reasons that can be read without an account."""

import httpx2
import pytest

from tests.console.reading import kept, plain
from tests.console.serving import Served
from tests.support.seed import STEWARD

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_receipt_opens_without_an_account(served: Served, client: httpx2.AsyncClient) -> None:
    """Whoever has the link reads what was done, where, by which rule, found how, and how to object."""
    record = kept(served, 204)
    answer = await client.get(served.receipts.link(record.id))
    text = plain(answer.text)
    assert answer.status_code == 200
    for part in (
        "Your message was stopped before anyone saw it.",
        "Where Lend and swap",
        "No rounds of play for money. Gambling",
        "The group's own automatic rules found it and decided it.",
        "You can appeal here for six months",
        record.id,
    ):
        assert part in text


async def test_a_receipt_names_nobody(served: Served, client: httpx2.AsyncClient) -> None:
    """A receipt that is passed on shows neither the member nor an administrator."""
    record = kept(served, 204)
    text = (await client.get(served.receipts.link(record.id))).text
    assert record.sender not in text
    assert STEWARD not in text


async def test_a_receipt_link_cannot_be_guessed(served: Served, client: httpx2.AsyncClient) -> None:
    """Knowing the id of a verdict is not enough, nor is the key to another one's receipt."""
    one, two = kept(served, 204), kept(served, 205)
    key = served.receipts.token(one.id).partition(".")[2]
    for token in (one.id, f"{one.id}.", f"{one.id}.{key[:-1]}", f"{two.id}.{key}", f".{key}"):
        assert (await client.get(f"{served.url}/receipt/{token}")).status_code == 404


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (200, "Your message was removed."),
        (202, "A machine did this because of a fault of ours"),
        (203, "Your message was delivered. An administrator will look at it."),
    ],
)
async def test_receipts_fit_the_outcome(
    number: int, said: str, served: Served, client: httpx2.AsyncClient
) -> None:
    """Each outcome has its own statement."""
    answer = await client.get(served.receipts.link(kept(served, number).id))
    assert said in plain(answer.text)
