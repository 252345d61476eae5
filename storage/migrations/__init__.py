"""Alembic's migrations of the archive; `storage.engine.upgrade` runs them."""
