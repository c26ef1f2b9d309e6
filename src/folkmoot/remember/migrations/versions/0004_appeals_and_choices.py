"""Appeals and who looks at them, what groups and people chose, and the counts that stay."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appeals",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("subject_kind", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=255), nullable=False),
        sa.Column("against", sa.String(length=255), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("eyes", sa.String(length=16), nullable=False),
        sa.Column("not_before", sa.Float(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=False),
        sa.Column("reminded_at", sa.Float(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answered_by", sa.String(length=255), nullable=True),
        sa.Column("answered_at", sa.Float(), nullable=True),
        sa.Column("erase_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_appeals_group_id_groups")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("subject", "person", name=op.f("uq_appeals_subject")),
    )
    op.create_index("ix_appeals_group_id_state", "appeals", ["group_id", "state"], unique=False)
    op.create_table(
        "breakers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("tripped_at", sa.Float(), nullable=False),
        sa.Column("confirmed_at", sa.Float(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_breakers_group_id_groups")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breakers")),
    )
    op.create_table(
        "choices",
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_choices_group_id_groups")),
        sa.PrimaryKeyConstraint("group_id", "name", name=op.f("pk_choices")),
    )
    op.create_table(
        "limits",
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=255), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("warned_at", sa.Float(), nullable=False),
        sa.Column("until", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_limits_group_id_groups")),
        sa.PrimaryKeyConstraint("group_id", "person", "what", name=op.f("pk_limits")),
    )
    op.create_table(
        "panel",
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=255), nullable=False),
        sa.Column("since", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_panel_group_id_groups")),
        sa.PrimaryKeyConstraint("group_id", "person", name=op.f("pk_panel")),
    )
    op.create_table(
        "partners",
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("partner_id", sa.String(length=64), nullable=False),
        sa.Column("agreed_by", sa.String(length=255), nullable=False),
        sa.Column("since", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_partners_group_id_groups")),
        sa.ForeignKeyConstraint(["partner_id"], ["groups.id"], name=op.f("fk_partners_partner_id_groups")),
        sa.PrimaryKeyConstraint("group_id", "partner_id", name=op.f("pk_partners")),
    )
    op.create_table(
        "preferences",
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=255), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_to", sa.Integer(), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_preferences_group_id_groups")),
        sa.PrimaryKeyConstraint("group_id", "person", name=op.f("pk_preferences")),
    )
    op.create_table(
        "jurors",
        sa.Column("appeal_id", sa.String(length=32), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=255), nullable=False),
        sa.Column("drawn_at", sa.Float(), nullable=False),
        sa.Column("grants", sa.Boolean(), nullable=True),
        sa.Column("voted_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name=op.f("fk_jurors_appeal_id_appeals")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_jurors_group_id_groups")),
        sa.PrimaryKeyConstraint("appeal_id", "person", name=op.f("pk_jurors")),
    )
    op.create_table(
        "figures",
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_figures_group_id_groups")),
        sa.PrimaryKeyConstraint("group_id", "month", "what", name=op.f("pk_figures")),
    )


def downgrade() -> None:
    op.drop_table("figures")
    op.drop_table("jurors")
    op.drop_table("preferences")
    op.drop_table("partners")
    op.drop_table("panel")
    op.drop_table("limits")
    op.drop_table("choices")
    op.drop_table("breakers")
    op.drop_index("ix_appeals_group_id_state", table_name="appeals")
    op.drop_table("appeals")
