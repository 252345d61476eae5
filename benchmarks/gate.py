"""The gate: figures that may only rise. Measures, compares with `baseline.json`, fails where one fell.

    python benchmarks/gate.py                 measure all that can be measured here, and compare
    python benchmarks/gate.py cases events    these measures alone
    python benchmarks/gate.py --raise         write higher floors where the figures allow it; a lowered floor is refused

A floor holds for the data it was measured on: baseline.json pins their digest, and changed data need a new baseline,
by hand and with a reason in the commit. Nothing that ships learned from the gold articles: what the product says of them is
what it says of any article. What needs ../shared is skipped, aloud, where that is absent.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
BASELINE = Path(__file__).with_name("baseline.json")
# Figures wobble in the last digit between machines: a floor stands this far below what was measured.
SLACK = 0.005

Figures = dict[str, float]


def cases() -> Figures:
    """Our own case sentences of events: type, parties and status understood."""
    import tomllib
    from datetime import datetime

    from extractors.events import code_events
    from extractors.model import Article, PartKind
    from extractors.ontology import SYMMETRIC

    data = tomllib.loads((ROOT / "tests/extractors/cases/events.toml").read_text(encoding="utf-8"))
    dated = datetime.fromisoformat(data["published"])
    counts = dict.fromkeys(("all", "type", "parties", "status"), 0)
    for case in (case for table in data.values() if isinstance(table, dict) for case in table["cases"]):
        body = ((PartKind.PARAGRAPH, case["text"]),)
        found = code_events(Article.compose(url="gate:1", headline="", body=body, published_at=dated))
        for told in case["events"]:
            type_, parties, status = told.split()
            who, whom = ({*side.split(",")} - {""} for side in parties.split(">"))
            typed = [e for e in found if e.type == type_]
            right = [
                e
                for e in typed
                if (
                    e.parties == who | whom
                    if e.type in SYMMETRIC
                    else ({a.code for a in e.actors}, {r.code for r in e.recipients}) == (who, whom)
                )
            ]
            counts["all"] += 1
            counts["type"] += bool(typed)
            counts["parties"] += bool(right)
            counts["status"] += any(e.status == status for e in typed)
    return {f"{name} right": counts[name] / counts["all"] for name in ("type", "parties", "status")}


@functools.cache
def _coded() -> dict[str, Any]:
    """What score.py says of the gold articles as the product codes them."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.jsonl"
        _depesche("code", "--batch", str(SHARED / "gold/articles.jsonl"), "-o", str(told))
        golds = (str(SHARED / "gold/articles.jsonl"), str(SHARED / "gold/gold.jsonl"))
        return dict(json.loads(_run(str(SHARED / "gold/score.py"), *golds, str(told), "--json")))


def events() -> Figures:
    """Events on the gold articles."""
    report = _coded()
    paired = report["among the paired"]
    names = (
        "roles",
        "status",
        "date",
        "place",
        "speaker",
        "no date invented",
        "no place invented",
        "no speaker invented",
        "status macro F1",
    )
    told = {name: paired[name] for name in names} | {"no swap": 1 - paired["swap"]}
    return (
        told
        | {name: report[name]["f1"] for name in ("event", "triple", "quad")}
        | {"evidence verbatim": report["evidence verbatim"]}
    )


def relevance() -> Figures:
    """Relevance of the gold articles."""
    report = _coded()["relevance"]
    return {"precision": report["p"], "recall": report["r"], "average precision": report["ap"]}


def quotes() -> Figures:
    """Reported speech on the development set."""
    with tempfile.TemporaryDirectory() as folder:
        told, gold = Path(folder) / "told.jsonl", str(SHARED / "quotes/dev.jsonl.gz")
        _depesche("quotes", "--batch", gold, "-o", str(told))
        report = _run(str(SHARED / "quotes/score.py"), gold, str(told))
    found = {f"{m[1]} F1": float(m[2]) for m in re.finditer(r"^(\w+): .*'f1': ([\d.]+)", report, re.MULTILINE)}
    speaker = re.search(r"^speaker: ([\d.]+)", report, re.MULTILINE)
    return found | ({"speaker": float(speaker[1])} if speaker else {})


def dates() -> Figures:
    """Time expressions on the annotated news, relaxed and strict."""
    report = json.loads(_run("benchmarks/dates.py", str(SHARED / "dates/KRAUTS_DieZeit")))
    names = ("strict F1", "relaxed F1", "value accuracy of dates found")
    return {name: float(report[name]) for name in names}


