"""Which workers of this machine have ended, so that nobody waits for what they held."""

from __future__ import annotations

import os
import re
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NUMBERS = Path("/proc/self/ns/pid")


def lessee(worker: str) -> str:
    """A worker by whose name other processes can tell whether it has ended; its name alone where the system is not Linux."""
    here = _here()
    return f"{worker} {os.getpid()}@{here}" if here else worker


def ended(lessee: str) -> bool:
    """Whether the process of a `lessee` has certainly ended.

    That is only known of processes whose numbers mean the same here: since this start of this machine, and in the same
    container (or none). A number that is in use again counts as the process that had it.
    """
    told = re.search(r" (\d+)@(.+)$", lessee)
    return told is not None and told[2] == _here() and not _runs(int(told[1]))


def _here() -> str:
    """Where process numbers mean what they mean here; "" where that cannot be told."""
    try:
        return f"{_BOOT.read_text('ascii').strip()}/{_NUMBERS.readlink()}"
    except OSError:
        return ""


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)  # sends nothing, and only says whether it could
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True
