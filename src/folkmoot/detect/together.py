"""Several things close to each other, one from each of several lists."""

from collections.abc import Sequence

from folkmoot.text.fold import Folded
from folkmoot.vocabulary import Span

MOST_EACH = 24


def find(folded: Folded, lists: Sequence[Sequence[Span]], within: int) -> tuple[Span, ...] | None:
    """One span from each list, none used twice, with at most so many words between first and last; None if
    there are none."""
    placed = [
        sorted({(folded.word_at(span.start), span.start, span.end) for span in spans})[:MOST_EACH]
        for spans in lists
    ]
    if not all(placed):
        return None
    for first in sorted({place for each in placed for place in each}):
        near = [
            [place for place in each if 0 <= place[0] - first[0] <= within and place >= first]
            for each in placed
        ]
        chosen = _one_of_each(near, ())
        if chosen is not None:
            return tuple(Span(start, end) for start, end in sorted(chosen))
    return None


Place = tuple[float, int, int]


def _one_of_each(
    near: list[list[Place]], used: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...] | None:
    """One place from each list such that no two overlap."""
    if not near:
        return used
    for _, start, end in near[0][:8]:
        if all(end <= other_start or start >= other_end for other_start, other_end in used):
            chosen = _one_of_each(near[1:], (*used, (start, end)))
            if chosen is not None:
                return chosen
    return None
