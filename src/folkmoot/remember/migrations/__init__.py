"""The way of the database from one version to the next (Alembic)."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from alembic.config import Config

_HERE = Path(__file__).parent


def configuration() -> "Config":
    """Alembic's settings, without a file of their own."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_HERE))
    return config


def newest() -> str:
    """Return the version that this program uses."""
    return max(file.name.partition("_")[0] for file in (_HERE / "versions").glob("[0-9]*.py"))


def migrate(engine: Engine, to: str = "head") -> None:
    """Bring the database to the version `to`, in one transaction."""
    if to == "head" and _version(engine) == newest():
        return
    from alembic import command  # slow to import, and hardly ever needed

    config = configuration()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)


def _version(engine: Engine) -> str | None:
    """Return the version of the database; None where it has none yet."""
    with engine.connect() as connection:
        try:
            return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
        except SQLAlchemyError:
            return None
