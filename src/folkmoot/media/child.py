"""The process that looks at pictures: started with nothing, able to do nothing but read, think and answer.

It reads files from standard input and answers on standard output. Once it is ready it can open no file and
no connection any more, start no process, and take no more memory or time than each file is worth.
"""

import contextlib
import os
import resource
import sys
import warnings
from io import BytesIO
from typing import BinaryIO, Final

from PIL import AvifImagePlugin, Image

from folkmoot.media import decode, nudity, pdq
from folkmoot.media.wire import HEAD, Seen, known_of, write

MORE_MEMORY: Final = 768 * 1024 * 1024
"""Bytes of address space that a file may take, beside what the program itself needs."""
SECONDS: Final = 5
"""Seconds of the processor's time for one file; then the system ends the process."""


def look(file: bytes, known: list[int], judged: nudity.Nudity | None) -> Seen:
    """Look at one file; whatever it is, there is an answer."""
    first, near, sure = "", None, None
    try:
        for frame in decode.frames(file):
            taken = pdq.fingerprint(frame)
            distance = pdq.nearest(taken, known)
            if distance is not None:
                near = distance if near is None else min(near, distance)
            if not first and taken.quality >= pdq.LEAST_QUALITY:
                first = taken.hex
            if judged is not None:
                sure = max(sure or 0.0, judged(frame))
    except decode.UnreadableError as trouble:
        return Seen(fingerprint=first, known=near, nudity=sure, unreadable=str(trouble))
    except MemoryError:
        return Seen(unreadable=decode.TOO_MUCH)
    return Seen(fingerprint=first, known=near, nudity=sure)


def warm_up(judged: nudity.Nudity | None) -> None:
    """Load everything that decoding may need while files can still be opened."""
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.init()
    sample = Image.linear_gradient("L").convert("RGB")
    for kind in decode.FORMATS:
        with contextlib.suppress(OSError, KeyError, ValueError):
            held = BytesIO()
            sample.save(held, kind)
            look(held.getvalue(), [0], judged)
    look(b"nothing", [], None)


def close_the_doors() -> None:
    """Give up what looking at pictures does not need."""
    os.chdir("/")
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 3),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_AS, _size() + MORE_MEMORY),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def _size() -> int:
    """How much address space this process has."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:  # not Linux
        return 2 * MORE_MEMORY


def _allow_time() -> None:
    """Allow the next file its share of the processor's time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 1 + SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def serve(source: BinaryIO, sink: BinaryIO, judged: nudity.Nudity | None) -> None:
    """Answer one question after the other until there are no more."""
    sink.write(write(Seen(nudity=None if judged is None else 0.0)))
    sink.flush()
    while len(head := source.read(HEAD.size)) == HEAD.size:
        listed, size = HEAD.unpack(head)
        known = known_of(source.read(listed))
        file = source.read(size)
        if len(file) != size:
            return
        _allow_time()
        sink.write(write(look(file, known, judged)))
        sink.flush()


def main() -> None:
    """Get ready, close the doors, serve."""
    warnings.simplefilter("ignore")
    judged = nudity.load()
    warm_up(judged)
    close_the_doors()
    serve(sys.stdin.buffer, sys.stdout.buffer, judged)


if __name__ == "__main__":
    main()
