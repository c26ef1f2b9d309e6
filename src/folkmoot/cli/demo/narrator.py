"""Tells on the terminal what happens: in colour with a progress bar, or in plain lines for a pipe."""

import unicodedata
from collections.abc import Sequence
from types import TracebackType

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.rule import Rule
from rich.text import Text

from folkmoot.cli.demo.play import Happening
from folkmoot.cli.demo.scene import Happened

_STYLES = {Happened.DELIVERED: "green", Happened.CASE: "yellow", Happened.STOPPED: "red", None: "bold red"}
_SIGNS = {Happened.DELIVERED: "✓", Happened.CASE: "?", Happened.STOPPED: "✗", None: "!"}
_NAME_WIDTH = 11
_ROOM_WIDTH = 7
_DONE_WIDTH = 15
_HIDDEN = "▫"


class Narrator:
    """Prints the demonstration as it goes."""

    def __init__(self, console: Console | None = None) -> None:
        """Print to `console`, by default standard output."""
        self.console = console or Console(highlight=False, soft_wrap=False)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
        )
        self._told: set[str] = set()
        self._task = self._progress.add_task("Setting up", total=None)

    def __enter__(self) -> "Narrator":
        """Begin to show progress."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the progress bar away."""
        self.rest()

    def rest(self) -> None:
        """Take the progress bar away; what was printed stays."""
        self._progress.stop()

    def doing(self, what: str, *, steps: int | None = None) -> None:
        """Say what is going on now, and of how many steps."""
        self._progress.reset(self._task, description=what, total=steps)
        if not self.console.is_terminal:
            self.say(f"… {what}", style="dim")

    def done(self) -> None:
        """One step more is done."""
        self._progress.advance(self._task)

    def say(self, text: str, *, style: str = "") -> None:
        """Print one line."""
        self.console.print(Text(text, style=style), soft_wrap=True)

    def heading(self, text: str) -> None:
        """Print the title of what follows."""
        if self.console.is_terminal:
            self.console.print(Rule(Text(text, style="bold"), align="left", style="dim"))
        else:
            self.say(f"\n== {text}")

    def talk(self, who: str, text: str) -> None:
        """Print something said during the set-up; what was said word for word before is left out."""
        first, *more = [part for part in text.strip().splitlines() if part.strip()]
        self.say(f"  {who + ':':<11} {first}")
        for part in more:
            if part not in self._told:
                self.say(f"  {'':<11} {part}", style="dim")
        self._told.update(more)

    def line(self, told: Happening) -> None:
        """Print one line of the scene: who, where, what, what happened and why."""
        what = _what(told)
        if not self.console.is_terminal:
            parts = [told.line.who, told.line.room, visible(told.line.say), what]
            self.say(" · ".join([*parts, _why(told)] if told.why else parts))
            return
        style = _STYLES[told.happened]
        room = self.console.width - _NAME_WIDTH - _ROOM_WIDTH - _DONE_WIDTH - 6
        row = Text()
        row.append(f"{_SIGNS[told.happened]} ", style=style)
        row.append(fitted(told.line.who, _NAME_WIDTH) + " ", style="bold")
        row.append(fitted(told.line.room, _ROOM_WIDTH) + " ", style="dim")
        row.append(fitted(visible(told.line.say), max(room, 20)) + " ")
        row.append(what, style=style)
        self.console.print(row, soft_wrap=True)
        if told.why:
            self.console.print(Padding(Text(f"└ {_why(told)}", style="dim"), (0, 0, 0, _NAME_WIDTH + 3)))

    def table(self, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print a small table; the first column is text, the others are aligned to the right."""
        widths = [max(cell_len(str(cell)) for cell in column) for column in zip(headings, *rows, strict=True)]
        self.heading(title)
        for number, row in enumerate([headings, *rows]):
            cells = [
                fitted(cell, width) if not place else " " * (width - cell_len(cell)) + cell
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            self.say("  " + "   ".join(cells), style="bold" if not number else "")


def visible(text: str) -> str:
    """Return a text with its invisible characters shown, so that a disguise can be seen."""
    return "".join(_HIDDEN if unicodedata.category(char) in ("Cf", "Cc") else char for char in text)


def fitted(text: str, width: int) -> str:
    """Return a text cut or padded to so many cells of a terminal."""
    if cell_len(text) > width:
        text = set_cell_size(text, width - 1).rstrip() + "…"
    return set_cell_size(text, width)


def _what(told: Happening) -> str:
    if told.happened is None:
        return "trouble"
    if told.happened is Happened.CASE:
        return "delivered, case"
    if told.happened is Happened.STOPPED and told.opened_case:
        return "stopped, case"
    return str(told.happened)


def _why(told: Happening) -> str:
    """The reason without the sentence that only repeats what happened."""
    return told.why.removeprefix("Your message was stopped before anyone saw it. ")
