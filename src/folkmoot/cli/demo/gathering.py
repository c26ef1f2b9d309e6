"""Brings the people of the scene together: accounts, rooms, and everybody in them."""

import asyncio
import secrets

from folkmoot.cli.demo.person import Person
from folkmoot.cli.demo.scene import Place, Scene
from folkmoot.cli.demo.stage import Stage


async def make_people(scene: Scene, stage: Stage) -> dict[str, Person]:
    """Make an account for everybody in the cast, each with a password of its own, and sign in."""

    async def make(name: str) -> Person:
        password = secrets.token_urlsafe(9)
        account = await stage.register(name, password)
        return Person(stage.homeserver.url, account, name, password)

    people = await asyncio.gather(*(make(name) for name in scene.cast.everyone))
    return {person.name: person for person in people}


async def make_rooms(scene: Scene, people: dict[str, Person]) -> dict[str, str]:
    """Let the first administrator make the scene's rooms and invite everybody; returns their ids by key."""
    return {place.key: await make_room(scene, place, people) for place in scene.rooms}


async def make_room(scene: Scene, place: Place, people: dict[str, Person]) -> str:
    """Let the first administrator make one private room, with everybody in it."""
    first, *others = scene.cast.administrators
    powers = {people[name].id: 100 for name in others}
    if int(place.version) < 12:
        # From version 12 on, who made the room is above all levels and must not be listed.
        powers[people[first].id] = 100
    guests = [person for name, person in people.items() if name != first]
    room = await people[first].create_room(
        name=place.title,
        topic=place.topic,
        room_version=place.version,
        preset="private_chat",
        power_level_content_override={"users": powers},
        invite=[person.id for person in guests],
    )
    await asyncio.gather(*(person.join(room) for person in guests))
    return room
