"""Indexes for what would read a large table from end to end."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_control_events_tenant_id_kind": ("control_events", ["tenant_id", "kind"]),
    "ix_exchange_held_expires_at": ("exchange_held", ["tenant_id", "expires_at"]),
    "ix_exchange_partners_state": ("exchange_partners", ["state", "tenant_id"]),
    "ix_listings_latest_decision_id": ("listings", ["latest_decision_id"]),
    "ix_parcel_parties_soonest": ("parcel_parties", ["expires_at", "tenant_id"]),
}


def upgrade() -> None:
    for name, (table, columns) in _INDEXES.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, (table, _) in _INDEXES.items():
        op.drop_index(name, table_name=table)
