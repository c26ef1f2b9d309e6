"""The unguessable links to statements of reasons: of a verdict, or of what a decision did to one member."""

import base64
import hashlib
import hmac
from collections.abc import Iterable


class Receipts:
    """Makes and reads links to receipts.

    A token is the id of a verdict, decision or report with a keyed hash of it (of a decision or a report: of
    it and the member), so that the same receipt has the same link after a restart, a link can't be guessed,
    shows no other member's part in the same decision, and no secret has to be stored for each.
    """

    def __init__(self, secret: bytes, public_url: str) -> None:
        """Use `secret` (32 bytes) for every link; `public_url` is where the console is opened."""
        self._secret = secret
        self._base = public_url.rstrip("/")

    def link(self, verdict: str) -> str:
        """Return the address of a verdict's receipt."""
        return f"{self._base}/receipt/{self.token(verdict)}"

    def link_for(self, subject: str, person: str) -> str:
        """Return the address of one member's receipt of a decision, or of the answer to their report."""
        return f"{self._base}/receipt/{self.token_for(subject, person)}"

    def rules(self, group: str) -> str:
        """Return the address at which a group's rules are read word for word, without an account."""
        return f"{self._base}/g/{group}/rules"

    def token(self, verdict: str) -> str:
        """Return the part of the link that opens a verdict's receipt."""
        return f"{verdict}.{self._hash(verdict)}"

    def token_for(self, subject: str, person: str) -> str:
        """Return the part of the link that opens one member's receipt of a decision or a report."""
        return f"{subject}.{self._hash(subject, person)}"

    def verdict(self, token: str) -> str | None:
        """Return the id of the verdict that a token opens; None if the token opens none."""
        verdict, _, given = token.partition(".")
        return verdict if self._same(given, verdict) else None

    def person(self, token: str, people: Iterable[str]) -> str | None:
        """Return which of these members a token was made for; None if for none of them."""
        subject, _, given = token.partition(".")
        return next((one for one in people if self._same(given, subject, one)), None)

    def _same(self, given: str, *about: str) -> bool:
        """Compare in constant time."""
        plain = given.isascii() and all("\0" not in one for one in about)
        return plain and hmac.compare_digest(given, self._hash(*about))

    def _hash(self, *about: str) -> str:
        said = b"receipt:" + "\0".join(about).encode("utf-8", "surrogatepass")
        digest = hmac.new(self._secret, said, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:18]).decode()
