"""Warm child processes for untrusted bytes, with limits on CPU time, wall time and memory.

A parser that meets a hostile document may burn, bloat or crash: here it does so in a child that holds no secret, no
connection and no environment, and that is replaced. Requests and answers are frames on two pipes; answers are JSON that
the parent validates, never pickle.

    frame = 4 bytes length of the head | 4 bytes length of the body | head (JSON) | body (bytes)
"""

from flows.sandbox.box import Sandbox
from flows.sandbox.child import ChildLimits
from flows.sandbox.troubles import Refused, SandboxError, Trouble
from flows.sandbox.wire import adapter

__all__ = ["ChildLimits", "Refused", "Sandbox", "SandboxError", "Trouble", "adapter"]
