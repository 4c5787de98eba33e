"""Partners and the signals that are shared with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import service.database

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exchange_incidents",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("party", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("hour", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("detail", sa.String(length=500), nullable=False),
        sa.Column("last_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_exchange_incidents_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_incidents")),
        sa.UniqueConstraint(
            "tenant_id", "party", "kind", "hour", name=op.f("uq_exchange_incidents_tenant_id_party_kind_hour")
        ),
    )
    op.create_table(
        "exchange_introductions",
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("place", sa.String(length=16), nullable=False),
        sa.Column("changed_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_exchange_introductions_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_exchange_introductions")),
    )
    op.create_table(
        "exchange_partners",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("house", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.String(length=44), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("enrolled_by", sa.String(length=40), nullable=False),
        sa.Column("enrolled_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("accepted_by", sa.String(length=40), nullable=True),
        sa.Column("accepted_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("shares", sa.Boolean(), nullable=False),
        sa.Column("shares_pictures", sa.Boolean(), nullable=False),
        sa.Column("shares_descriptors", sa.Boolean(), nullable=False),
        sa.Column("brands", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sent_epoch", sa.String(length=40), nullable=False),
        sa.Column("sent_sequence", sa.Integer(), nullable=False),
        sa.Column("sent_horizon", sa.Integer(), nullable=False),
        sa.Column("sent_pushed", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("copy_fingerprint", sa.String(length=64), nullable=True),
        sa.Column("got_epoch", sa.String(length=40), nullable=True),
        sa.Column("got_through", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("in_snapshot", sa.Boolean(), nullable=False),
        sa.Column("heard_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_exchange_partners_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_partners")),
    )
    with op.batch_alter_table("exchange_partners", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exchange_partners_tenant_id"), ["tenant_id"], unique=False)
        batch_op.create_index(
            "uq_exchange_partners_party",
            ["tenant_id", "key_id", "house"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "exchange_asked",
        sa.Column("partner_id", sa.String(length=40), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("expires_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["exchange_partners.id"],
            name=op.f("fk_exchange_asked_partner_id_exchange_partners"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_exchange_asked_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("partner_id", "message_id", name=op.f("pk_exchange_asked")),
    )
    with op.batch_alter_table("exchange_asked", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exchange_asked_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "exchange_held",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("partner_id", sa.String(length=40), nullable=False),
        sa.Column("slot", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("box", sa.Text(), nullable=True),
        sa.Column("item_id", sa.String(length=40), nullable=True),
        sa.Column("picture", sa.String(length=64), nullable=True),
        sa.Column("picture_state", sa.String(length=10), nullable=False),
        sa.Column("expires_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("changed_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["exchange_partners.id"],
            name=op.f("fk_exchange_held_partner_id_exchange_partners"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_exchange_held_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_held")),
        sa.UniqueConstraint("partner_id", "slot", name=op.f("uq_exchange_held_partner_id_slot")),
    )
    with op.batch_alter_table("exchange_held", schema=None) as batch_op:
        batch_op.create_index("ix_exchange_held_about", ["tenant_id", "kind", "about"], unique=False)
        batch_op.create_index("ix_exchange_held_item", ["tenant_id", "item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exchange_held_picture"), ["picture"], unique=False)

    op.create_table(
        "exchange_outgoing",
        sa.Column("partner_id", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("slot", sa.String(length=80), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("issued_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["exchange_partners.id"],
            name=op.f("fk_exchange_outgoing_partner_id_exchange_partners"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_exchange_outgoing_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("partner_id", "sequence", name=op.f("pk_exchange_outgoing")),
        sa.UniqueConstraint("partner_id", "slot", name=op.f("uq_exchange_outgoing_partner_id_slot")),
    )
    with op.batch_alter_table("exchange_outgoing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exchange_outgoing_tenant_id"), ["tenant_id"], unique=False)

    op.create_table(
        "exchange_seen",
        sa.Column("partner_id", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["exchange_partners.id"],
            name=op.f("fk_exchange_seen_partner_id_exchange_partners"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_exchange_seen_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("partner_id", "sequence", name=op.f("pk_exchange_seen")),
    )


def downgrade() -> None:
    op.drop_table("exchange_seen")
    with op.batch_alter_table("exchange_outgoing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exchange_outgoing_tenant_id"))

    op.drop_table("exchange_outgoing")
    with op.batch_alter_table("exchange_held", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exchange_held_picture"))
        batch_op.drop_index("ix_exchange_held_item")
        batch_op.drop_index("ix_exchange_held_about")

    op.drop_table("exchange_held")
    with op.batch_alter_table("exchange_asked", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exchange_asked_expires_at"))

    op.drop_table("exchange_asked")
    with op.batch_alter_table("exchange_partners", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_exchange_partners_party",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_exchange_partners_tenant_id"))

    op.drop_table("exchange_partners")
    op.drop_table("exchange_introductions")
    op.drop_table("exchange_incidents")
