"""A case as one message: how soon, who, where, the words, why, and what can be tapped."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.explain.times import moment
from folkmoot.gateways.matrix.bot.console import offers, rich, said
from folkmoot.gateways.matrix.bot.console.orders import Offer
from folkmoot.gateways.matrix.bot.console.rich import Line
from folkmoot.gateways.matrix.bot.sight import tidy
from folkmoot.remember import actions, cases, decisions, groups, rooms
from folkmoot.remember.deciding import Decision, DecisionKind
from folkmoot.remember.records import CaseKind
from folkmoot.remember.seal import Seals
from folkmoot.review import foreseeing, queue
from folkmoot.review.queue import CaseFile
from folkmoot.vocabulary import Category, Span

HIDDEN = frozenset(
    {Category.SEXUAL, Category.SEXUAL_SELLING, Category.VIOLENCE, Category.HATE, Category.SELF_HARM}
)
"""Words of these are seen only by who taps on them."""
_MOST_MESSAGES = 3
_MOST_RULES = 3
_MOST_EARLIER = 3
_MOST_GRANTED = 5


class Page(Struct, frozen=True, kw_only=True):
    """A message to show, what can be tapped below it, and the state that it shows."""

    lines: tuple[Line, ...]
    offers: tuple[Offer, ...]
    stamp: str
    about: tuple[str, ...]
    """Whom it is about: they never get to see it."""
    closed: bool = False


def short(case: str) -> str:
    """Return as much of a case's id as people type."""
    return case[:4]


def page(connection: Connection, seals: Seals, case: str, sentences: dict[str, str]) -> Page | None:
    """Return a case as it is now; `sentences` are the rules' own. None if there is no such case any more."""
    found = cases.get(connection, case)
    if found is None:
        return None
    file = queue.file_of(connection, seals, found)
    if found.state == cases.OPEN:
        offered = offers.of_case(connection, file)
        lines = (*_open(connection, file, sentences), *_taps(offered))
    else:
        last = file.decisions[-1] if file.decisions else None
        offered = offers.of_decided(connection, last) if last else ()
        lines = (*_closed(connection, file, last), *_taps(offered))
    return Page(
        lines=lines,
        offers=offered,
        stamp=_stamp(connection, file),
        about=file.people,
        closed=found.state != cases.OPEN,
    )


def rules_of(file: CaseFile) -> list[str]:
    """Return the rules that led to a case, the latest first, each once."""
    return [*dict.fromkeys(rule for one in reversed(file.verdicts) for rule in one.finding.rules)]


def _open(connection: Connection, file: CaseFile, sentences: dict[str, str]) -> list[Line]:
    case = file.case
    due = "" if case.due_at is None else f" · please decide by {moment(case.due_at)}"
    lines = [rich.strong(f"{said.URGENCY[case.urgency]}{due}"), _who(connection, file)]
    lines += _words(file)
    lines += _why(file, sentences)
    if file.reports:
        number = len({one.reporter for one in file.reports})
        lines.append(rich.line("Reported by 1 member." if number == 1 else f"Reported by {number} members."))
    lines += _earlier(connection, file)
    if case.claimed_by:
        lines.append(rich.line(f"{case.claimed_by} is looking at it."))
    if groups.get(connection, case.group).practice:
        lines.append(rich.line("In practice: whatever you decide, nothing is really done."))
    return lines


def _closed(connection: Connection, file: CaseFile, last: Decision | None) -> list[Line]:
    if last is None:
        return [rich.strong("Closed: it went into a case about several members."), _who(connection, file)]
    before = decisions.superseding(connection, last.id) or last
    what = said.decided(connection, last)
    if before.kind is not DecisionKind.DECISION:
        what = said.taken_back(connection, before)
    lines = [rich.strong(what), _who(connection, file)]
    if before.kind is DecisionKind.DECISION:
        lines += [rich.line(f"The reason: {last.reason}")] if last.reason else []
        lines += _partly(connection, last)
    how = said.state(actions.of_decision(connection, last.id))
    if how:
        return [*lines, rich.line(how)]
    return [*lines, *_told(connection, file, before)]


def _partly(connection: Connection, last: Decision) -> list[Line]:
    """For whom alone it was taken back."""
    granted = decisions.partly(connection, last.id)
    shown = [rich.line(said.partly(one)) for one in granted[:_MOST_GRANTED]]
    more = len(granted) - len(shown)
    return [*shown, rich.line(f"So were {more} more.")] if more else shown


