"""What comes from the homeserver is read leniently: any event content at all leaves the bot alive."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from folkmoot.gateways.matrix.bot import sight, speech
from folkmoot.gateways.matrix.bot.sight import LIMITLESS, read_policing, read_powers, tidy
from folkmoot.gateways.matrix.bot.wire import Event, read_event, read_news
from tests.unit.bot.conftest import ADA, BO, BOT, Scene

_KINDS = (
    "m.room.message",
    "m.reaction",
    "m.room.encrypted",
    "m.room.member",
    "m.room.policy",
    "m.room.power_levels",
    "m.room.create",
    "m.room.name",
)
_KEYS = (
    "body",
    "msgtype",
    "m.relates_to",
    "m.in_reply_to",
    "event_id",
    "rel_type",
    "key",
    "users",
    "events",
    "state_default",
    "invite",
    "via",
    "public_keys",
    "ed25519",
    "membership",
    "name",
    "additional_creators",
    "room_version",
)
_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("m.text")
_JSON = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(_KEYS) | st.text(), inner, max_size=5)
    ),
    max_leaves=20,
)
_CONTENTS = st.dictionaries(st.sampled_from(_KEYS), _JSON, max_size=6)


@given(_JSON)
def test_any_answer_can_be_read(raw: Any) -> None:
    """Whatever is sent as an event or as news is read, or left out."""
    read_event("!r:twin", raw)
    if isinstance(raw, dict):
        read_news(raw, BOT)


@given(
    st.dictionaries(
        st.sampled_from(("rooms", "next_batch")),
        st.dictionaries(
            st.sampled_from(("join", "invite", "leave")),
            st.dictionaries(
                st.text(max_size=3), st.dictionaries(st.sampled_from(("timeline", "invite_state")), _JSON)
            ),
        ),
    )
)
def test_any_shape_of_news_can_be_read(raw: dict[str, Any]) -> None:
    """Also where the outside is right and the inside isn't."""
    news = read_news(raw, BOT)
    assert all(isinstance(event.sender, str) for event in news.events)


@given(_CONTENTS, _CONTENTS)
def test_power_is_always_a_number(create: dict[str, Any], levels: dict[str, Any]) -> None:
    """No content of a room's state gives anybody a power that is no number."""
    made = Event(id="$1", room="!r", kind="m.room.create", sender=ADA, content=create, state_key="")
    stated = Event(id="$2", room="!r", kind="m.room.power_levels", sender=ADA, content=levels, state_key="")
    powers = read_powers(made, stated)
    for person in (ADA, BO):
        assert -LIMITLESS < powers.of(person) <= LIMITLESS
    assert powers.administrator >= 50
    assert isinstance(powers.to_set("m.room.policy") + powers.to_invite, int)
    assert all(powers.of(one) >= powers.administrator for one in powers.candidates())
    read_policing(made)


@given(st.text(max_size=300))
def test_any_text_can_be_read_as_a_request(text: str) -> None:
    """Reading what somebody wrote never fails, and never yields an empty word."""
    for direct in (True, False):
        said = speech.addressed(text, account=BOT, name="Folkmoot", direct=direct)
        if said is not None:
            assert speech.words(said).first
    speech.is_yes(text)
    assert speech.choice(text, [("neighbours", "Neighbours and clubs"), ("support",)]) in (None, 0, 1)


@given(st.text(max_size=500))
def test_a_title_is_one_short_line(name: str) -> None:
    """Names that strangers choose cannot break lines, turn the text around, or fill the screen."""
    shown = tidy(name)
    assert len(shown) <= 80
    assert all(letter.isprintable() for letter in shown)


def test_powers_of_old_rooms_may_be_text() -> None:
    """A level written as text counts as its number, as room versions up to 9 allow."""
    content = {"users": {BO: "50", ADA: " 100 "}, "state_default": "60"}
    stated = Event(id="$2", room="!r", kind="m.room.power_levels", sender=ADA, content=content, state_key="")
    powers = read_powers(None, stated)
    assert (powers.of(BO), powers.of(ADA), powers.administrator) == (50, 100, 60)


async def test_no_event_stops_the_bot(scene: Scene) -> None:
    """After hundreds of odd events in a room and in a direct chat, the bot still answers."""
    room = await scene.protected_room()
    direct = scene.direct_with(BO)
    await scene.until(lambda: bool(scene.texts(direct)))
    odd: list[Any] = [
        None,
        7,
        -1.5,
        True,
        "",
        "!moot",
        "\0\u202e",
        [],
        [[]],
        {},
        {"m.in_reply_to": 5},
        "x" * 70_000,
    ]
    for place in (room, direct):
        for kind in (*_KINDS[:3], "org.example.strange"):
            for key in ("body", "msgtype", "m.relates_to"):
                for value in odd:
                    content = {"msgtype": "m.text", "body": "!moot help", key: value}
                    scene.server.put(place, "@cy:twin", kind, content)
    scene.server.put(room, ADA, "m.room.name", {"name": {"a": 1}}, "")
    scene.server.put(room, ADA, "m.room.power_levels", {"users": [1]}, "@x:twin")
    scene.clock.ahead = 120
    assert "What you can ask" in await scene.answer(room, ADA, "!moot help")


async def test_the_bot_goes_on_after_the_homeserver_was_away(scene: Scene) -> None:
    """What was asked while the homeserver could not be reached by us is answered after it."""
    room = await scene.protected_room()
    scene.server.away = True
    scene.server.say(room, BO, "!moot rules")
    before = len(scene.texts(room))
    scene.server.away = False
    await scene.until(lambda: len(scene.texts(room)) > before)
    assert "These are all the rules" in scene.texts(room)[-1]


async def test_a_killed_bot_answers_once(scene: Scene) -> None:
    """A request that was answered just before a kill is not answered a second time."""
    room = await scene.protected_room()
    await scene.answer(room, BO, "!moot rules")
    await scene.kill()
    scene.store.write_now(
        lambda c: c.exec_driver_sql(
            "UPDATE gateway_state SET body = '{\"token\":\"1\"}' WHERE key = 'position:'"
        )
    )
    await scene.restart()
    await scene.answer(room, ADA, "!moot status")
    assert sum("These are all the rules" in text for text in scene.texts(room)) == 1


def test_levels_beyond_all_bounds_are_bounded() -> None:
    """Not a number, and more than any number, give no power."""
    for value, expected in (
        (float("nan"), 0),
        (float("inf"), 0),
        ("1e9", 0),
        (10**400, LIMITLESS - 1),
        (True, 0),
    ):
        content = {"users": {BO: value}}
        stated = Event(id="$2", room="!r", kind=sight.POLICY, sender=ADA, content=content, state_key="")
        assert read_powers(None, stated).of(BO) == expected
