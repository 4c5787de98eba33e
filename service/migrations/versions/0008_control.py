"""What decisions were worth: precision, calibration and drift are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import service.database

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.String(length=40)
_TIME = service.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    _create_chances()
    _create_shadow_firings()
    _create_calibrations()
    _create_events_and_runs()


def downgrade() -> None:
    for table, index in (
        ("control_runs", "ix_control_runs_tenant_id_ran_at"),
        ("control_events", "ix_control_events_tenant_id_at"),
        ("finding_calibrations", "ix_finding_calibrations_tenant_id_encoder"),
        ("shadow_firings", "ix_shadow_firings_tenant_id_rule"),
        ("finding_chances", "ix_finding_chances_tenant_id_decided_at"),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(index)
        op.drop_table(table)


def _create_chances() -> None:
    op.create_table(
        "finding_chances",
        sa.Column("decision_id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("encoder_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("weights", sa.String(length=80), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("calibration", sa.String(length=120), nullable=False),
        sa.Column("identity", sa.Double(), nullable=True),
        sa.Column("coverage", sa.String(length=16), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("decided_at", _TIME, nullable=False),
        *_of_decision_and_tenant("finding_chances"),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_finding_chances")),
    )
    _index("finding_chances", "ix_finding_chances_tenant_id_decided_at", ["tenant_id", "decided_at"])
    columns = ["tenant_id", "decision", "probability"]
    _index("finding_chances", "ix_finding_chances_tenant_id_decision", columns)


def _create_shadow_firings() -> None:
    op.create_table(
        "shadow_firings",
        sa.Column("decision_id", _ID, nullable=False),
        sa.Column("rule", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("brand_id", _ID, nullable=True),
        sa.Column("decision", sa.String(length=20), nullable=False),
        *_of_decision_and_tenant("shadow_firings"),
        sa.PrimaryKeyConstraint("decision_id", "rule", name=op.f("pk_shadow_firings")),
    )
    _index("shadow_firings", "ix_shadow_firings_tenant_id_rule", ["tenant_id", "rule"])


def _create_calibrations() -> None:
    op.create_table(
        "finding_calibrations",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("encoder_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("weights", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=120), nullable=False),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("labels", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("window_from", _TIME, nullable=False),
        sa.Column("fitted_at", _TIME, nullable=False),
        _of_tenant("finding_calibrations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_calibrations")),
    )
    columns = ["tenant_id", "encoder_fingerprint", "weights"]
    _index("finding_calibrations", "ix_finding_calibrations_tenant_id_encoder", columns)


def _create_events_and_runs() -> None:
    op.create_table(
        "control_events",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("rule", _ID, nullable=True),
        sa.Column("brand_id", _ID, nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        _of_tenant("control_events"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_events")),
    )
    _index("control_events", "ix_control_events_tenant_id_at", ["tenant_id", "at"])
    op.create_table(
        "control_runs",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("ran_at", _TIME, nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        _of_tenant("control_runs"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_runs")),
    )
    _index("control_runs", "ix_control_runs_tenant_id_ran_at", ["tenant_id", "ran_at"])


def _of_tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id_tenants"))


def _of_decision_and_tenant(table: str) -> list[sa.ForeignKeyConstraint]:
    of_decision = sa.ForeignKeyConstraint(
        ["decision_id"], ["decisions.id"], name=op.f(f"fk_{table}_decision_id_decisions")
    )
    return [of_decision, _of_tenant(table)]


def _index(table: str, name: str, columns: list[str]) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_index(name, columns, unique=False)
