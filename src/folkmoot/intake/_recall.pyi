from collections.abc import Callable

from folkmoot.vocabulary import Trace

class Recall:
    def __init__(
        self, senders: int, texts: int, numbers: int, make: Callable[[float, str, str], Trace], /
    ) -> None: ...
    def ask(
        self, how: int, group: str, room: str, sender: str, fingerprint: int, sketch: bytes, now: float, /
    ) -> tuple[tuple[float, ...], tuple[Trace, ...]] | None: ...
    def sizes(self) -> tuple[int, int, int]: ...
