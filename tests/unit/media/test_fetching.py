"""Fetching pictures: which ones an event shows, from whom, and within what bounds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.cli.demo.authority import Authority
from folkmoot.gateways.matrix import extract, multipart, own_keys
from folkmoot.gateways.matrix import pictures as bounds
from folkmoot.gateways.matrix.attached import Address, address_of
from folkmoot.gateways.matrix.outgoing import Federation, RemoteError
from folkmoot.gateways.matrix.pictures import Pictures
from folkmoot.media.looking import Looking
from folkmoot.remember import groups, pictures
from folkmoot.remember.store import Store
from folkmoot.vocabulary import Message
from tests.support.other_server import OtherServer
from tests.unit.media.drawn import saved, scene

_FILE = saved(scene(1), "JPEG")


def parts(file: bytes, more: bytes = b"Content-Type: image/png") -> bytes:
    """A file as a server sends it."""
    return b"\r\n--xyz\r\nContent-Type: application/json\r\n\r\n{}\r\n--xyz\r\n" + (
        more + b"\r\n\r\n" + file + b"\r\n--xyz--\r\n"
    )


@settings(deadline=None)
@given(st.binary(max_size=300).filter(lambda file: b"\r\n--xyz" not in file))
def test_a_file_comes_out_as_it_went_in(file: bytes) -> None:
    """Whatever bytes a file has, with quotes around the boundary or without, exactly those come out."""
    for head in ("multipart/mixed; boundary=xyz", 'Multipart/Mixed;charset=x; boundary="xyz"'):
        assert multipart.file_in(head, parts(file)) == file


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("image/png", parts(_FILE)),
        ("multipart/mixed", parts(_FILE)),
        ("multipart/mixed; boundary=abc", parts(_FILE)),
        ("multipart/mixed; boundary=xyz", parts(_FILE)[:-20]),
        ("multipart/mixed; boundary=xyz", b""),
        ("multipart/mixed; boundary=xyz", parts(_FILE, b"X: " + b"y" * 10_000)),
    ],
)
def test_what_is_no_file_is_refused(head: str, body: bytes) -> None:
    """Another kind of answer, a broken one and one with an endless head hold no file."""
    with pytest.raises(multipart.NoFileError):
        multipart.file_in(head, body)


def test_no_address_of_a_strangers_is_followed() -> None:
    """A file that is said to be elsewhere is not fetched from there."""
    with pytest.raises(multipart.ElsewhereError):
        multipart.file_in("multipart/mixed; boundary=xyz", parts(b"", b"location: https://inside.example/"))


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("mxc://example.org/AbC_-9", Address("example.org", "AbC_-9")),
        ("mxc://localhost:8448/a", Address("localhost:8448", "a")),
        ("mxc://127.0.0.1/a", None),
        ("mxc://[::1]/a", None),
        ("mxc://example.org/../../key", None),
        ("mxc://example.org/a?b=c", None),
        ("mxc://example.org/a#b", None),
        ("mxc://example.org/", None),
        ("mxc:///a", None),
        ("https://example.org/a", None),
        ("mxc://exa mple.org/a", None),
        ("mxc://example.org/" + "a" * 256, None),
    ],
)
def test_only_addresses_of_servers_and_ids_are_asked_for(uri: str, expected: Address | None) -> None:
    """An address names a server by its name, never by a number, and a plain id; everything else is none."""
    assert address_of(uri) == expected


def test_an_event_shows_more_pictures_than_one() -> None:
    """Picture, thumbnail, the picture of an edit and those inside a text are found, each once."""
    content = {
        "msgtype": "m.image",
        "body": "a.png",
        "url": "mxc://x.org/one",
        "info": {"mimetype": "image/png", "thumbnail_url": "mxc://x.org/two"},
        "formatted_body": "<img src='mxc://x.org/three'><img src=mxc://x.org/one>",
        "m.new_content": {"msgtype": "m.image", "file": {"url": "mxc://x.org/four"}},
    }
    event = {"type": "m.room.message", "sender": "@a:x.org", "room_id": "!r:x.org", "content": content}
    found = extract.message_of(event, "$1", "g")
    assert found is not None
    assert sorted(found.pictures) == [f"mxc://x.org/{name}" for name in ("four", "one", "three", "two")]
    film = {
        "msgtype": "m.video",
        "body": "v",
        "url": "mxc://x.org/v",
        "info": {"thumbnail_url": "mxc://x.org/t"},
    }
    found = extract.message_of({**event, "content": film}, "$1", "g")
    assert found is not None
    assert found.pictures == ("mxc://x.org/t",)


Answering = Callable[[str, dict[str, str]], Awaitable[tuple[int, dict[str, str], bytes]]]


class Stage:
    """Another server that keeps pictures, and our looking at them."""

    def __init__(self, store: Store, looking: Looking, federation: Federation, group: str) -> None:
        self.store, self.looking, self.federation, self.group = store, looking, federation, group
        self.answer: Answering
        self.server: OtherServer

    def pictures(self, *, largest: int = 1_000_000, seconds: float = 5.0) -> Pictures:
        """Our looking, within bounds."""
        return Pictures(self.federation, self.looking, self.store, largest=largest, seconds=seconds)

    def message(self, *ids: str) -> Message:
        """A message with pictures of the other server."""
        return Message(
            id="1", text="", pictures=tuple(f"mxc://localhost:{self.server.port}/{i}" for i in ids)
        )


@pytest.fixture
async def stage(tmp_path: Path, looking: Looking) -> AsyncIterator[Stage]:
    """A server on loopback that answers as the test wants it to."""
    authority = Authority(tmp_path / "authority")
    store = Store(f"sqlite:///{tmp_path / 'folkmoot.db'}")
    group = await store.write(lambda c: groups.create(c, "G", "", by="@a:x", at=1.0))
    federation = Federation(
        "moot.example",
        own_keys.generate().federation,
        allow_networks=("127.0.0.0/8",),
        authority=authority.certificate,
    )
    found = Stage(store, looking, federation, group.id)

    async def respond(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        return await found.answer(path, headers)

    async def whole(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        return 200, {"content-type": "multipart/mixed; boundary=xyz"}, parts(_FILE)

    found.answer = whole
    async with OtherServer(authority.issue("other", "localhost", "127.0.0.1"), respond) as server:
        found.server = server
        yield found
    await federation.close()
    store.close()


async def test_a_picture_is_asked_for_under_our_signature(stage: Stage) -> None:
    """The server that keeps a picture is asked at the one address for it, with our signature."""
    asked: list[tuple[str, str]] = []
    plain = stage.answer

    async def note(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        asked.append((path.partition("?")[0], headers["authorization"][:30]))
        return await plain(path, headers)

    stage.answer = note
    [found] = await stage.pictures().look(stage.message("abc"), stage.group)
    assert found.unreadable == ""
    assert asked == [("/_matrix/federation/v1/media/download/abc", 'X-Matrix origin="moot.example"')]


async def test_the_list_is_the_groups(stage: Stage) -> None:
    """A picture is known to the group that put it on its list, and to no other."""
    fingerprint = (await stage.looking.look(_FILE, (), group="g")).fingerprint
    other = await stage.store.write(lambda c: groups.create(c, "H", "", by="@a:x", at=1.0))
    await stage.store.write(lambda c: pictures.add(c, stage.group, fingerprint, by="@a:x", at=2.0))
    [found] = await stage.pictures().look(stage.message("a"), stage.group)
    assert found.known == 0
    [found] = await stage.pictures().look(stage.message("a"), other.id)
    assert found.known is None


async def test_what_a_server_will_not_give_is_missing(stage: Stage) -> None:
    """Errors, other kinds of answers and an answer that never comes leave a picture missing, in time."""

    async def never(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        await asyncio.sleep(60)
        raise AssertionError

    async def refuse(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        return 404, {}, b"{}"

    async def page(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        return 200, {"content-type": "text/html"}, b"<p>"

    for answer in (never, refuse, page):
        stage.answer = answer
        [found] = await stage.pictures(seconds=0.5).look(stage.message("a"), stage.group)
        assert found.missing
        assert found.unreadable


async def test_a_large_file_is_not_read_to_its_end(stage: Stage) -> None:
    """A file beyond the bound is unreadable, and not for a fault of ours."""
    for size in (1_000_001, 3_000_000):

        async def large(
            path: str, headers: dict[str, str], size: int = size
        ) -> tuple[int, dict[str, str], bytes]:
            return 200, {"content-type": "multipart/mixed; boundary=xyz"}, parts(bytes(size))

        stage.answer = large
        [found] = await stage.pictures().look(stage.message("a"), stage.group)
        assert "larger than 1 MB" in found.unreadable
        assert not found.missing


async def test_many_pictures_are_not_all_looked_at(stage: Stage) -> None:
    """Of a message with many pictures some are looked at, and that is said."""
    found = await stage.pictures().look(stage.message(*"abcdefgh"), stage.group)
    assert len(found) == bounds.MOST_EACH + 1
    assert "8 pictures" in found[-1].unreadable


async def test_a_crowd_is_not_queued_for_ever(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond so many messages of one group at the same time the next is told so at once."""
    monkeypatch.setattr(bounds, "MOST_WAITING_EACH", 2)
    looks = stage.pictures()
    found = await asyncio.gather(*(looks.look(stage.message("a"), stage.group) for _ in range(5)))
    assert sum(one[0].missing for one in found) == 3
    assert not looks._waiting


async def test_our_own_network_is_out_of_reach(tmp_path: Path) -> None:
    """A picture said to be on this machine is not asked for, unless the operator allows that network."""
    federation = Federation("moot.example", own_keys.generate().federation)
    with pytest.raises(RemoteError):
        await federation.download("localhost:1", "a", limit=1_000, seconds=3.0)
    await federation.close()
