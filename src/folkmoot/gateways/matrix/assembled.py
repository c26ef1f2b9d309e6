"""The policy server and the bot put together; a program that serves no Matrix never loads them."""

import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from folkmoot.gateways.matrix.bot.bot import Bot
from folkmoot.gateways.matrix.bot.connect import connect
from folkmoot.gateways.matrix.bot.surroundings import PolicyIdentity
from folkmoot.gateways.matrix.limits import Limits
from folkmoot.gateways.matrix.outgoing import Federation
from folkmoot.gateways.matrix.own_keys import open_keys
from folkmoot.gateways.matrix.pictures import Pictures
from folkmoot.gateways.matrix.remembered import PipelineJudging, StoredAnswers, StoredKeys, StoredRooms
from folkmoot.gateways.matrix.server import PolicyServer
from folkmoot.intake.pipeline import Pipeline
from folkmoot.media.looking import Looking, can_look
from folkmoot.remember.store import Store
from folkmoot.settings import Settings


class Assembled:
    """Everything of Matrix, from one set of settings."""

    def __init__(self, settings: Settings, folder: Path, pipeline: Pipeline) -> None:
        """Open the keys in `folder`; judge with `pipeline`."""
        self._settings = settings
        self._pipeline = pipeline
        self._store: Store = pipeline.store
        ours = settings.policy_server
        self._keys = open_keys(folder)
        self._federation = Federation(
            ours.server_name,
            self._keys.federation,
            allow_networks=ours.allow_networks,
            authority=Path(ours.authority) if ours.authority else None,
        )
        self._looking = Looking(settings.media.processes)
        self._answers = StoredAnswers(self._store)
        self.policy_server = self._policy_server()

    async def start(self) -> None:
        """Begin to answer."""
        await self._answers.restore()
        await self.policy_server.start()

    async def close(self) -> None:
        """Stop answering, and end every connection."""
        await self.policy_server.close()
        await self._federation.close()
        await self._looking.close()

    def _policy_server(self) -> PolicyServer:
        ours = self._settings.policy_server
        bots = frozenset({self._settings.bot.account} - {""})
        rooms = StoredRooms(self._store, homeservers=ours.allowed_homeservers, bots=bots)
        return PolicyServer(
            ours.server_name,
            self._keys,
            self._federation,
            rooms=rooms,
            judging=PipelineJudging(self._pipeline, rooms, bots, self._pictures()),
            answers=self._answers,
            key_cache=StoredKeys(self._store),
            localpart=ours.localpart,
            limits=Limits(
                largest_event=ours.largest_event,
                most_at_once=ours.most_at_once,
                deadline=ours.deadline,
                media_deadline=self._settings.media.deadline,
            ),
        )

    def _pictures(self) -> Pictures | None:
        """What looks at pictures; None where that is switched off, or not installed."""
        media = self._settings.media
        if not media.look or not can_look():
            return None
        return Pictures(
            self._federation,
            self._looking,
            self._store,
            largest=media.largest_file,
            # What is left of the deadline is for the judgement itself.
            seconds=media.deadline * 0.8,
        )

    def bot(
        self, sign_in: Callable[[str, str], Awaitable[str]], changed: Callable[[], Awaitable[None]]
    ) -> Bot:
        """Return the bot; `sign_in` makes links to the console, `changed` hears of changes."""
        return connect(
            self._settings,
            self._store,
            PolicyIdentity(
                user_id=self.policy_server.account,
                server_name=self.policy_server.server_name,
                public_key=self.policy_server.public_key,
            ),
            self._pipeline.receipts,
            clock=time.time,
            sign_in=sign_in,
            changed=changed,
        )
