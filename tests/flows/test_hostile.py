"""The hostile inputs, routes and links against the product, as in benchmarks/hostile.py, without the largest inputs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_hostile_inputs_routes_and_links_end_as_required() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "hostile.py"), "--fast", "--quiet", "--deadline", "2"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "52 of 52" in done.stdout
    assert "32 of 32" in done.stdout
