"""Join waves, as a homeserver in memory tells of them."""

from folkmoot.act import raids
from folkmoot.remember import cases
from tests.unit.bot.conftest import Scene


async def test_a_join_wave_is_brought_before_administrators_once(scene: Scene) -> None:
    """Many who come in within two minutes are one case about all of them."""
    room = await scene.protected_room()
    people = [f"@wave{number}:twin" for number in range(raids.JOINS)]
    for person in people:
        scene.server.member(room, person, person, "join")
    group = scene.group(room).id
    await scene.until(lambda: len(scene.store.read_now(lambda c: cases.still_open(c, group))) == 1)
    (case,) = scene.store.read_now(lambda c: cases.still_open(c, group))
    await scene.until(lambda: set(scene.store.read_now(lambda c: cases.people_of(c, case))) >= set(people))


async def test_changed_names_are_no_joins(scene: Scene) -> None:
    """Whoever is there already and changes their name has not joined."""
    room = await scene.protected_room()
    people = [f"@old{number}:twin" for number in range(raids.JOINS)]
    for few in (people[:4], people[4:]):
        for person in few:
            scene.server.member(room, person, person, "join")
        await scene.answer(room, "@ada:twin", "folkmoot help")
        scene.clock.ahead += 200
    group = scene.group(room).id
    opened = len(scene.store.read_now(lambda c: cases.still_open(c, group)))
    for person in people:
        scene.server.member(room, person, person, "join")
    await scene.answer(room, "@ada:twin", "folkmoot help")
    assert len(scene.store.read_now(lambda c: cases.still_open(c, group))) == opened
