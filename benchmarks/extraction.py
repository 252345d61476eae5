"""Measures the reading of pages against trafilatura alone: CPU time for each page as a ratio, and the quality of both.

    python benchmarks/extraction.py ../shared/pages/manifest.jsonl [--passes 5] [--json]

Passes are interleaved and each page's median CPU time counts; the first reading of each page, before anything is warm, is
told apart as cold. Both get the page's bytes, after decompression. Quality is word F1 of teaser and text together against
the manifest's reading, as the pages' own scorer counts it.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json
import re
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extractors.articles import NotAnArticle, extract_article
from extractors.model import FetchedPage

Reader = Callable[[str, bytes], tuple[str, str]]


def ours(url: str, body: bytes) -> tuple[str, str]:
    try:
        article = extract_article(FetchedPage(url=url, body=body, fetched_at=datetime(2026, 1, 1, tzinfo=UTC)))
    except NotAnArticle:
        return "", ""
    return article.teaser, article.body


def alone(_: str, body: bytes) -> tuple[str, str]:
    from trafilatura import bare_extraction

    found = bare_extraction(body, with_metadata=True, include_comments=False, fast=True)
    return (found.description or "", found.text or "") if found else ("", "")  # type: ignore[union-attr]


READERS: dict[str, Reader] = {"ours": ours, "trafilatura": alone}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    figures = measure(pages(args.manifest), args.passes)
    print(json.dumps(figures) if args.json else "\n".join(f"{name:32}{value}" for name, value in figures.items()))


def pages(manifest: Path) -> list[tuple[dict[str, Any], bytes]]:
    rows = [json.loads(line) for line in manifest.read_text("utf-8").splitlines() if line.strip()]
    return [(row, _bytes(manifest.parent / row["file"])) for row in rows]


def _bytes(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def measure(wanted: list[tuple[dict[str, Any], bytes]], passes: int) -> dict[str, float]:
    spent: dict[str, list[list[float]]] = {name: [[] for _ in wanted] for name in READERS}
    quality: dict[str, list[float]] = {name: [] for name in READERS}
    for turn in range(passes + 1):
        for at, (row, body) in enumerate(wanted):
            for name, reader in READERS.items():
                begun = time.process_time()
                teaser, text = reader(row.get("url") or "", body)
                spent[name][at].append((time.process_time() - begun) * 1000)
                if turn == 0 and row.get("text"):
                    quality[name].append(score(row, teaser, text))
    figures: dict[str, float] = {"pages": len(wanted)}
    for name in READERS:
        figures[f"{name}_cold_ms"] = round(statistics.mean(times[0] for times in spent[name]), 2)
        figures[f"{name}_ms"] = round(statistics.mean(statistics.median(times[1:]) for times in spent[name]), 2)
        figures[f"{name}_f1"] = round(statistics.mean(quality[name]), 4) if quality[name] else 0.0
    figures["times_trafilatura"] = round(figures["trafilatura_ms"] / figures["ours_ms"], 2)
    return figures


def score(row: dict[str, Any], teaser: str, text: str) -> float:
    """Word F1, a teaser counted once where it stands in the text too."""
    want = _words(_joined(row.get("teaser") or "", row["text"]))
    have = _words(_joined(teaser, text))
    size = sum(want.values()) + sum(have.values())
    return 2 * sum((want & have).values()) / size if size else 1.0


def _joined(teaser: str, text: str) -> str:
    return text if _fold(teaser)[:50] in _fold(text) else f"{teaser} {text}"


def _fold(text: str) -> str:
    return " ".join(re.sub("[„“”»«\"'‘’‚]", "", text).split()).casefold()


def _words(text: str) -> collections.Counter[str]:
    return collections.Counter(re.findall(r"\w+", text.casefold()))


if __name__ == "__main__":
    main()
