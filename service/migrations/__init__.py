"""Alembic's scripts; `service.migration.migrate` runs them."""
