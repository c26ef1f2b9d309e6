"""What people decide: reports, decisions, actions, sanctions, sealed text."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sealed",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("author", sa.String(length=255), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed")),
    )
    op.create_index("ix_sealed_group_id_subject", "sealed", ["group_id", "subject"], unique=False)
    op.create_index("ix_sealed_key_id", "sealed", ["key_id"], unique=False)
    op.create_table(
        "case_people",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_people_case_id_cases")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_case_people_group_id_groups")),
        sa.PrimaryKeyConstraint("case_id", "person", name=op.f("pk_case_people")),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=255), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.Column("decided_by", sa.String(length=8), nullable=False),
        sa.Column("found_by", sa.String(length=8), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=True),
        sa.Column("rule", sa.String(length=64), nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("supersedes", sa.String(length=32), nullable=True),
        sa.Column("partly", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_decisions_case_id_cases")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_decisions_group_id_groups")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("partly", "person", name=op.f("uq_decisions_partly")),
        sa.UniqueConstraint("supersedes", name=op.f("uq_decisions_supersedes")),
    )
    op.create_index("ix_decisions_case_id", "decisions", ["case_id"], unique=False)
    op.create_index("ix_decisions_group_id_at", "decisions", ["group_id", "at"], unique=False)
    op.create_index("ix_decisions_group_id_person", "decisions", ["group_id", "person"], unique=False)
    op.create_table(
        "reports",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=255), nullable=False),
        sa.Column("reporter", sa.String(length=255), nullable=False),
        sa.Column("room", sa.String(length=255), nullable=False),
        sa.Column("message", sa.String(length=255), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=True),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=True),
        sa.Column("answered_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reports_case_id_cases")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_reports_group_id_groups")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("group_id", "message", "reporter", name=op.f("uq_reports_group_id")),
    )
    op.create_index("ix_reports_case_id", "reports", ["case_id"], unique=False)
    op.create_index("ix_reports_group_id_reporter", "reports", ["group_id", "reporter"], unique=False)
    op.create_table(
        "actions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("decision_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=255), nullable=False),
        sa.Column("room", sa.String(length=255), nullable=False),
        sa.Column("message", sa.String(length=255), nullable=False),
        sa.Column("until", sa.Float(), nullable=True),
        sa.Column("inverse_of", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("wanted_at", sa.Float(), nullable=False),
        sa.Column("done_at", sa.Float(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_actions_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_actions_group_id_groups")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
        sa.UniqueConstraint("inverse_of", name=op.f("uq_actions_inverse_of")),
    )
    op.create_index("ix_actions_decision_id", "actions", ["decision_id"], unique=False)
    op.create_index("ix_actions_group_id_done_at", "actions", ["group_id", "done_at"], unique=False)
    op.create_index("ix_actions_person", "actions", ["person"], unique=False)
    op.create_table(
        "allowances",
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=255), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("decision_id", sa.String(length=32), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.Column("ended_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_allowances_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_allowances_group_id_groups")),
        sa.PrimaryKeyConstraint("decision_id", "person", "mark", name=op.f("pk_allowances")),
    )
    op.create_index("ix_allowances_group_id_until", "allowances", ["group_id", "until"], unique=False)
    op.create_table(
        "sanctions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("decision_id", sa.String(length=32), nullable=False),
        sa.Column("action_id", sa.String(length=32), nullable=False),
        sa.Column("since", sa.Float(), nullable=False),
        sa.Column("until", sa.Float(), nullable=True),
        sa.Column("ended_at", sa.Float(), nullable=True),
        sa.Column("ended_by", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["actions.id"], name=op.f("fk_sanctions_action_id_actions")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_sanctions_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_sanctions_group_id_groups")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanctions")),
    )
    op.create_index("ix_sanctions_ended_at_until", "sanctions", ["ended_at", "until"], unique=False)
    op.create_index("ix_sanctions_group_id_person", "sanctions", ["group_id", "person"], unique=False)
    op.add_column("cases", sa.Column("kind", sa.String(length=8), server_default="person", nullable=False))
    op.add_column("cases", sa.Column("report_count", sa.Integer(), server_default="0", nullable=False))
    op.add_column(
        "cases", sa.Column("urgency", sa.String(length=16), server_default="when-you-can", nullable=False)
    )
    op.add_column("cases", sa.Column("due_at", sa.Float(), nullable=True))
    op.add_column("cases", sa.Column("reminded_at", sa.Float(), nullable=True))
    op.add_column("cases", sa.Column("claimed_by", sa.String(length=255), nullable=True))
    op.add_column("cases", sa.Column("claimed_at", sa.Float(), nullable=True))
    op.add_column("cases", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("cases", sa.Column("closed_at", sa.Float(), nullable=True))
    op.add_column("cases", sa.Column("erase_at", sa.Float(), nullable=True))
    op.create_index("ix_cases_state_due_at", "cases", ["state", "due_at"], unique=False)
    op.add_column("verdicts", sa.Column("mark", sa.String(length=64), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("verdicts", "mark")
    op.drop_index("ix_cases_state_due_at", table_name="cases")
    op.drop_column("cases", "erase_at")
    op.drop_column("cases", "closed_at")
    op.drop_column("cases", "version")
    op.drop_column("cases", "claimed_at")
    op.drop_column("cases", "claimed_by")
    op.drop_column("cases", "reminded_at")
    op.drop_column("cases", "due_at")
    op.drop_column("cases", "urgency")
    op.drop_column("cases", "report_count")
    op.drop_column("cases", "kind")
    op.drop_index("ix_sanctions_group_id_person", table_name="sanctions")
    op.drop_index("ix_sanctions_ended_at_until", table_name="sanctions")
    op.drop_table("sanctions")
    op.drop_index("ix_allowances_group_id_until", table_name="allowances")
    op.drop_table("allowances")
    op.drop_index("ix_actions_person", table_name="actions")
    op.drop_index("ix_actions_group_id_done_at", table_name="actions")
    op.drop_index("ix_actions_decision_id", table_name="actions")
    op.drop_table("actions")
    op.drop_index("ix_reports_group_id_reporter", table_name="reports")
    op.drop_index("ix_reports_case_id", table_name="reports")
    op.drop_table("reports")
    op.drop_index("ix_decisions_group_id_person", table_name="decisions")
    op.drop_index("ix_decisions_group_id_at", table_name="decisions")
    op.drop_index("ix_decisions_case_id", table_name="decisions")
    op.drop_table("decisions")
    op.drop_table("case_people")
    op.drop_index("ix_sealed_key_id", table_name="sealed")
    op.drop_index("ix_sealed_group_id_subject", table_name="sealed")
    op.drop_table("sealed")
