"""Whether pictures are looked at, and whether a group's rules need that."""

from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import SQLAlchemyError

from folkmoot.cli.doctoring.findings import Found, not_needed, ok, wrong
from folkmoot.decide.diagnose import examine
from folkmoot.detect.triggers import Image
from folkmoot.media.looking import can_look, missing
from folkmoot.remember import groups, policies
from folkmoot.settings import Settings

_INSTALL = "Install the packages in requirements/media.txt; docs/operators/media.md says how."


def pictures(read: Settings) -> Found:
    """See whether what the groups' rules ask about pictures can be answered."""
    wanted = _wanted(read)
    if not read.media.look:
        state = "Switched off: pictures are judged by type only."
        return wrong("pictures", state, "Set media.look, or change the rules.") if wanted else _off(state)
    if not can_look():
        state = "Judged by type only: folkmoot[media] is not installed."
        return (
            wrong("pictures", f"{state} A group's rules ask for more.", _INSTALL) if wanted else _off(state)
        )
    lacking = ", ".join(missing())
    if lacking and "nudity" in wanted:
        return wrong("pictures", f"A group's rules ask about nudity, and there is no {lacking}.", _INSTALL)
    if lacking:
        return ok("pictures", f"Looked at where rules ask for it; not for nudity, as there is no {lacking}.")
    return ok("pictures", "Looked at where rules ask for it.")


def _off(state: str) -> Found:
    return not_needed("pictures", state)


def _wanted(read: Settings) -> set[str]:
    """What the rules in force ask about pictures."""
    engine = create_engine(read.database_url())
    try:
        with engine.connect() as connection:
            return {what for group in groups.every(connection) for what in _asked(connection, group.id)}
    except SQLAlchemyError:  # an earlier look says what is wrong with the database
        return set()
    finally:
        engine.dispose()


def _asked(connection: Connection, group: str) -> set[str]:
    policy, _ = examine(policies.current(connection, group).source)
    triggers = [trigger for rule in policy.rules for trigger in rule.when] if policy is not None else []
    return {trigger.what for trigger in triggers if isinstance(trigger, Image)}
