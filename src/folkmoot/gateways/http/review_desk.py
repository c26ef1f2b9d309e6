"""What a request about people is answered with, and who asks: the caller vouches for that."""

from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.intake.receipts import Receipts
from folkmoot.remember.seal import Seals
from folkmoot.remember.tokens import Scope, Token
from folkmoot.review import queue
from folkmoot.review.permissions import Actor, NotAllowedError, Part


class Desk(Struct, frozen=True):
    """What one request is answered with."""

    connection: Connection
    seals: Seals
    receipts: Receipts
    token: Token
    now: float

    @property
    def group(self) -> str:
        """The group that the token opens."""
        return self.token.group

    def administrator(self, person: str) -> Actor:
        """Return an administrator; NotAllowedError if the group does not name this person as one."""
        if person not in queue.administrators(self.connection, self.group):
            raise NotAllowedError("Only an administrator of the group can do this; `by` names none.")
        return Actor(person=person, part=Part.ADMINISTRATOR, group=self.group)

    def member(self, person: str) -> Actor:
        """Return a member, for whom the caller vouches."""
        return Actor(person=person, part=Part.MEMBER, group=self.group)

    def either(self, person: str) -> Actor:
        """Return an administrator where the token may speak for those, else a member."""
        known = queue.administrators(self.connection, self.group)
        if Scope.DECIDE in self.token.may and (person in known or Scope.REPORT not in self.token.may):
            return self.administrator(person)
        return self.member(person)
