"""What a person chose for themselves in a group: a language, and hours in which they are not to be called."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct, structs
from sqlalchemy import Connection, delete, insert, select

from folkmoot.remember.deciding_tables import preferences


class Preference(Struct, frozen=True, kw_only=True):
    """One person's own wishes; the quiet hours are minutes of the day in their own time zone."""

    language: str = ""
    quiet_from: int | None = None
    quiet_to: int | None = None
    zone: str = "UTC"

    def awake_at(self, at: float) -> float:
        """Return the first moment from `at` on that is outside the quiet hours."""
        if self.quiet_from is None or self.quiet_to is None or self.quiet_from == self.quiet_to:
            return at
        local = datetime.fromtimestamp(at, UTC).astimezone(zone(self.zone))
        minute = local.hour * 60 + local.minute
        left = (self.quiet_to - minute) % 1440
        length = (self.quiet_to - self.quiet_from) % 1440
        if left > length or left == 0:
            return at
        end = local.replace(second=0, microsecond=0) + timedelta(minutes=left)
        return end.timestamp()


def zone(name: str) -> ZoneInfo:
    """Return a time zone by its name; UTC where it is not known."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def get(connection: Connection, group: str, person: str) -> Preference:
    """Return what a person chose, or the defaults."""
    query = select(preferences).where(preferences.c.group_id == group, preferences.c.person == person)
    row = connection.execute(query).one_or_none()
    if row is None:
        return Preference()
    return Preference(language=row.language, quiet_from=row.quiet_from, quiet_to=row.quiet_to, zone=row.zone)


def put(connection: Connection, group: str, person: str, wish: Preference, *, at: float) -> None:
    """Keep what a person chose, in place of what they chose before."""
    key = (preferences.c.group_id == group, preferences.c.person == person)
    connection.execute(delete(preferences).where(*key))
    row = structs.asdict(wish)
    connection.execute(insert(preferences).values(group_id=group, person=person, changed_at=at, **row))
