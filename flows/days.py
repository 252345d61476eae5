"""A day as it is written where somebody asks for it: in an address, a form or an option."""

from __future__ import annotations

from contextlib import suppress
from datetime import date


def day_of(text: str) -> date:
    """The day that is written so. Raises ValueError for every other form, those of ISO 8601 too: a form could not show them again.

    >>> day_of("2022-01-10")
    datetime.date(2022, 1, 10)
    >>> day_of("20220110")
    Traceback (most recent call last):
    ValueError: '20220110' is not a day such as 2022-01-10
    """
    with suppress(ValueError):
        day = date.fromisoformat(text)
        if day.isoformat() == text:
            return day
    raise ValueError(f"{text!r} is not a day such as 2022-01-10")
