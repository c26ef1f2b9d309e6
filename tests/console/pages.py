"""The pages of the console by name, for tests that look at all of them."""

from collections.abc import Callable

from folkmoot.act import deciding
from folkmoot.act.deciding import Draft
from folkmoot.remember import verdicts
from folkmoot.remember.actions import Wanted
from folkmoot.remember.deciding import Appeal
from folkmoot.review import appealing
from folkmoot.review.permissions import Actor, Part
from folkmoot.vocabulary import ActionKind
from tests.console.serving import Served
from tests.support.seed import STEWARD

PUBLIC = (
    "landing",
    "how to sign in",
    "link",
    "used link",
    "receipt",
    "receipt of a decision",
    "appeal",
    "answered appeal",
    "public rules",
    "not found",
)
SIGNED_IN = (
    "groups",
    "overview",
    "older",
    "practice",
    "verdict",
    "rules",
    "older rules",
    "log",
    "forbidden",
)
EVERY = (*PUBLIC, *SIGNED_IN)
_MUTED = "@muted:elsewhere.example"


class Appealed:
    """Three decisions about a member: one as it is, one with an open appeal, one whose appeal was refused."""

    def __init__(self, served: Served) -> None:
        """Decide and appeal, and keep the addresses of the receipts."""
        self._served = served
        self.undisputed, self.open, self.answered = (self._decide() for _ in range(3))
        for path in (self.open, self.answered):
            found = self._appeal(path)
        served.store.write_now(
            lambda c: appealing.settle(
                c, served.store.seals, found, granted=False, words="It was clear.", by=STEWARD,
                at=served.clock(),
            )
        )  # fmt: skip

    def _decide(self) -> str:
        served, now = self._served, self._served.clock()
        mute = Wanted(kind=ActionKind.MUTE, person=_MUTED, until=now + 3_600)
        draft = Draft(
            group=served.seeded.group, by=STEWARD, person=_MUTED, wanted=(mute,), rule="spam",
            policy_version=2, reason="Please let others speak.",
        )  # fmt: skip
        made = served.store.write_now(lambda c: deciding.put(c, draft, at=now))
        return f"/receipt/{served.receipts.token_for(made.id, _MUTED)}"

    def _appeal(self, path: str) -> Appeal:
        served, subject = self._served, path.rpartition("/")[2].partition(".")[0]
        by = Actor(person=_MUTED, part=Part.HOLDER, group=served.seeded.group)
        return served.store.write_now(
            lambda c: appealing.appeal(
                c, served.store.seals, subject, by=by, words="I asked a question.\nOnly once.",
                at=served.clock(),
            )
        )  # fmt: skip


APPEALED: dict[str, Callable[[Appealed], str]] = {
    "receipt of a decision": lambda appealed: appealed.undisputed,
    "appeal": lambda appealed: appealed.open,
    "answered appeal": lambda appealed: appealed.answered,
}


def address(name: str, served: Served) -> str:
    """Where a page is found."""
    group = served.seeded.group
    latest = served.store.read_now(lambda c: verdicts.latest(c, group, most=60))
    if name in APPEALED:
        return served.url + APPEALED[name](Appealed(served))
    paths = {
        "landing": "/",
        "how to sign in": "/sign-in",
        "link": f"/sign-in/{served.sign_in_token()}",
        "used link": "/sign-in/used",
        "receipt": f"/receipt/{served.receipts.token(latest[1].id)}",
        "public rules": f"/g/{group}/rules",
        "not found": "/nowhere",
        "groups": "/groups",
        "overview": f"/groups/{group}",
        "older": f"/groups/{group}?before={latest[49].seq}",
        "practice": f"/groups/{served.seeded.other}",
        "verdict": f"/groups/{group}/verdicts/{latest[1].id}",
        "rules": f"/groups/{group}/rules",
        "older rules": f"/groups/{group}/rules/1",
        "log": f"/groups/{group}/log",
        "forbidden": f"/groups/{served.seeded.empty}",
    }
    return served.url + paths[name]
