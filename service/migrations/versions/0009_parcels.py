"""Parcels and their inspections; a verdict may be on either a decision or an inspection."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import service.database

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_Time = service.database.UtcDateTime


def upgrade() -> None:
    _create_parcels()
    _create_what_belongs_to_them()
    _create_inspections()
    with op.batch_alter_table("verdicts", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_verdicts_decision_id_decisions"), type_="foreignkey")


def _create_parcels() -> None:
    op.create_table(
        "parcels",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("declaration", sa.JSON(), nullable=False),
        sa.Column("sender_key", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("sampled", sa.Boolean(), nullable=False),
        sa.Column("latest_inspection_id", sa.String(length=40), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("minutes", sa.Double(), nullable=True),
        sa.Column("created_at", _Time(timezone=True), nullable=False),
        sa.Column("opened_at", _Time(timezone=True), nullable=True),
        sa.Column("decided_at", _Time(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_parcels_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_parcels_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcels")),
        sa.UniqueConstraint(
            "tenant_id",
            "organisation_id",
            "reference",
            name=op.f("uq_parcels_tenant_id_organisation_id_reference"),
        ),
    )
    with op.batch_alter_table("parcels", schema=None) as batch_op:
        batch_op.create_index("ix_parcels_tenant_id_sender_key", ["tenant_id", "sender_key"], unique=False)
        batch_op.create_index("ix_parcels_tenant_id_state", ["tenant_id", "state"], unique=False)


def _create_what_belongs_to_them() -> None:
    op.create_table(
        "parcel_pictures",
        sa.Column("parcel_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("modality", sa.String(length=8), nullable=False),
        sa.Column("view", sa.String(length=10), nullable=True),
        sa.Column("added_at", _Time(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["parcels.id"], name=op.f("fk_parcel_pictures_parcel_id_parcels")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_parcel_pictures_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("parcel_id", "number", name=op.f("pk_parcel_pictures")),
    )
    op.create_table(
        "parcel_parties",
        sa.Column("parcel_id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("expires_at", _Time(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["parcels.id"], name=op.f("fk_parcel_parties_parcel_id_parcels")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_parcel_parties_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("parcel_id", name=op.f("pk_parcel_parties")),
    )
    with op.batch_alter_table("parcel_parties", schema=None) as batch_op:
        batch_op.create_index("ix_parcel_parties_expires_at", ["tenant_id", "expires_at"], unique=False)


def _create_inspections() -> None:
    op.create_table(
        "inspections",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("parcel_id", sa.String(length=40), nullable=False),
        sa.Column("supersedes", sa.String(length=40), nullable=True),
        sa.Column("advice", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("brand_id", sa.String(length=40), nullable=True),
        sa.Column("traits", sa.JSON(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("inspected_at", _Time(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcels.id"], name=op.f("fk_inspections_parcel_id_parcels")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_inspections_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
    )
    with op.batch_alter_table("inspections", schema=None) as batch_op:
        batch_op.create_index("ix_inspections_tenant_id_parcel_id", ["tenant_id", "parcel_id"], unique=False)
    op.create_table(
        "inspection_reviews",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("inspection_id", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by", sa.String(length=40), nullable=False),
        sa.Column("given_at", _Time(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspections.id"],
            name=op.f("fk_inspection_reviews_inspection_id_inspections"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_inspection_reviews_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_reviews")),
    )
    with op.batch_alter_table("inspection_reviews", schema=None) as batch_op:
        batch_op.create_index(
            "ix_inspection_reviews_inspection", ["tenant_id", "inspection_id"], unique=False
        )


def downgrade() -> None:
    op.execute(
        sa.text("DELETE FROM verdicts WHERE decision_id NOT IN (SELECT id FROM decisions)")
    )  # what it judged goes too
    with op.batch_alter_table("verdicts", schema=None) as batch_op:
        batch_op.create_foreign_key(
            batch_op.f("fk_verdicts_decision_id_decisions"), "decisions", ["decision_id"], ["id"]
        )
    for table in ("inspection_reviews", "inspections", "parcel_parties", "parcel_pictures", "parcels"):
        op.drop_table(table)
