"""How Alembic reaches the database: over the connection that it is handed."""

from __future__ import annotations

from alembic import context

from service.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True
)
context.run_migrations()
