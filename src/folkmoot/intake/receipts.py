"""The unguessable link to the statement of reasons of one verdict."""

import base64
import hashlib
import hmac


class Receipts:
    """Makes and reads links to receipts.

    A token is the verdict's id with a keyed hash of it, so that the same verdict has the same link after a
    restart, a link can't be guessed, and no secret has to be stored for each.
    """

    def __init__(self, secret: bytes, public_url: str) -> None:
        """Use `secret` (32 bytes) for every link; `public_url` is where the console is opened."""
        self._secret = secret
        self._base = public_url.rstrip("/")

    def link(self, verdict: str) -> str:
        """Return the address of the receipt page."""
        return f"{self._base}/receipt/{self.token(verdict)}"

    def rules(self, group: str) -> str:
        """Return the address at which a group's rules are read word for word, without an account."""
        return f"{self._base}/g/{group}/rules"

    def token(self, verdict: str) -> str:
        """Return the part of the link that opens the receipt."""
        return f"{verdict}.{self._hash(verdict)}"

    def verdict(self, token: str) -> str | None:
        """Return the id of the verdict that a token opens; None if the token is not ours."""
        verdict, _, given = token.partition(".")
        if not verdict.isascii() or not given.isascii():
            return None
        return verdict if hmac.compare_digest(given, self._hash(verdict)) else None

    def _hash(self, verdict: str) -> str:
        digest = hmac.new(self._secret, b"receipt:" + verdict.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:18]).decode()
