"""Indexes for what would read a large table from end to end; rules with names as long as a policy may give them."""

from __future__ import annotations

import sqlalchemy as sa
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
    "ix_parcel_pictures_tenant_id_modality": ("parcel_pictures", ["tenant_id", "modality"]),
}


def upgrade() -> None:
    for name, (table, columns) in _INDEXES.items():
        op.create_index(name, table, columns)
    _resize_rules(20, 40)


def downgrade() -> None:
    _resize_rules(40, 20)
    for name, (table, _) in _INDEXES.items():
        op.drop_index(name, table_name=table)


def _resize_rules(old: int, new: int) -> None:
    op.drop_index("ix_decisions_tenant_id_brand_id_rule", table_name="decisions")
    for table in ("decisions", "verdicts"):
        _resize(table, old, new)
    op.create_index("ix_decisions_tenant_id_brand_id_rule", "decisions", ["tenant_id", "brand_id", "rule"])


def _resize(table: str, old: int, new: int) -> None:
    """What does not fit any more is cut off."""
    if op.get_context().dialect.name == "postgresql":
        was, becomes, cut = sa.String(old), sa.String(new), f"left(rule, {new})"
        op.alter_column(table, "rule", existing_type=was, type_=becomes, postgresql_using=cut)
        return
    # Not by a new table in the place of the old one: other tables refer to its rows.
    op.execute(f"ALTER TABLE {table} ADD COLUMN resized VARCHAR({new}) NOT NULL DEFAULT ''")
    op.execute(f"UPDATE {table} SET resized = substr(rule, 1, {new})")  # noqa: S608 - names of our own
    op.execute(f"ALTER TABLE {table} DROP COLUMN rule")
    op.execute(f"ALTER TABLE {table} RENAME COLUMN resized TO rule")
