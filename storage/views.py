"""The documented SQL views: what an analyst may ask with any SQL tool, with readable times and corrections applied."""

from __future__ import annotations

from sqlalchemy import Connection


def create(connection: Connection) -> None:
    """Make the views; part of the first migration."""
