"""Places on a reference that tell genuine from counterfeit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import service.database

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identification_points",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("reference_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("genuine", sa.Text(), nullable=False),
        sa.Column("counterfeit", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("x0", "y0", "x1", "y1")),
        sa.Column("created_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reference_id"], ["references.id"], name=op.f("fk_identification_points_reference_id_references")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_identification_points_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identification_points")),
    )
    with op.batch_alter_table("identification_points", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_identification_points_reference_id"), ["reference_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("identification_points")
