"""What a letter to administrators shows: read afresh each time, so that it is true when it is seen."""

from collections.abc import Callable, Iterable

from sqlalchemy import Connection

from folkmoot.gateways.matrix.bot.console import appeal_card, case_card, placing, tellings
from folkmoot.gateways.matrix.bot.console import notes as kept
from folkmoot.gateways.matrix.bot.console.board import Notice
from folkmoot.gateways.matrix.bot.console.placing import Place
from folkmoot.gateways.matrix.bot.courier import is_matrix
from folkmoot.gateways.matrix.bot.rulebook import Rulebook, UnknownVersionError
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.remember import appeals, cases, outbox
from folkmoot.remember.deciding import Eyes
from folkmoot.remember.records import Letter
from folkmoot.review import queue


class Showing:
    """Reads what is to be shown from the store."""

    def __init__(self, here: Surroundings, rulebook: Rulebook) -> None:
        """Read rules from `rulebook`."""
        self._here = here
        self._rulebook = rulebook

    async def read(self, letter: Letter) -> Notice | None:
        """Return what a letter shows in its place; None where there is nothing to show any more."""
        what, subject = letter.body.get("what", ""), letter.body.get("subject", "")
        if what == kept.CASE:
            return await self.case(letter.group, subject)
        make: dict[str, Callable[[Connection, Letter, float], Notice | None]] = {
            kept.APPEAL: lambda c, one, at: appeal_card.notice(c, self._here.store.seals, one, at=at),
            "appeal-words": lambda c, one, _: appeal_card.words(c, self._here.store.seals, one),
            kept.BREAKER: tellings.breaker,
            kept.RULE: tellings.rule_gone,
            "second": tellings.second,
            "action-failed": tellings.failed,
            queue.OPERATOR_READ: tellings.operator_read,
            "reminder": tellings.reminder,
        }
        if what not in make:
            return None
        now = self._here.clock()
        return await self._here.store.read(lambda c: make[what](c, letter, now))

    async def case(self, group: str, case: str) -> Notice | None:
        """Return a case as it is now."""
        sentences = await self.sentences(group, case)
        seals = self._here.store.seals
        page = await self._here.store.read(lambda c: case_card.page(c, seals, case, sentences))
        if page is None:
            return None
        return Notice(
            kind=kept.CASE,
            subject=case,
            group=group,
            lines=page.lines,
            offers=page.offers,
            stamp=page.stamp,
        )

    async def sentences(self, group: str, case: str) -> dict[str, str]:
        """Return the rules that led to a case in their own words, each as it was then."""
        seals = self._here.store.seals
        found = await self._here.store.read(lambda c: cases.get(c, case))
        if found is None or found.group != group:
            return {}
        file = await self._here.store.read(lambda c: queue.file_of(c, seals, found))
        said: dict[str, str] = {}
        for version in {one.policy_version for one in file.verdicts[-20:]}:
            try:
                policy = await self._rulebook.policy(group, version)
            except UnknownVersionError:
                continue
            said |= {rule.id: rule.sentence for rule in policy.rules}
        return said

    def ours(self, connection: Connection, now: float, kinds: tuple[str, ...]) -> list[Letter]:
        """Return those letters to one person that are for an administrator to read, not for a member."""
        due = outbox.due(connection, now=now, kinds=kinds, most=500)
        return [one for one in due if _is_ours(connection, one)]

    def address_all(self, connection: Connection, letters: Iterable[Letter], *, at: float) -> None:
        """Turn letters to one person into some for their direct chat with us, not while they sleep."""
        for letter in letters:
            self._address(connection, letter, at)

    def _address(self, connection: Connection, letter: Letter, at: float) -> None:
        person = letter.body.get("person", "")
        about = letter.body.get("appeal", "") or letter.body.get("case", "")
        again = letter.kind in ("reminder", "appeal-words")
        body = {**letter.body, "what": letter.kind, "subject": str(letter.id) if again else about}
        if is_matrix(person):
            placing.send(connection, letter.group, Place(person=person), body, at=at)
        outbox.done(connection, letter.id, at=at)

    def about(self, connection: Connection, letter: Letter) -> list[str]:
        """Return whom a letter is about, if it is about a case."""
        found = cases.get(connection, letter.body.get("case", "") or letter.body.get("subject", ""))
        return [] if found is None else cases.people_of(connection, found)


def _is_ours(connection: Connection, letter: Letter) -> bool:
    if letter.kind == "reminder" and "case" in letter.body:
        return True
    found = appeals.get(connection, letter.body.get("appeal", ""))
    if found is None:
        return False
    person = letter.body.get("person", "")
    by_panel = found.eyes is Eyes.PANEL and person in appeals.votes(connection, found.id)
    return person != found.person and not by_panel
