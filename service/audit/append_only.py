"""The database itself refuses to change what was recorded: triggers, as SQL that a migration can run too.

A user who owns the tables can drop a trigger; what is changed after that, the hash chain tells.
"""

from __future__ import annotations

SQLITE_TRIGGERS = (
    """
    CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END
    """,
    """
    CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END
    """,
    # INSERT OR REPLACE deletes without asking the trigger above
    """
    CREATE TRIGGER audit_entries_no_replace BEFORE INSERT ON audit_entries
    WHEN EXISTS (SELECT 1 FROM audit_entries WHERE tenant_id = NEW.tenant_id AND seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END
    """,
    """
    CREATE TRIGGER audit_heads_no_delete BEFORE DELETE ON audit_heads
    BEGIN SELECT RAISE(ABORT, 'the head of an audit log only moves forward'); END
    """,
    """
    CREATE TRIGGER audit_heads_forward BEFORE UPDATE ON audit_heads
    WHEN NEW.seq <> OLD.seq + 1 OR NEW.tenant_id <> OLD.tenant_id
    BEGIN SELECT RAISE(ABORT, 'the head of an audit log only moves forward'); END
    """,
    """
    CREATE TRIGGER audit_heads_no_replace BEFORE INSERT ON audit_heads
    WHEN EXISTS (SELECT 1 FROM audit_heads WHERE tenant_id = NEW.tenant_id)
    BEGIN SELECT RAISE(ABORT, 'the head of an audit log only moves forward'); END
    """,
)

POSTGRESQL_TRIGGERS = (
    """
    CREATE OR REPLACE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'audit entries are append-only'; END $$
    """,
    """
    CREATE OR REPLACE FUNCTION audit_heads_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the head of an audit log only moves forward'; END $$
    """,
    """
    CREATE TRIGGER audit_entries_no_change BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_entries_refuse()
    """,
    """
    CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse()
    """,
    """
    CREATE TRIGGER audit_heads_no_delete BEFORE DELETE ON audit_heads
    FOR EACH ROW EXECUTE FUNCTION audit_heads_refuse()
    """,
    """
    CREATE TRIGGER audit_heads_no_truncate BEFORE TRUNCATE ON audit_heads
    FOR EACH STATEMENT EXECUTE FUNCTION audit_heads_refuse()
    """,
    """
    CREATE TRIGGER audit_heads_forward BEFORE UPDATE ON audit_heads
    FOR EACH ROW WHEN (NEW.seq <> OLD.seq + 1 OR NEW.tenant_id <> OLD.tenant_id)
    EXECUTE FUNCTION audit_heads_refuse()
    """,
)
