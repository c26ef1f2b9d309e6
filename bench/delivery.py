"""What protection adds to sending a message through a real Synapse: two rooms, sends interleaved."""

import asyncio
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx2
from msgspec import Struct, structs

from bench.running import patient
from bench.texts import messages
from folkmoot.cli.demo.authority import Authority
from folkmoot.cli.demo.homeserver import Homeserver
from folkmoot.cli.demo.person import Person
from folkmoot.cli.demo.ports import Ports
from folkmoot.cli.demo.product import Product
from folkmoot.decide import starters
from folkmoot.decide.policy import Rule, dump
from folkmoot.detect.triggers import Words
from folkmoot.remember import groups, rooms
from folkmoot.remember.store import Store
from folkmoot.vocabulary import Category, Outcome

_BAD = "One number {number}, and the words of the rule: bench bench stop."
_RULE = Rule(
    id="bench",
    sentence="Nobody sends the benchmark's words.",
    category=Category.OFF_TOPIC,
    outcome=Outcome.STOP,
    when=(Words(any=("bench bench stop",)),),
    made_by="bench",
    made_at=datetime(2026, 1, 1, tzinfo=UTC),
)
_WARM_UP = 20


class Delivery(Struct, frozen=True, kw_only=True):
    """Medians of one run, in milliseconds."""

    sends: int
    plain: float
    protected: float
    stopped: float
    ours: float
    """Mean time inside Folkmoot from a message's arrival to its durable answer."""


def run(sends: int = 200) -> Delivery:
    """Start Synapse and Folkmoot, send `sends` messages to each of two rooms in turns, and stop both."""
    ports = Ports(homeserver=0, federation=0, policy=0, console=0, chat=0).settled()
    with tempfile.TemporaryDirectory(prefix="folkmoot-bench-") as name:
        folder = Path(name)
        authority = Authority(folder / "authority")
        homeserver = Homeserver(
            folder / "homeserver",
            authority.issue("homeserver", "localhost", "127.0.0.1"),
            authority.certificate,
            client_port=ports.homeserver,
            federation_port=ports.federation,
        )
        product = Product(folder / "folkmoot", ports, homeserver, authority)
        homeserver.start()
        try:
            product.start(homeserver.register("folkmoot"))
            return asyncio.run(_measure(homeserver, product, sends))
        finally:
            product.stop()
            homeserver.stop()


async def _measure(homeserver: Homeserver, product: Product, sends: int) -> Delivery:
    owner = Person(homeserver.url, homeserver.register("owner"), "owner")
    member = Person(homeserver.url, homeserver.register("member"), "member")
    try:
        plain = await _room(owner, member)
        protected = await _room(owner, member)
        await _protect(owner, protected, product)
        took: dict[str, list[float]] = {plain: [], protected: []}
        for number, text in enumerate(messages(sends + _WARM_UP, seed=3)):
            # In turns, and each first in turn, so that neither has the quieter moments.
            for room in (plain, protected) if number % 2 else (protected, plain):
                answer = await member.send(room, text)
                if answer.event is None:
                    raise RuntimeError(f"an ordinary message was refused: {answer.body}")
                if number >= _WARM_UP:
                    took[room].append(answer.seconds * 1000)
        stopped = []
        for number in range(sends // 4):
            answer = await member.send(protected, _BAD.format(number=number))
            if answer.event is None:
                stopped.append(answer.seconds * 1000)
        return Delivery(
            sends=sends,
            plain=statistics.median(took[plain]),
            protected=statistics.median(took[protected]),
            stopped=statistics.median(stopped) if stopped else float("nan"),
            ours=_ours(product),
        )
    finally:
        await owner.close()
        await member.close()


async def _room(owner: Person, member: Person) -> str:
    room = await owner.create_room(preset="private_chat", room_version="11")
    await owner.invite(room, member.id)
    await member.join(room)
    return room


async def _protect(owner: Person, room: str, product: Product) -> None:
    """Put the room into a group with a starter policy that is live, and invite the policy account."""
    store = Store(f"sqlite:///{product.database}")
    now = time.time()
    policy = patient(starters.load("neighbours"))
    source = dump(structs.replace(policy, rules=(*policy.rules, _RULE)))
    group = await store.write(lambda c: groups.create(c, "Bench", source, by=owner.id, at=now))
    await store.write(lambda c: groups.start(c, group.id, by=owner.id, at=now))
    await store.write(lambda c: rooms.add(c, group.id, room, "Bench", by=owner.id, at=now))
    store.close()
    certificate = product.authority_certificate
    async with httpx2.AsyncClient(verify=certificate, trust_env=False) as client:
        answer = await client.get(f"https://{product.policy_name}/.well-known/matrix/policy_server")
    await owner.invite(room, product.policy_account)
    async with asyncio.timeout(20):
        while product.policy_account not in await owner.joined(room):  # noqa: ASYNC110  # only asking tells
            await asyncio.sleep(0.1)
    keys = answer.json()["public_keys"]
    await owner.set_state(room, "m.room.policy", {"via": product.policy_name, "public_keys": keys})
    await asyncio.sleep(2)  # the running program looks for changed groups every second


def _ours(product: Product) -> float:
    text = httpx2.get(f"{product.console}/metrics", trust_env=False).text
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if line.startswith("folkmoot_judging"))
    count = float(values["folkmoot_judging_seconds_count"])
    return float(values["folkmoot_judging_seconds_sum"]) / count * 1000
