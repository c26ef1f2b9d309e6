"""Pictures as a real Synapse keeps them: fetched before delivery, looked at, stopped if on the list."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from folkmoot.cli.demo.authority import Authority
from folkmoot.cli.demo.homeserver import Homeserver
from folkmoot.gateways.matrix.pictures import Pictures
from folkmoot.gateways.matrix.remembered import PipelineJudging
from folkmoot.intake.feed import Feed
from folkmoot.intake.pipeline import Pipeline
from folkmoot.intake.receipts import Receipts
from folkmoot.media.looking import Looking, can_look
from folkmoot.remember import groups, pictures, rooms, verdicts
from folkmoot.remember.store import Store
from folkmoot.vocabulary import OnFailure
from tests.contract.matrix.conftest import ada, ben
from tests.support.policy import RunningPolicyServer
from tests.support.synapse import Person, authority, synapse

__all__ = ["ada", "authority", "ben", "synapse"]

pytestmark = [
    pytest.mark.synapse,
    pytest.mark.xdist_group("synapse"),
    pytest.mark.skipif(not can_look(), reason="pillow is not installed (folkmoot[media])"),
]

_POLICY = """
id = "street"
name = "Our street"
[[rules]]
id = "unwanted"
sentence = "Pictures that the group has put on its list are not posted again."
category = "off-topic"
outcome = "stop"
made_by = "Folkmoot"
made_at = 2026-11-22T09:00:00Z
[[rules.when]]
kind = "image"
what = "known"
[[rules]]
id = "broken"
sentence = "Files that pretend to be pictures are not posted."
category = "spam"
outcome = "stop"
made_by = "Folkmoot"
made_at = 2026-11-22T09:00:00Z
[[rules.when]]
kind = "image"
what = "unreadable"
[[rules]]
id = "words"
sentence = "No adverts."
category = "spam"
outcome = "stop"
made_by = "Folkmoot"
made_at = 2026-11-22T09:00:00Z
[[rules.when]]
kind = "words"
any = ["cheap pills"]
"""


@dataclass
class Street:
    """A protected room of a group whose rules ask about pictures."""

    moot: RunningPolicyServer
    store: Store
    pipeline: Pipeline
    looking: Looking
    group: str
    room: str
    server: Homeserver

    async def upload(self, person: Person, file: bytes, kind: str = "image/png") -> str:
        """Upload a file and return its address."""
        async with httpx2.AsyncClient(trust_env=False) as client:
            answer = await client.post(
                f"{self.server.url}/_matrix/media/v3/upload",
                content=file,
                headers={"Authorization": f"Bearer {person.token}", "Content-Type": kind},
            )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["content_uri"])

    async def post(self, person: Person, address: str, **more: Any) -> httpx2.Response:
        """Send a message with a picture."""
        content = {"msgtype": "m.image", "body": "a.png", "url": address, **more}
        return await person.send(self.room, content)


@pytest.fixture
async def street(
    ada: Person, ben: Person, synapse: Homeserver, authority: Authority, tmp_path: Path
) -> AsyncIterator[Street]:
    """A room that Ada protects, where Ben is an ordinary member; the list is empty."""
    store = Store(f"sqlite:///{tmp_path / 'folkmoot.db'}")
    pipeline = Pipeline(store, Feed(), Receipts(b"s" * 32, "https://moot.example.org"))
    moot = RunningPolicyServer(authority)
    fetching, looking = moot._client, Looking()
    looks = Pictures(fetching, looking, store, largest=2_000_000, seconds=8.0)
    moot.judging = PipelineJudging(pipeline, moot.rooms, pictures=looks)  # type: ignore[assignment,arg-type]
    moot.server = moot._make()
    await moot.start()
    await pipeline.start()
    room = await ada.create_room(invite=[moot.server.account, ben.id])
    await moot.joined(room)
    await ben.do("POST", f"/join/{room}")
    policy = {"via": moot.name, "public_keys": {"ed25519": moot.server.public_key}}
    assert (await ada.put_state(room, "m.room.policy", policy)).status_code == 200
    group = (await store.write(lambda c: groups.create(c, "Street", _POLICY, by=ada.id, at=1.0))).id
    await store.write(lambda c: rooms.add(c, group, room, "Street", by=ada.id, at=2.0))
    await store.write(lambda c: groups.start(c, group, by=ada.id, at=3.0))
    await pipeline.standings.refresh()
    yield Street(moot, store, pipeline, looking, group, room, synapse)
    await moot.close()
    await fetching.close()
    await looking.close()
    await pipeline.close()
    store.close()


async def test_a_picture_on_the_list_is_stopped(street: Street, ada: Person, ben: Person) -> None:
    """A picture is delivered until it is on the group's list; then it is stopped, scaled and mirrored too."""
    from PIL import ImageOps

    from tests.unit.media.drawn import saved, scene

    wanted, unwanted = saved(scene(1)), scene(2)
    sent = await street.post(ben, await street.upload(ben, saved(unwanted)))
    assert sent.status_code == 200, sent.text
    seen = await street.looking.look(saved(unwanted), (), group=street.group)
    await street.store.write(
        lambda c: pictures.add(c, street.group, seen.fingerprint, by=ada.id, at=4.0, note="advert")
    )
    for changed in (unwanted, unwanted.resize((200, 160)), ImageOps.mirror(unwanted)):
        answer = await street.post(ben, await street.upload(ben, saved(changed, "JPEG"), "image/jpeg"))
        assert answer.status_code == 400
        assert answer.json()["org.folkmoot.rule"] == "unwanted"
        assert "on the list" in answer.json()["org.folkmoot.reason"]
    assert (await street.post(ben, await street.upload(ben, wanted))).status_code == 200


