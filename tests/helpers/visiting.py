"""A client for web applications that asks them without a server."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would rather have another HTTP client than the one that is here
    from starlette.testclient import TestClient

__all__ = ["TestClient"]
