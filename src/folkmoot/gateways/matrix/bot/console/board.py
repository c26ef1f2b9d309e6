"""Shows things in rooms, each as one message that is edited in place, with reactions to tap.

What is shown is noted before it is sent, and every send has a name, so that a crash at any point leaves one
message that shows what is true.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct, structs

from folkmoot.gateways.matrix.bot import messages, notes
from folkmoot.gateways.matrix.bot.console import notes as kept
from folkmoot.gateways.matrix.bot.console import rich
from folkmoot.gateways.matrix.bot.console.notes import Card, Shown
from folkmoot.gateways.matrix.bot.console.orders import Offer, plain_key
from folkmoot.gateways.matrix.bot.console.rich import Line
from folkmoot.gateways.matrix.bot.surroundings import Surroundings
from folkmoot.gateways.matrix.bot.wire import RefusedError

_MOST_EDITS = 200


class Notice(Struct, frozen=True, kw_only=True):
    """What to show: of which kind, about what, in which words, with what to tap."""

    kind: str
    subject: str
    group: str
    lines: tuple[Line, ...]
    offers: tuple[Offer, ...] = ()
    stamp: str = ""
    person: str = ""
    """Who alone may tap; empty: every administrator."""
    reply_to: str = ""


class Board:
    """Keeps messages of ours up to date."""

    def __init__(self, here: Surroundings) -> None:
        """Use the bot's account and its notes."""
        self._here = here

    async def card(self, event: str) -> Card | None:
        """Return what a message of ours shows; None if it shows nothing that can be tapped or replied to."""
        return await self._here.store.read(lambda c: kept.card(c, event))

    async def show(self, room: str, notice: Notice) -> str:
        """Show something in a room: a message where there is none yet, else an edit; returns its event."""
        shown = await self._here.store.read(lambda c: kept.shown(c, notice.kind, notice.subject, room))
        card = self._card(room, notice)
        if shown is None or not shown.event:
            shown = await self._post(room, notice, card, shown)
        if shown.stamp != notice.stamp:
            shown = await self._edit(room, notice, card, shown)
        await self._offer(room, notice.offers, card, shown)
        return shown.event

    async def show_again(self, room: str, notice: Notice, *, seed: str) -> str:
        """Show something as a new message at the end of a room; an earlier one says so and is let go."""
        name = kept.name(notice.kind, notice.subject, room)
        before = await self._here.store.read(lambda c: notes.get(c, Shown, name))
        if before is not None and before.event and before.seed != seed:
            moved = structs.replace(notice, lines=(rich.line("It is shown again below."),), offers=())
            card = self._card(room, moved)
            shown = await self._edit(room, structs.replace(moved, stamp=f"moved {seed}"), card, before)
            await self._offer(room, (), card, shown)
            planned = Shown(event="", seed=seed, stamp=notice.stamp, edits=(*shown.edits, shown.event))
            await self._here.store.write(lambda c: notes.put(c, Shown, name, planned, at=card.at))
        return await self.show(room, notice)

    async def forget(self, room: str, shown: Shown, kind: str, subject: str) -> None:
        """Take a message and all that changed it away for good: its words have to go."""
        for event in (*shown.edits, shown.event):
            try:
                once = messages.once_in(event, "erased")
                await self._here.wire.redact(room, event, reason="Its time is over.", once=once)
            except RefusedError:
                continue  # we are no longer in that room

        def drop(connection: Any) -> None:
            notes.forget(connection, Card, shown.event)
            notes.forget(connection, Shown, kept.name(kind, subject, room))

        await self._here.store.write(drop)

    def _card(self, room: str, notice: Notice) -> Card:
        # Only in memory: what a message says belongs into the case, sealed.
        orders = {plain_key(one.key): structs.replace(one.order, text="") for one in notice.offers}
        return Card(
            kind=notice.kind,
            subject=notice.subject,
            group=notice.group,
            room=room,
            at=self._here.clock(),
            person=notice.person,
            offers=orders,
        )

    async def _post(self, room: str, notice: Notice, card: Card, planned: Shown | None) -> Shown:
        name = kept.name(notice.kind, notice.subject, room)
        if planned is None:
            planned = Shown(event="", stamp=notice.stamp)
            plan = planned
            await self._here.store.write(lambda c: notes.put(c, Shown, name, plan, at=card.at))
        content = rich.content(notice.lines)
        if notice.reply_to:
            content = rich.reply(notice.reply_to, content)
        once = messages.once_in(name, f"card {planned.seed}")
        event = await self._here.wire.send(room, "m.room.message", content, once=once)
        # If it was sent before a crash, it shows what was planned then.
        return await self._keep(card, structs.replace(planned, event=event))

    async def _edit(self, room: str, notice: Notice, card: Card, shown: Shown) -> Shown:
        number = shown.number + 1
        content = rich.edit(shown.event, rich.content(notice.lines))
        once = messages.once_in(f"{shown.event} {number}", notice.stamp)
        event = await self._here.wire.send(room, "m.room.message", content, once=once)
        edits = (*shown.edits, event)[-_MOST_EDITS:]
        return await self._keep(card, structs.replace(shown, number=number, stamp=notice.stamp, edits=edits))

    async def _offer(self, room: str, offers: Sequence[Offer], card: Card, shown: Shown) -> None:
        """Put a reaction below the message for each thing that can be tapped, and take away the others."""
        wanted = [one.key for one in offers]
        taps = {key: event for key, event in shown.taps.items() if key in wanted}
        try:
            for key, event in shown.taps.items():
                if key not in wanted:
                    once = messages.once_in(event, "gone")
                    await self._here.wire.redact(room, event, reason="", once=once)
            for key in _missing(wanted, taps):
                once = messages.once_in(f"{shown.event} {shown.number}", key)
                content = messages.reaction(shown.event, key)
                taps[key] = await self._here.wire.send(room, "m.reaction", content, once=once)
        except RefusedError:
            taps = {**taps}  # the room does not let us react; replying works as well
        if taps != shown.taps:
            await self._keep(card, structs.replace(shown, taps=taps))

    async def _keep(self, card: Card, shown: Shown) -> Shown:
        await self._here.store.write(lambda c: kept.keep(c, card, shown, at=card.at))
        return shown


def _missing(wanted: Iterable[str], taps: dict[str, str]) -> list[str]:
    return [key for key in wanted if key not in taps]
