"""Pages for the tests of reading: a story of a few sentences in the shape that a test gives it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from loading import loaded

from extractors.model import FetchedPage

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "tests" / "pages"
SHARED = ROOT.parent / "shared"
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2023, 5, 9, 6, tzinfo=UTC)
write = loaded(PAGES / "write.py")


SENTENCES = (
    "Die Unterhändler beider Häfen haben am Vormittag ihre Gespräche fortgesetzt, wie eine Sprecherin mitteilte.",
    "Der Vermittler sprach von einem ersten Schritt und bat um Geduld, denn die Zahlen seien noch nicht geprüft.",
    "In der vergangenen Woche war ein Treffen gescheitert, weil niemand einen Ort benennen wollte, der allen passt.",
    "Am Donnerstag kommen die Fachleute hinzu; ein Ergebnis wird frühestens Ende des Monats erwartet.",
)


def page(html: str | bytes, url: str = "https://kuestenblatt.example/a.html", content_type: str = "") -> FetchedPage:
    body = html.encode() if isinstance(html, str) else html
    return FetchedPage(url=url, body=body, fetched_at=NOW, content_type=content_type)


def story(inner: str = "", head: str = "") -> str:
    paragraphs = "".join(f"<p>{one}</p>" for one in SENTENCES)
    return f"<!DOCTYPE html><html><head>{head}</head><body><article><h1>Reden über die Rinne</h1>{paragraphs}{inner}</article></body></html>"
