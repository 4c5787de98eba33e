"""Everyday pictures of a marketplace, against which a likeness has to stand out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import service.database

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "background_pictures",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("created_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_background_pictures_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_background_pictures_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_background_pictures")),
        sa.UniqueConstraint(
            "tenant_id",
            "organisation_id",
            "blob",
            name=op.f("uq_background_pictures_tenant_id_organisation_id_blob"),
        ),
    )
    with op.batch_alter_table("background_pictures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_background_pictures_tenant_id"), ["tenant_id"], unique=False)


def downgrade() -> None:
    op.drop_table("background_pictures")
