"""Lists of hosts that an operator feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "host_lists",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_host_lists_group_id_groups")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host_lists")),
        sa.UniqueConstraint("group_id", "name", name=op.f("uq_host_lists_group_id")),
    )
    op.create_table(
        "listed_hosts",
        sa.Column("list_id", sa.String(length=32), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("until", sa.Float(), nullable=True),
        sa.Column("added_by", sa.String(length=255), nullable=False),
        sa.Column("added_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["host_lists.id"], name=op.f("fk_listed_hosts_list_id_host_lists")
        ),
        sa.PrimaryKeyConstraint("list_id", "host", name=op.f("pk_listed_hosts")),
    )


def downgrade() -> None:
    op.drop_table("listed_hosts")
    op.drop_table("host_lists")
