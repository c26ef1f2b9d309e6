"""The end of the demonstration in figures: what was expected, what happened, and what differed."""

from collections.abc import Sequence

from msgspec import Struct

from folkmoot.cli.demo.narrator import Narrator, visible
from folkmoot.cli.demo.play import AddedTime, Happening
from folkmoot.cli.demo.scene import Happened

ORDINARY = "delivered, nothing to see"


class Row(Struct, frozen=True, kw_only=True):
    """One category: how many messages, what became of them, and how many were as expected."""

    label: str
    sent: int
    delivered: int
    case: int
    stopped: int
    as_expected: int


def rows(told: Sequence[Happening]) -> list[Row]:
    """Count by the category that was expected, ordinary talk first."""
    labels: dict[str, list[Happening]] = {}
    for one in told:
        labels.setdefault(str(one.line.category or ORDINARY), []).append(one)
    return [
        _row(label, labels[label]) for label in sorted(labels, key=lambda label: (label != ORDINARY, label))
    ]


def differences(told: Sequence[Happening]) -> list[str]:
    """Say in words what did not happen as expected."""
    return [_difference(one) for one in told if not one.as_expected]


def tell(
    narrator: Narrator, told: Sequence[Happening], time: AddedTime | None, others: Sequence[str]
) -> None:
    """Print the summary; `others` are differences that were found by other means than the answers."""
    counted = rows(told)
    total = _row("together", told)
    narrator.table(
        "What was expected, and what happened",
        ("expected reason", "sent", "delivered", "delivered + case", "stopped", "as expected"),
        [_cells(row) for row in [*counted, total]],
    )
    for text in [*differences(told), *others]:
        narrator.say(f"  DIFFERS: {text}", style="bold red")
    if time is not None:
        narrator.say(_compared(time))


def _compared(time: AddedTime) -> str:
    without, protected = time.without * 1000, time.protected * 1000
    return (
        f"  A send took {without:.1f} ms without protection and {protected:.1f} ms with it: "
        f"{protected - without:+.1f} ms. Medians of {time.pairs} messages, each sent both ways in turn."
    )


def _row(label: str, told: Sequence[Happening]) -> Row:
    def count(what: Happened) -> int:
        return sum(one.happened is what for one in told)

    return Row(
        label=label,
        sent=len(told),
        delivered=count(Happened.DELIVERED),
        case=count(Happened.CASE),
        stopped=count(Happened.STOPPED),
        as_expected=sum(one.as_expected for one in told),
    )


def _cells(row: Row) -> tuple[str, ...]:
    numbers = (row.sent, row.delivered, row.case, row.stopped)
    return (row.label, *(str(number) for number in numbers), f"{row.as_expected} of {row.sent}")


def _difference(one: Happening) -> str:
    wanted = " or ".join(one.line.expected)
    about = f" for {one.line.category}" if one.line.category else ""
    got = one.happened or "neither delivered nor refused"
    because = f" for {one.category} (rule {one.rule})" if one.rule else ""
    case = " and a new case" if one.line.opens_case and not one.opened_case else ""
    said = f"“{visible(one.line.say[:60])}” by {one.line.who}"
    return f"{said}: expected {wanted}{about}{case}, was {got}{because}. {one.why}"
