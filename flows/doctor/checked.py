"""What a check of `depesche doctor` comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from flows.settings import Settings


class Verdict(StrEnum):
    FINE = "fine"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One check: what was found, and what to do where it is not fine."""

    name: str
    verdict: Verdict
    found: str
    advice: str = ""


Check = Callable[[Settings], Iterator[Checked]]
