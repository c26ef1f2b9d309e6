"""The pages of the console by name, for tests that look at all of them."""

from folkmoot.remember import verdicts
from tests.console.serving import Served

PUBLIC = ("landing", "how to sign in", "link", "used link", "receipt", "public rules", "not found")
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


def address(name: str, served: Served) -> str:
    """Where a page is found."""
    group = served.seeded.group
    latest = served.store.read_now(lambda c: verdicts.latest(c, group, most=60))
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