async def test_every_place_where_a_picture_shows_is_looked_at(street: Street, ben: Person) -> None:
    """A picture on the list is found as a thumbnail, a sticker, inside a text, and in an edit."""
    from tests.unit.media.drawn import saved, scene

    file = saved(scene(2))
    seen = await street.looking.look(file, (), group=street.group)
    await street.store.write(lambda c: pictures.add(c, street.group, seen.fingerprint, by=ben.id, at=4.0))
    good, bad = await street.upload(ben, saved(scene(1))), await street.upload(ben, file)
    assert (await street.post(ben, good)).status_code == 200
    assert (await street.post(ben, good, info={"thumbnail_url": bad})).status_code == 400
    html = {"format": "org.matrix.custom.html", "formatted_body": f'<img src="{bad}" alt="x">'}
    assert (await ben.send(street.room, {"msgtype": "m.text", "body": "x", **html})).status_code == 400
    assert (await ben.send(street.room, {"body": "x", "url": bad}, "m.sticker")).status_code == 400
    edit = {"m.new_content": {"msgtype": "m.image", "body": "y", "url": bad}}
    assert (await street.post(ben, good, **edit)).status_code == 400


async def test_a_file_that_is_no_picture_is_unreadable(street: Street, ben: Person) -> None:
    """A broken file, a too large one and one that is not there are unreadable, and the reason says so."""
    for file, words in ((b"no picture", "no picture"), (bytes(2_100_000), "larger than 2 MB")):
        answer = await street.post(ben, await street.upload(ben, file))
        assert answer.status_code == 400
        assert words in answer.json()["org.folkmoot.reason"]
    server = ben.id.partition(":")[2]
    answer = await street.post(ben, f"mxc://{server}/nothingHere")
    assert answer.status_code == 400
    assert "could not be fetched" in answer.json()["org.folkmoot.reason"]


async def test_words_count_whatever_the_picture(street: Street, ben: Person) -> None:
    """A picture that can't be fetched keeps no rule about words from being applied."""
    answer = await street.post(ben, "mxc://localhost:1/x", filename="a.png", body="cheap pills")
    assert answer.status_code == 400
    [kept] = await street.store.read(lambda c: verdicts.latest(c, street.group))
    assert set(kept.finding.rules) == {"broken", "words"}


async def test_a_closed_group_does_not_deliver_what_could_not_be_seen(
    street: Street, ada: Person, ben: Person
) -> None:
    """Where a group chose closed, a message whose picture can't be had is refused as unchecked."""
    await street.store.write(
        lambda c: groups.set_on_failure(c, street.group, OnFailure.CLOSED, by=ada.id, at=5.0)
    )
    await street.pipeline.standings.refresh()
    answer = await street.post(ben, "mxc://localhost:1/x")
    assert answer.status_code == 400
    assert answer.json()["org.folkmoot.outcome"] == "unchecked"
