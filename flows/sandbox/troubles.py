"""What may befall a document in the sandbox."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """What befell a document. The set is closed."""

    CPU = "cpu"
    WALL = "wall"
    MEMORY = "memory"
    CRASH = "crash"
    ERROR = "error"
    MACHINE = "machine"
    """none of the document's doing: no child could be started, it was killed from outside, its own code was not there"""
    TOO_LARGE = "too large"


class SandboxError(ValueError):
    """The document could not be read within the limits. It costs only itself: the child has been replaced."""

    def __init__(self, kind: Trouble, message: str = "") -> None:
        super().__init__(f"{kind}: {message}" if message else str(kind))
        self.kind = kind
        self.message = message


class Refused(ValueError):
    """The operation itself says that the document is not what it should be; `name` is its exception, `reason` why."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self.name = name
        self.reason = reason