def meetings() -> Figures:
    """Announced meetings."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.jsonl"
        _depesche("code", "--batch", str(SHARED / "gold/meetings-articles.jsonl"), "-o", str(told))
        report = _run(str(SHARED / "gold/score_meetings.py"), str(SHARED / "gold/meetings.jsonl"), str(told))
    found = re.search(r"announced meetings: P ([\d.]+) R ([\d.]+)", report)
    return {"precision": float(found[1]), "recall": float(found[2])} if found else {}


# Measure, and the data that its floors hold for.
MEASURES: Mapping[str, tuple[Callable[[], Figures], tuple[Path, ...]]] = {
    "cases": (cases, (ROOT / "tests/extractors/cases/events.toml",)),
    "events": (events, (SHARED / "gold/articles.jsonl", SHARED / "gold/gold.jsonl")),
    "relevance": (relevance, (SHARED / "gold/articles.jsonl", SHARED / "gold/gold.jsonl")),
    "meetings": (meetings, (SHARED / "gold/meetings-articles.jsonl", SHARED / "gold/meetings.jsonl")),
    "quotes": (quotes, (SHARED / "quotes/dev.jsonl.gz",)),
    "dates": (dates, (SHARED / "dates/KRAUTS_DieZeit", ROOT / "benchmarks/dates.py")),
}


def _run(*words: str) -> str:
    run = subprocess.run(
        [sys.executable, "-W", "ignore", *words],
        cwd=ROOT,
        env=_environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    return run.stdout


def _depesche(*words: str) -> str:
    return _run("-m", "flows.cli", *words)


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(ROOT)}


def digest(paths: tuple[Path, ...]) -> str:
    found = hashlib.sha256()
    for path in paths:
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            found.update(file.read_bytes())
    return found.hexdigest()[:16]


def compared(name: str, figures: Figures, data: str, known: Mapping[str, Any]) -> list[str]:
    """What fell below its floor, in words."""
    if not known:
        return []
    if known["data"] != data:
        return [
            f"{name}: the data changed (digest {data}, baseline {known['data']}): measure and commit a new baseline"
        ]
    missing = [f"{name}: {figure} is no longer measured" for figure in known["floors"] if figure not in figures]
    fell = [
        f"{name}: {figure} is {figures[figure]:.3f}, floor {floor:.3f}"
        for figure, floor in known["floors"].items()
        if figure in figures and figures[figure] < floor
    ]
    return missing + fell


def raised(figures: Figures, data: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """The new floors: never below the old ones while the data are the same."""
    old = known.get("floors", {}) if known.get("data") == data else {}
    floors = {name: max(round(value - SLACK, 3), old.get(name, 0.0)) for name, value in figures.items()}
    return {"data": data, "floors": dict(sorted(floors.items()))}


def lowered(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Floors of a baseline that another one lowers or drops though the data are the same."""
    return [
        f"{name}: {figure} {floor} → {after.get(name, {}).get('floors', {}).get(figure)}"
        for name, row in before.items()
        for figure, floor in row["floors"].items()
        if after.get(name, {}).get("data") == row["data"] and after[name]["floors"].get(figure, 0.0) < floor
    ]


def committed() -> dict[str, Any]:
    """The baseline of the last commit, {} where there is none: a floor lowered by hand shows against it."""
    run = subprocess.run(
        ["git", "show", "HEAD:benchmarks/baseline.json"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return dict(json.loads(run.stdout)) if run.returncode == 0 else {}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=f"of {', '.join(MEASURES)}; all without")
    parser.add_argument("--raise", dest="raise_", action="store_true", help="write higher floors")
    options = parser.parse_args()
    if unknown := set(options.measures) - set(MEASURES):
        parser.error(f"no such measure: {', '.join(sorted(unknown))}")
    baseline = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}
    troubles = [f"a floor was lowered: {row}" for row in lowered(committed(), baseline)]
    for name in options.measures or MEASURES:
        measure, paths = MEASURES[name]
        if not all(path.exists() for path in paths):
            print(f"{name}: skipped, no {paths[0]}")
            continue
        figures, data = measure(), digest(paths)
        print(f"{name}: " + ", ".join(f"{figure} {value:.3f}" for figure, value in sorted(figures.items())))
        troubles += compared(name, figures, data, baseline.get(name, {}))
        baseline[name] = raised(figures, data, baseline.get(name, {}))
    if options.raise_ and not troubles:
        BASELINE.write_text(json.dumps(baseline, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print("\n".join(troubles) or "no floor broken")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
