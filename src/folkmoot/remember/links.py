"""Links to receipts that their member closed: whoever else has one can't open it any more."""

from sqlalchemy import Connection

from folkmoot.remember import gateway_state

_NAME = "receipts"


def close(connection: Connection, subject: str, person: str, *, at: float) -> None:
    """Close a member's link to the receipt of a verdict or a decision, for good."""
    gateway_state.put(connection, _NAME, _key(subject, person), "closed", at=at)


def closed(connection: Connection, subject: str, person: str) -> bool:
    """Say whether a member closed their link."""
    return gateway_state.get(connection, _NAME, _key(subject, person)) is not None


def _key(subject: str, person: str) -> str:
    return f"closed:{subject}:{person}"
