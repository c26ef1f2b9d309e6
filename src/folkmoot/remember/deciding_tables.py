"""The tables of what people decide, as SQLAlchemy Core."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from folkmoot.remember.host_tables import Serial, group_column, metadata

__all__ = ["metadata"]
# A member says "please look". What they wrote is sealed with the case.
reports = Table(
    "reports",
    metadata,
    Column("id", String(32), primary_key=True),
    group_column(),
    Column("case_id", String(32), ForeignKey("cases.id"), nullable=False),
    Column("person", String(255), nullable=False),
    Column("reporter", String(255), nullable=False),
    Column("room", String(255), nullable=False),
    Column("message", String(255)),
    Column("source", String(16), nullable=False),
    Column("category", String(32)),
    Column("at", Float, nullable=False),
    Column("answer", String(16)),
    Column("answered_at", Float),
    UniqueConstraint("group_id", "message", "reporter"),
    Index("ix_reports_case_id", "case_id"),
    Index("ix_reports_group_id_reporter", "group_id", "reporter"),
)

# Text in a case or an appeal, encrypted under the key `key_id`, which is kept apart and destroyed in time.
sealed = Table(
    "sealed",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("group_id", String(64), nullable=False),
    Column("key_id", String(32), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("author", String(255), nullable=False),
    Column("at", Float, nullable=False),
    Column("body", LargeBinary),
    Index("ix_sealed_group_id_subject", "group_id", "subject"),
)

# Never edited: another one supersedes it, or takes it back partly: for one person.
decisions = Table(
    "decisions",
    metadata,
    Column("id", String(32), primary_key=True),
    group_column(),
    Column("case_id", String(32), ForeignKey("cases.id"), index=True),
    Column("kind", String(16), nullable=False),
    Column("person", String(255), nullable=False),
    Column("by", String(255), nullable=False),
    Column("decided_by", String(8), nullable=False),
    Column("found_by", String(8), nullable=False),
    Column("at", Float, nullable=False),
    Column("category", String(32)),
    Column("rule", String(64)),
    Column("policy_version", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("supersedes", String(32), unique=True),
    Column("partly", String(32)),
    UniqueConstraint("partly", "person"),
    Index("ix_decisions_group_id_at", "group_id", "at"),
    Index("ix_decisions_group_id_person", "group_id", "person"),
)

actions = Table(
    "actions",
    metadata,
    Column("id", String(32), primary_key=True),
    group_column(),
    Column("decision_id", String(32), ForeignKey("decisions.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("person", String(255), nullable=False),
    Column("room", String(255), nullable=False),
    Column("message", String(255), nullable=False),
    Column("until", Float),
    Column("inverse_of", String(32), unique=True),
    Column("state", String(16), nullable=False),
    Column("wanted_at", Float, nullable=False),
    Column("done_at", Float),
    Column("receipt", Text, nullable=False),
    Column("trouble", Text, nullable=False),
    Index("ix_actions_decision_id", "decision_id"),
    Index("ix_actions_group_id_done_at", "group_id", "done_at"),
    Index("ix_actions_person", "person"),
)

sanctions = Table(
    "sanctions",
    metadata,
    Column("id", String(32), primary_key=True),
    group_column(),
    Column("person", String(255), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("decision_id", String(32), ForeignKey("decisions.id"), nullable=False),
    Column("action_id", String(32), ForeignKey("actions.id"), nullable=False),
    Column("since", Float, nullable=False),
    Column("until", Float),
    Column("ended_at", Float),
    Column("ended_by", String(255)),
    Index("ix_sanctions_group_id_person", "group_id", "person"),
    Index("ix_sanctions_ended_at_until", "ended_at", "until"),
)

# What one author may send once more although a rule would stop it: known by a keyed hash, not by its text.
allowances = Table(
    "allowances",
    metadata,
    group_column(),
    Column("person", String(255), nullable=False),
    Column("mark", String(64), nullable=False),
    Column("decision_id", String(32), ForeignKey("decisions.id"), nullable=False),
    Column("until", Float, nullable=False),
    Column("ended_at", Float),
    PrimaryKeyConstraint("decision_id", "person", "mark"),
    Index("ix_allowances_group_id_until", "group_id", "until"),
)

# One for each member whom a decision touches, or whose message a rule alone stopped.
appeals = Table(
    "appeals",
    metadata,
    Column("id", String(32), primary_key=True),
    group_column(),
    Column("subject", String(32), nullable=False),
    Column("subject_kind", String(16), nullable=False),
    Column("person", String(255), nullable=False),
    Column("against", String(255), nullable=False),
    Column("at", Float, nullable=False),
    Column("eyes", String(16), nullable=False),
    Column("not_before", Float, nullable=False),
    Column("due_at", Float, nullable=False),
    Column("reminded_at", Float),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("answered_by", String(255)),
    Column("answered_at", Float),
    Column("erase_at", Float),
    UniqueConstraint("subject", "person"),
    Index("ix_appeals_group_id_state", "group_id", "state"),
)

# Members who agreed to serve on a panel, and those drawn for one appeal.
panel = Table(
    "panel",
    metadata,
    group_column(),
    Column("person", String(255), nullable=False),
    Column("since", Float, nullable=False),
    PrimaryKeyConstraint("group_id", "person"),
)

jurors = Table(
    "jurors",
    metadata,
    Column("appeal_id", String(32), ForeignKey("appeals.id"), nullable=False),
    group_column(),
    Column("person", String(255), nullable=False),
    Column("drawn_at", Float, nullable=False),
    Column("grants", Boolean),
    Column("voted_at", Float),
    PrimaryKeyConstraint("appeal_id", "person"),
)

# A group whose administrators may decide this group's appeals; both sides have to agree.
partners = Table(
    "partners",
    metadata,
    group_column(),
    Column("partner_id", String(64), ForeignKey("groups.id"), nullable=False),
    Column("agreed_by", String(255), nullable=False),
    Column("since", Float, nullable=False),
    PrimaryKeyConstraint("group_id", "partner_id"),
)

# What a group chose, where it is not the default: see remember/choices.py.
choices = Table(
    "choices",
    metadata,
    group_column(),
    Column("name", String(48), nullable=False),
    Column("value", Text, nullable=False),
    PrimaryKeyConstraint("group_id", "name"),
)

# What a person chose for themselves in a group: language, hours in which they are not to be called.
preferences = Table(
    "preferences",
    metadata,
    group_column(),
    Column("person", String(255), nullable=False),
    Column("language", String(16), nullable=False),
    Column("quiet_from", Integer),
    Column("quiet_to", Integer),
    Column("zone", String(64), nullable=False),
    Column("changed_at", Float, nullable=False),
    PrimaryKeyConstraint("group_id", "person"),
)

# Reporting or appealing without ground: warned first, then limited for a time.
limits = Table(
    "limits",
    metadata,
    group_column(),
    Column("person", String(255), nullable=False),
    Column("what", String(16), nullable=False),
    Column("warned_at", Float, nullable=False),
    Column("until", Float),
    PrimaryKeyConstraint("group_id", "person", "what"),
)

# Too much happened at once in a group: nothing more happens there until a person says so.
breakers = Table(
    "breakers",
    metadata,
    Column("id", Serial, primary_key=True),
    group_column(),
    Column("tripped_at", Float, nullable=False),
    Column("confirmed_at", Float),
    Column("confirmed_by", String(255)),
)

# What stays of records that were deleted: how many there were in a month, about nobody.
figures = Table(
    "figures",
    metadata,
    group_column(),
    Column("month", String(7), nullable=False),
    Column("what", String(32), nullable=False),
    Column("number", Integer, nullable=False),
    PrimaryKeyConstraint("group_id", "month", "what"),
)
