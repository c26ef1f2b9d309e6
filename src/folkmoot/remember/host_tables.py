"""The tables of what people list: hosts that an operator feeds, pictures that a group does not want."""

from sqlalchemy import Column, Float, ForeignKey, PrimaryKeyConstraint, String, Table, Text, UniqueConstraint

from folkmoot.remember.tables import Serial, group_column, metadata

__all__ = ["Serial", "group_column", "metadata"]

# Each host has an end if it has one; a list without a group is for all groups.
host_lists = Table(
    "host_lists",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("group_id", String(64), ForeignKey("groups.id")),
    Column("name", String(40), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("changed_at", Float, nullable=False),
    UniqueConstraint("group_id", "name"),
)

listed_hosts = Table(
    "listed_hosts",
    metadata,
    Column("list_id", String(32), ForeignKey("host_lists.id"), nullable=False),
    Column("host", String(255), nullable=False),
    Column("note", Text, nullable=False),
    Column("until", Float),
    Column("added_by", String(255), nullable=False),
    Column("added_at", Float, nullable=False),
    PrimaryKeyConstraint("list_id", "host"),
)

# PDQ fingerprints, which say nothing about what a picture shows; the pictures are not kept.
unwanted_pictures = Table(
    "unwanted_pictures",
    metadata,
    group_column(),
    Column("fingerprint", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("added_by", String(255), nullable=False),
    Column("added_at", Float, nullable=False),
    PrimaryKeyConstraint("group_id", "fingerprint"),
)
