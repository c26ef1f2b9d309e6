"""Every table, as SQLAlchemy Core; times are seconds since 1970 (UTC), JSON is text made by msgspec."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives an autoincrementing key to INTEGER only; PostgreSQL wants BIGINT.
Serial = BigInteger().with_variant(Integer, "sqlite")


def group_column() -> Column[str]:
    """Return a column that says which group a row belongs to."""
    return Column("group_id", String(64), ForeignKey("groups.id"), nullable=False)


groups = Table(
    "groups",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("title", Text, nullable=False),
    Column("language", String(16), nullable=False),
    Column("practice", Boolean, nullable=False),
    Column("on_failure", String(8), nullable=False),
    Column("encrypted", String(8), nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("created_by", Text, nullable=False),
)

policies = Table(
    "policies",
    metadata,
    group_column(),
    Column("version", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("note", Text, nullable=False),
    UniqueConstraint("group_id", "version"),
)

rooms = Table(
    "rooms",
    metadata,
    Column("id", String(255), primary_key=True),
    group_column(),
    Column("title", Text, nullable=False),
    Column("added_at", Float, nullable=False),
    Column("removed_at", Float),
    Column("protection", String(16), nullable=False),
    Column("protection_reason", Text, nullable=False),
    Column("protection_at", Float, nullable=False),
    Column("encrypted", Boolean, nullable=False),
    Index("ix_rooms_group_id", "group_id"),
)

administrators = Table(
    "administrators",
    metadata,
    group_column(),
    Column("person", String(255), nullable=False),
    Column("room", String(255), nullable=False),
    Column("power", Integer, nullable=False),
    Column("since", Float, nullable=False),
    UniqueConstraint("group_id", "room", "person"),
)

# What was judged, without text: a row holds all that one commit judged in one group (see `sheets`). It gives
# the same message the same answer for ever after, and floods and copies outlive a restart by it.
judged = Table(
    "judged",
    metadata,
    Column("seq", Serial, primary_key=True),
    Column("group_id", String(64), nullable=False),
    Column("began", Float, nullable=False),
    Column("at", Float, nullable=False),
    Column("allowed", Integer, nullable=False),
    Column("cases", Integer, nullable=False),
    Column("stopped", Integer, nullable=False),
    Column("removed", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("ix_judged_at", "at"),
)

# Where each message stands that was judged. Hot: `key` stands for group and message, and is SQLite's own.
judged_keys = Table(
    "judged_keys",
    metadata,
    Column("key", Serial, primary_key=True, autoincrement=False),
    Column("sheet", BigInteger, nullable=False),
)

# How many messages of each sender a group has seen, counted from `judged` a little later.
acquaintances = Table(
    "acquaintances",
    metadata,
    Column("group_id", String(64), nullable=False),
    Column("sender", String(255), nullable=False),
    Column("messages", Integer, nullable=False),
    Column("last_at", Float, nullable=False),
    PrimaryKeyConstraint("group_id", "sender"),
    Index("ix_acquaintances_last_at", "last_at"),
)

# One row per verdict that was not simply "allow". No text either: spans, rule ids, sentences by rules' words.
verdicts = Table(
    "verdicts",
    metadata,
    Column("seq", Serial, primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    group_column(),
    Column("room", String(255), nullable=False),
    Column("sender", String(255), nullable=False),
    Column("message", String(255), nullable=False),
    Column("at", Float, nullable=False),
    Column("outcome", String(8), nullable=False),
    Column("done", String(8), nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("mark", String(64), nullable=False, server_default=""),
    Index("ix_verdicts_group_id_seq", "group_id", "seq"),
    Index("ix_verdicts_group_id_sender", "group_id", "sender"),
)

cases = Table(
    "cases",
    metadata,
    Column("id", String(32), primary_key=True),
    group_column(),
    Column("kind", String(8), nullable=False, server_default="person"),
    Column("person", String(255), nullable=False),
    Column("opened_at", Float, nullable=False),
    Column("last_at", Float, nullable=False),
    Column("state", String(16), nullable=False),
    Column("verdict_count", Integer, nullable=False),
    Column("report_count", Integer, nullable=False, server_default="0"),
    Column("urgency", String(16), nullable=False, server_default="when-you-can"),
    Column("due_at", Float),
    Column("reminded_at", Float),
    Column("claimed_by", String(255)),
    Column("claimed_at", Float),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("closed_at", Float),
    Column("erase_at", Float),
    Index("ix_cases_group_id_person", "group_id", "person"),
    Index("ix_cases_state_due_at", "state", "due_at"),
)

# The people of a case that is about more than one: a raid.
case_people = Table(
    "case_people",
    metadata,
    Column("case_id", String(32), ForeignKey("cases.id"), nullable=False),
    group_column(),
    Column("person", String(255), nullable=False),
    PrimaryKeyConstraint("case_id", "person"),
)

case_verdicts = Table(
    "case_verdicts",
    metadata,
    Column("case_id", String(32), ForeignKey("cases.id"), nullable=False),
    Column("verdict", String(32), nullable=False),
    UniqueConstraint("case_id", "verdict"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("group_id", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("due_at", Float, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("done_at", Float),
    Column("trouble", Text),
    Index("ix_outbox_done_at_due_at", "done_at", "due_at"),
)

log = Table(
    "log",
    metadata,
    Column("seq", Serial, primary_key=True),
    Column("group_id", String(64), nullable=False),
    Column("at", Float, nullable=False),
    Column("by", String(255), nullable=False),
    Column("kind", String(48), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_log_group_id_seq", "group_id", "seq"),
)

# Only hashes of secrets are kept: API tokens, one-time links and console sessions.
tokens = Table(
    "tokens",
    metadata,
    Column("hash", String(64), primary_key=True),
    group_column(),
    Column("kind", String(16), nullable=False),
    Column("person", String(255), nullable=False),
    Column("label", Text, nullable=False),
    Column("may", String(64), nullable=False, server_default="judge"),
    Column("made_at", Float, nullable=False),
    Column("expires_at", Float),
    Column("ended_at", Float),
    Index("ix_tokens_group_id", "group_id"),
)

# Small state that a gateway keeps for itself: joined rooms, other servers' keys, sync positions.
gateway_state = Table(
    "gateway_state",
    metadata,
    Column("gateway", String(32), nullable=False),
    Column("key", String(512), nullable=False),
    Column("body", Text, nullable=False),
    Column("changed_at", Float, nullable=False),
    UniqueConstraint("gateway", "key"),
)
