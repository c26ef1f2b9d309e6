from folkmoot.text.fold import Folded

class Kernel:
    def __init__(
        self,
        runs: bytes,
        marks: bytes,
        words: bytes,
        steps: bytes,
        run_bits: int,
        word_bits: int,
        signs: dict[str, int],
        letters: bytes,
        link_look: int,
        /,
    ) -> None: ...
    def glance(self, folded: Folded, /) -> int: ...
    def signs(self, folded: Folded, /) -> bytes: ...
    def reached(self, window: bytes, /) -> int: ...
    def sums(self, window: bytes, /) -> list[int]: ...
