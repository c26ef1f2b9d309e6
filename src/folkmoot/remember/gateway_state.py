"""Small state that a gateway keeps for itself: joined rooms, other servers' keys, sync positions."""

from sqlalchemy import Connection, delete, insert, select, update

from folkmoot.remember.tables import gateway_state


def put(connection: Connection, gateway: str, key: str, body: str, *, at: float) -> None:
    """Remember `body` under `key`, in place of what was there."""
    where = (gateway_state.c.gateway == gateway) & (gateway_state.c.key == key)
    changed = connection.execute(update(gateway_state).where(where).values(body=body, changed_at=at))
    if changed.rowcount == 0:
        connection.execute(insert(gateway_state).values(gateway=gateway, key=key, body=body, changed_at=at))


def get(connection: Connection, gateway: str, key: str) -> str | None:
    """Return what is remembered under `key`."""
    query = select(gateway_state.c.body).where(gateway_state.c.gateway == gateway, gateway_state.c.key == key)
    return connection.execute(query).scalar_one_or_none()


def every(connection: Connection, gateway: str, prefix: str = "") -> dict[str, str]:
    """Return everything that a gateway remembers under keys that begin with `prefix`."""
    query = select(gateway_state.c.key, gateway_state.c.body).where(
        gateway_state.c.gateway == gateway, gateway_state.c.key.startswith(prefix, autoescape=True)
    )
    return {row.key: row.body for row in connection.execute(query)}


def forget(connection: Connection, gateway: str, key: str) -> None:
    """Forget what is remembered under `key`."""
    connection.execute(
        delete(gateway_state).where(gateway_state.c.gateway == gateway, gateway_state.c.key == key)
    )


def forget_before(connection: Connection, gateway: str, prefix: str, *, at: float) -> None:
    """Forget what is remembered under keys that begin with `prefix` and did not change since then."""
    connection.execute(
        delete(gateway_state).where(
            gateway_state.c.gateway == gateway,
            gateway_state.c.key.startswith(prefix, autoescape=True),
            gateway_state.c.changed_at < at,
        )
    )
