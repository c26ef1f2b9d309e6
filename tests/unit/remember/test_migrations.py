"""The way of the database from one version to the next, and back."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect

from folkmoot.remember import groups
from folkmoot.remember.deciding_tables import metadata
from folkmoot.remember.migrations import configuration, migrate, newest
from folkmoot.remember.store import Store


def _tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def _down(engine: Engine, to: str) -> None:
    config = configuration()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, to)


def _versions() -> list[str]:
    walk = ScriptDirectory.from_config(configuration()).walk_revisions()
    return [script.revision for script in walk][::-1]


def test_the_newest_version_is_told_by_its_file() -> None:
    """What a start looks at, to know that nothing is to be done, is Alembic's last version."""
    assert newest() == ScriptDirectory.from_config(configuration()).get_current_head()


def test_an_empty_database_gets_every_table(url: str) -> None:
    """From nothing, the migrations make exactly the tables that the code uses."""
    engine = create_engine(url)
    migrate(engine)
    assert _tables(engine) == set(metadata.tables)
    engine.dispose()


def test_the_migrations_and_the_tables_agree(url: str) -> None:
    """Columns, types, indexes and references are the same in the migrations and in the code."""
    engine = create_engine(url)
    migrate(engine)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    assert differences == []


def test_every_step_goes_down_and_up_again(url: str) -> None:
    """Each migration can be undone and done again, one after the other, down to an empty database."""
    engine = create_engine(url)
    migrate(engine)
    steps = _versions()
    for before in [*reversed(steps[:-1]), "base"]:
        _down(engine, before)
    assert _tables(engine) == set()
    for version in steps:
        migrate(engine, version)
    assert _tables(engine) == set(metadata.tables)
    engine.dispose()


def test_the_migrations_are_one_line(url: str) -> None:
    """There is one newest version: no two branches to choose between."""
    assert len(ScriptDirectory.from_config(configuration()).get_heads()) == 1


def test_opening_again_keeps_what_is_there(url: str) -> None:
    """A second start finds the database as the first one left it."""
    store = Store(url)
    made = store.write_now(lambda c: groups.create(c, "Choir", "# 1", by="@a:b", at=1.0))
    store.close()
    store = Store(url)
    assert store.read_now(groups.every) == [made]
    store.close()
