"""A house may be given policy files of its own, and rules go live by a signed-off switch."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import service.database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "policy_files",
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=40), nullable=False),
        sa.Column("uploaded_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_policy_files_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "digest", name=op.f("pk_policy_files")),
    )
    op.create_table(
        "policy_switches",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=True),
        sa.Column("policy_digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("proposed_by", sa.String(length=40), nullable=False),
        sa.Column("proposed_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.String(length=40), nullable=True),
        sa.Column("signed_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_policy_switches_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_switches")),
    )
    op.create_index("ix_policy_switches_tenant_id_state", "policy_switches", ["tenant_id", "state"])


def downgrade() -> None:
    op.drop_index("ix_policy_switches_tenant_id_state", table_name="policy_switches")
    op.drop_table("policy_switches")
    op.drop_table("policy_files")
