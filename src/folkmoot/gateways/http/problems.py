"""Everything that can be wrong with a request: each kind once, with its remedy."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from folkmoot.gateways.http.wire import Place, Problem


class Kind(Struct, frozen=True):
    """One kind of problem: the same title, status and remedy wherever it occurs."""

    name: str
    status: int
    title: str
    remedy: str


class RefusedError(Exception):
    """The request can't be answered; the problem says why and what to do."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        place: Place | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Refuse for `detail`; `headers` go out with the answer."""
        super().__init__(detail)
        self.kind = kind
        self.headers = dict(headers or {})
        self.problem = Problem(
            type=f"/v1/docs#{kind.name}",
            title=kind.title,
            status=kind.status,
            detail=detail,
            remedy=kind.remedy,
            place=place,
        )


NOT_JSON: Final = Kind(
    "not-json",
    400,
    "The body is not valid JSON",
    "Send one JSON object in UTF-8; the place says where it breaks.",
)
WRONG_FIELD: Final = Kind(
    "wrong-field",
    400,
    "A field is wrong",
    "Change the field at that place; /v1/docs lists every field with its type and bounds.",
)
TOO_MANY: Final = Kind(
    "too-many", 400, "Too many messages in one batch", "Send them in several requests, in the same order."
)
NO_TOKEN: Final = Kind(
    "no-token",
    401,
    "A token is needed",
    "Send the header `Authorization: Bearer TOKEN`. `folkmoot token GROUP` makes a token.",
)
WRONG_TOKEN: Final = Kind(
    "wrong-token",
    401,
    "The token opens nothing",
    "It may be mistyped, ended, expired or not for the API. `folkmoot token GROUP` makes a new one.",
)
OTHER_GROUP: Final = Kind(
    "other-group", 403, "The token is another group's", "Use the token of that group, or leave out `group`."
)
WRONG_SCOPE: Final = Kind(
    "wrong-scope",
    403,
    "The token may not do this",
    "Make one that may: `folkmoot token GROUP --may judge`, `report`, `decide` or `act`.",
)
NOT_ALLOWED: Final = Kind(
    "not-allowed",
    403,
    "This person may not do this",
    "The detail says for whom it is. Show it to the person, and don't ask again for them.",
)
NO_PERSON: Final = Kind(
    "no-person",
    400,
    "It is not said who asks",
    "Send the header `Folkmoot-By`: your id of the person, percent-encoded where it is not plain ASCII.",
)
UNKNOWN: Final = Kind(
    "unknown",
    404,
    "There is no such thing in this group",
    "Look at the id: it may be mistyped, or erased, or another group's.",
)
TAKEN: Final = Kind(
    "taken",
    409,
    "Somebody else was faster",
    "Ask for it again, and show the person what changed before they try anew.",
)
NOT_POSSIBLE: Final = Kind(
    "not-possible",
    422,
    "This can't be done",
    "The detail says what is missing or too much.",
)
NOT_FOUND: Final = Kind(
    "not-found", 404, "There is nothing here", "Ask POST /v1/judge or GET /v1/policy; /v1/docs explains them."
)
WRONG_METHOD: Final = Kind(
    "wrong-method", 405, "This address is asked differently", "Use a method that the Allow header names."
)
TOO_SLOW: Final = Kind(
    "too-slow", 408, "The body did not arrive in time", "Send it again over a better connection."
)
TOO_LARGE: Final = Kind(
    "too-large", 413, "The body is too large", "Send fewer or shorter messages in one request."
)
WRONG_TYPE: Final = Kind(
    "wrong-type",
    415,
    "The body is not sent as JSON",
    "Send it uncompressed, with the header `Content-Type: application/json`.",
)
FAILED: Final = Kind(
    "failed",
    500,
    "We could not judge",
    "Ask again with the same id. If it stays, the operator's log says more.",
)
BUSY: Final = Kind("busy", 503, "Too many requests at once", "Ask again after the seconds in Retry-After.")

KINDS: Final = (
    NOT_JSON,
    WRONG_FIELD,
    TOO_MANY,
    NO_TOKEN,
    WRONG_TOKEN,
    NO_PERSON,
    OTHER_GROUP,
    WRONG_SCOPE,
    NOT_ALLOWED,
    UNKNOWN,
    TAKEN,
    NOT_POSSIBLE,
    NOT_FOUND,
    WRONG_METHOD,
    TOO_SLOW,
    TOO_LARGE,
    WRONG_TYPE,
    FAILED,
    BUSY,
)
