"""Pictures that a group does not want."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unwanted_pictures",
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("added_by", sa.String(length=255), nullable=False),
        sa.Column("added_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_unwanted_pictures_group_id_groups")
        ),
        sa.PrimaryKeyConstraint("group_id", "fingerprint", name=op.f("pk_unwanted_pictures")),
    )


def downgrade() -> None:
    op.drop_table("unwanted_pictures")
