"""The processes that look at pictures: limited, killed when they are slow, replaced when they are gone."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from folkmoot.media import looking as rooms
from folkmoot.media.looking import TOOK_TOO_LONG, Looking, NoLookingError
from folkmoot.media.wire import Seen
from tests.unit.media.drawn import animation, saved, scene

_FILE = saved(scene(1), "JPEG")


def process_of(looking: Looking) -> int:
    """The number of the one process at work."""
    [child] = looking._all
    return child._process.pid


def _proc(process: int, what: str) -> bytes:
    return Path(f"/proc/{process}/{what}").read_bytes()


async def replaced(looking: Looking, old: int) -> None:
    """Wait until another process has taken the place of the one that was there."""
    async with asyncio.timeout(30):
        await asyncio.gather(*looking._tasks)
    assert process_of(looking) != old


async def test_a_picture_is_seen(looking: Looking) -> None:
    """A picture has a fingerprint; by that it is known again, mirrored or scaled too."""
    seen = await looking.look(_FILE, (), group="g")
    assert (len(seen.fingerprint), seen.known, seen.unreadable) == (64, None, "")
    again = saved(scene(1).resize((300, 200)), "PNG")
    assert (await looking.look(again, ("0" * 64, seen.fingerprint), group="g")).known is not None
    assert (await looking.look(saved(scene(2)), (seen.fingerprint,), group="g")).known is None


async def test_a_frame_of_an_animation_is_known(looking: Looking) -> None:
    """A known picture is found among the frames of an animation too."""
    known = (await looking.look(saved(scene(5, (64, 64))), (), group="g")).fingerprint
    frames = [scene(seed, (64, 64)) for seed in (1, 2, 5)]
    moving = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50)
    assert (await looking.look(moving, (known,), group="g")).known is not None


async def test_what_cannot_be_read_leaves_the_process_as_it_was(looking: Looking) -> None:
    """After broken files and bombs the same process goes on looking."""
    pid = process_of(looking)
    for file in (b"", b"x" * 1_000, _FILE[:200], animation(3_000, (4, 4))):
        assert (await looking.look(file, (), group="g")).unreadable
    assert (await looking.look(_FILE, (), group="g")).fingerprint
    assert process_of(looking) == pid


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="/proc is Linux's")
async def test_the_process_has_no_doors(looking: Looking) -> None:
    """The process may open no file and no connection, and has little memory and time."""
    await looking.look(_FILE, (), group="g")
    limits = _proc(process_of(looking), "limits").decode()
    soft = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert soft["Max open files"] == "3"
    assert soft["Max file size"] == soft["Max core file size"] == soft["Max processes"] == "0"
    assert int(soft["Max cpu time"]) < 60
    assert int(soft["Max address space"]) < 2_000_000_000


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="/proc is Linux's")
async def test_the_process_knows_no_secrets(looking: Looking) -> None:
    """Nothing of our environment reaches the process."""
    assert _proc(process_of(looking), "environ").split(b"\0") == [b"LANG=C.UTF-8", b""]


async def test_a_slow_process_is_killed_and_replaced(
    looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that takes too long is answered as such, and another process looks at the next."""
    old = process_of(looking)
    os.kill(old, signal.SIGSTOP)
    monkeypatch.setattr(rooms, "_FILE_SECONDS", 0.3)
    assert await looking.look(_FILE, (), group="g") == Seen(unreadable=TOOK_TOO_LONG)
    monkeypatch.setattr(rooms, "_FILE_SECONDS", 10.0)
    await replaced(looking, old)
    assert (await looking.look(_FILE, (), group="g")).fingerprint
    with pytest.raises(ProcessLookupError):
        os.kill(old, 0)


async def test_a_process_that_died_is_replaced(looking: Looking) -> None:
    """A process that dies, whatever of, costs the one file and no other."""
    old = process_of(looking)
    os.kill(old, signal.SIGKILL)
    assert (await looking.look(_FILE, (), group="g")).unreadable == TOOK_TOO_LONG
    assert (await looking.look(_FILE, (), group="g")).fingerprint


async def test_who_gives_up_takes_nothing_from_the_next(looking: Looking) -> None:
    """A look that is given up half-way never gives its answer to the next file."""
    for _ in range(3):
        task = asyncio.create_task(looking.look(saved(scene(7, (1500, 1500))), (), group="g"))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    expected = await looking.look(_FILE, (), group="h")
    assert expected == await looking.look(_FILE, (), group="h")
    assert not looking._turns


async def test_a_process_is_replaced_after_many_files(
    monkeypatch: pytest.MonkeyPatch, looking: Looking
) -> None:
    """However well a process does, it does not live for ever."""
    [child] = looking._all
    child.left, old = 1, process_of(looking)
    assert (await looking.look(_FILE, (), group="g")).fingerprint
    await replaced(looking, old)


async def test_groups_take_turns(looking: Looking) -> None:
    """A group that sends many files keeps another waiting for one of them at most."""
    order: list[str] = []

    async def look(group: str) -> None:
        await looking.look(_FILE, (), group=group)
        order.append(group)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(6):
            tasks.create_task(look("many"))
        await asyncio.sleep(0)
        tasks.create_task(look("one"))
    assert order.index("one") <= 2


async def test_without_a_program_there_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the process can't be started, starting says so."""
    monkeypatch.setattr(rooms, "_PROGRAM", "folkmoot.media.nothing")
    with pytest.raises(NoLookingError):
        await Looking().start()
