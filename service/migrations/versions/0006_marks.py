"""Marks of a brand, words and figures, are registered to be found inside pictures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import service.database

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "marks",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("brand_id", sa.String(length=40), nullable=False),
        sa.Column("right_id", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("created_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("removed_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_marks_brand_id_brands")),
        sa.ForeignKeyConstraint(["right_id"], ["rights.id"], name=op.f("fk_marks_right_id_rights")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_marks_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks")),
    )
    with op.batch_alter_table("marks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_marks_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_marks_tenant_id"), ["tenant_id"], unique=False)
        batch_op.create_index(
            "uq_marks_blob",
            ["brand_id", "blob"],
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("marks", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_marks_blob",
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_marks_tenant_id"))
        batch_op.drop_index(batch_op.f("ix_marks_brand_id"))

    op.drop_table("marks")