def _told(connection: Connection, file: CaseFile, made: Decision) -> list[Line]:
    """What the member is told about a decision."""
    if groups.get(connection, made.group).practice:
        return [rich.line("In practice: nothing was really done, and nobody was written to.")]
    if made.kind is not DecisionKind.DECISION:
        return [rich.line("Whoever it touched is told so.")]
    people = foreseeing.people_of(connection, made)
    if not people:
        return [rich.line("Whoever reported it is told that it was looked at.")] if file.reports else []
    letter = foreseeing.letter(connection, made, people[0])
    more = "" if len(people) == 1 else f" (and {len(people) - 1} more)"
    return [rich.line(f"{people[0]}{more} is told: “{letter.first_line().strip()}” and how to appeal.")]


def _who(connection: Connection, file: CaseFile) -> Line:
    case = file.case
    who = case.person or "somebody whom nobody named"
    if case.kind is CaseKind.RAID:
        who = f"{len(file.people)} members who came together" if file.people else "the whole group"
    named = dict.fromkeys([*(one.room for one in file.verdicts), *(one.room for one in file.reports)])
    known = [rooms.get(connection, one) for one in named if one]
    titles = ", ".join(f"“{tidy(one.title)}”" for one in known[:_MOST_MESSAGES] if one)
    where = f" · {titles}" if titles else ""
    text = f"Case {short(case.id)} · {tidy(who)}{where}"
    messages = file.messages()
    if not messages:
        return rich.line(text)
    room, message = messages[-1][1], messages[-1][0]
    return rich.linked(f"{text} · ", "the message", f"https://matrix.to/#/{room}/{message}")


def _words(file: CaseFile) -> list[Line]:
    """The last messages, with what matched marked."""
    kept = [one for one in file.words if one.kind == "message"]
    by_message = {one.message: one.finding.signals for one in file.verdicts}
    lines = []
    for one in kept[-_MOST_MESSAGES:]:
        signals = by_message.get(one.subject, ())
        spans: list[Span] = [span for signal in signals for span in signal.spans]
        hidden = any(signal.category in HIDDEN for signal in signals) or _severe(file)
        if one.text is None:
            lines.append(rich.line("(The words are erased.)"))
        else:
            lines.append(rich.quoted(one.text, spans, hidden=hidden))
    more = len(kept) - _MOST_MESSAGES
    if more > 0:
        lines.append(rich.line(f"And {more} more before {'it' if more == 1 else 'them'}."))
    if not kept and not file.messages():
        lines.append(rich.line("(I don't have the words.)"))
    return lines


def _severe(file: CaseFile) -> bool:
    return any(one.category in HIDDEN for one in file.reports)


def _why(file: CaseFile, sentences: dict[str, str]) -> list[Line]:
    """Each rule's own sentence, and what was found for it."""
    lines = []
    for rule in rules_of(file)[:_MOST_RULES]:
        lines.append(rich.line(f"Why: {sentences.get(rule, rule)}"))
    found = dict.fromkeys(
        signal.sentence for one in file.verdicts for signal in one.finding.signals if signal.sentence
    )
    lines += [rich.line(f"Found: {one}") for one in [*found][-_MOST_RULES:]]
    failed = [one for one in file.verdicts if one.finding.failure and not one.finding.rules]
    return lines or ([rich.line("Why: it could not be judged in time.")] if failed else [])


def _earlier(connection: Connection, file: CaseFile) -> list[Line]:
    """What was decided about this person in this group before."""
    if not file.case.person:
        return []
    made = decisions.latest(connection, file.case.group, person=file.case.person)
    shown = [rich.line("Before:")] if made else [rich.line("Nothing was decided about them before.")]
    for one in made[:_MOST_EARLIER]:
        what = said.decided(connection, one)
        if one.kind is not DecisionKind.DECISION:
            what = said.taken_back(connection, one)
        shown.append(rich.line(f"• {moment(one.at)}: {what}"))
    return shown


def _taps(offered: Sequence[Offer]) -> list[Line]:
    return [rich.line(f"{one.key} {one.sentence}") for one in offered]


def _stamp(connection: Connection, file: CaseFile) -> str:
    """What a message shows, in few letters; it holds nothing of the words."""
    case = file.case
    last = file.decisions[-1].id if file.decisions else ""
    states = "".join(one.state.value[0] for one in actions.of_decision(connection, last)) if last else ""
    back = decisions.superseding(connection, last) if last else None
    granted = len(decisions.partly(connection, last)) if last else 0
    erased = any(one.text is None for one in file.words)
    parts = (
        case.version, case.state, case.verdict_count, case.report_count, case.urgency.value, case.due_at,
        case.claimed_by or "", len(file.people), last, states, back.id if back else "", granted, int(erased),
    )  # fmt: skip
    return " ".join(str(one) for one in parts)
