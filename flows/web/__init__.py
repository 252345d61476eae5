"""The reading room: a read-only face over the archive."""
