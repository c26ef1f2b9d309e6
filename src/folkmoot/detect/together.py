"""Several things close to each other, one from each of several lists."""

from collections.abc import Sequence

from folkmoot.text.fold import Folded
from folkmoot.vocabulary import Span

MOST_EACH = 24


def find(folded: Folded, lists: Sequence[Sequence[Span]], within: int) -> tuple[Span, ...] | None:
    """One span from each list, none used twice, with at most so many words between first and last; None if
    there are none."""
    placed = [_placed(folded, spans) for spans in lists]
    if not all(placed):
        return None
    for word, start in sorted({(place[0], place[1]) for each in placed for place in each}):
        near = [[one for one in each if one[1] >= start and one[0] - word <= within] for each in placed]
        chosen = _one_of_each(near, ())
        if chosen is not None:
            return tuple(Span(*span) for span in sorted(chosen))
    return None


def _placed(folded: Folded, spans: Sequence[Span]) -> list["Place"]:
    """The spans with the words before them, in the order of the text, the longer phrase first."""
    places = {(folded.word_at(span.start), span.start, span.end) for span in spans}
    return sorted(places, key=lambda place: (place[1], -place[2]))[:MOST_EACH]


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
