"""Coverage-guided fuzzing of what reads strangers' bytes: every input is read, or refused with a reason, in bounded time.

    pip install atheris                    (not in the lock: it is needed nowhere else)
    python benchmarks/fuzz.py feed --minutes 10
    python benchmarks/fuzz.py --list

A finding stops the run with its traceback and leaves the input in the working directory; it becomes a test where the code
is tested. Seeds are our own hostile inputs. libFuzzer's options may follow after `--`.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

try:
    import atheris
except ImportError:
    raise SystemExit("this needs atheris: pip install atheris (into an environment that has the project)") from None

HOSTILE = Path(__file__).resolve().parent.parent / "tests" / "hostile"
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2022, 1, 10, 12, 0, tzinfo=UTC)
SLOWEST = 5
"""seconds for one input; libFuzzer reports anything slower"""

with atheris.instrument_imports(include=["extractors", "flows.robots", "flows.opml", "flows.fetching"]):
    from extractors import feeds, urls
    from extractors.feeds import FeedError, identity, parse_feed, plain, read_date
    from extractors.model import Article, FetchedPage, PartKind
    from extractors.urls import UrlError, absolute, canonical, stem
    from flows import opml, robots
    from flows.fetching import FetchError, allowed_url, max_age, redacted, retry_after


def text_of(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def feed(data: bytes) -> None:
    try:
        parsed = parse_feed("https://example.org/feed.xml", data, now=NOW)
    except FeedError:
        return
    assert parsed.found == len(parsed.entries) + sum(count for _, count in parsed.dropped)
    assert not [reason for reason, _ in parsed.dropped if reason == "unreadable"], "an entry broke our own code"
    for entry in parsed.entries:
        assert entry.guid
        assert identity(entry)
        assert "\n" not in entry.headline + entry.teaser
        assert not entry.url or entry.url.startswith(("http://", "https://"))
        for when in (entry.published_at, entry.updated_at):
            assert when is None or when.tzinfo is UTC
        if entry.url:
            canonical(entry.url)


def url(data: bytes) -> None:
    text = text_of(data)
    for whole in (text, f"https://{text}", f"http://www.tagesschau.de/{text}"):
        one_url(whole)
    with contextlib.suppress(UrlError):
        absolute("https://example.org/feed", text)


def one_url(text: str) -> None:
    with contextlib.suppress(FetchError):
        allowed_url(text, frozenset())
    redacted(text)
    try:
        clean = canonical(text)
    except UrlError:
        return
    assert clean.isascii(), clean
    assert urls.checked(clean).hostname
    assert canonical(clean) == clean, (text, clean, canonical(clean))
    assert stem(clean) == stem(text), (text, clean)


def date(data: bytes) -> None:
    text = text_of(data)
    when = read_date(text, BERLIN)
    assert when is None or when.tzinfo is UTC
    wait = retry_after(text, NOW)
    assert wait is None or 0 <= wait <= 86400
    max_age({"cache-control": text, "expires": text, "age": text}, NOW)


def markup(data: bytes) -> None:
    found = plain(text_of(data), 500)
    assert len(found) <= 500
    assert found == " ".join(found.split())


def policy(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    robots.read_robots(text, "depesche").allows("/a/b?c")
    robots.reserved_by_file(robots.read_tdmrep(text), "/a")
    robots.reserved_in_page({}, data)
    with contextlib.suppress(opml.OpmlError):
        opml.read_opml(data)


def article(data: bytes) -> None:
    with atheris.instrument_imports(include=["extractors"]):
        from extractors.articles import NotAnArticle, extract_article

    page = FetchedPage(url="https://www.tagesschau.de/a-100.html", body=data, fetched_at=NOW, content_type="text/html")
    try:
        found = extract_article(page)
    except NotAnArticle:
        return
    assert all(0 <= part.start <= part.end <= len(found.text) for part in found.parts)
    for when in (found.published_at, found.stand):
        assert when is None or when.tzinfo is not None


def events(data: bytes) -> None:
    with atheris.instrument_imports(include=["extractors"]):
        from extractors.events import code_events

    text = data.decode("utf-8", "replace")
    body = tuple((PartKind.PARAGRAPH, line) for line in text.splitlines())
    composed = Article.compose(url="https://example.org/a", headline=text[:80], body=body, published_at=NOW)
    for event in code_events(composed):
        assert event.evidence.quote == composed.text[event.evidence.start : event.evidence.end]


def when(data: bytes) -> None:
    with atheris.instrument_imports(include=["extractors.when"]):
        from extractors.language import read_text
        from extractors.when import expressions

    text = data.decode("utf-8", "replace")
    for sentence in read_text(text).sentences:
        for found in expressions(sentence, dated=NOW):
            assert text[found.start : found.end].split() == found.words.split()
            assert bool(found.reason) == (found.when is None)
            assert found.when is None or found.when.first <= found.when.last


TARGETS: dict[str, Callable[[bytes], None]] = {
    found.__name__: found for found in (feed, url, date, markup, policy, article, events, when)
}

GERMAN = (
    "Der Kreml hat am Montag die Forderung der NATO nach einem Abzug zurückgewiesen.",
    "Am 12. und 13. Januar wollen Russland und die USA in Genf über Sicherheitsgarantien beraten, sagte Lawrow.",
    "In der Nacht zum Dienstag hatte Kiew mitgeteilt: \u201eWir werden Anfang März verhandeln\u201c.",
    "Weder Moskau noch Washington lehnten bis Ende des Monats ein Treffen im Sommer 2022 ab.",
    "Zwischen dem 3. und dem 5. Februar, seit drei Wochen, vergangene Woche, Ostermontag, 10.01.2022 um 15.30 Uhr.",
)


def seeds(folder: Path, target: str) -> None:
    """Small inputs to begin with: our own hostile ones, and for short texts the rows of the manifest of links."""
    spec = importlib.util.spec_from_file_location("hostile_inputs", HOSTILE / "inputs.py")
    assert spec is not None
    assert spec.loader is not None
    corpus: Any = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = corpus
    spec.loader.exec_module(corpus)
    kind = "html" if target in ("article", "markup") else "feed"
    texts = (
        corpus.URLS
        if target == "url"
        else GERMAN
        if target in ("events", "when")
        else ["Mon, 10 Jan 2022 15:30:00 MEZ", "2022-01-10T15:30:00+01:00", "10.01.2022 15:30"]
    )
    bodies = [corpus.build(name) for name, case in corpus.CASES.items() if case.kind == kind and not case.big]
    small = [body for body in bodies if len(body) < 5000] if target in ("feed", "article", "markup", "policy") else []
    for number, body in enumerate([*small, *(text.encode("utf-8", "replace") for text in texts)]):
        (folder / f"seed-{number}").write_bytes(body)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", nargs="?", choices=list(TARGETS))
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--list", action="store_true", help="name the targets")
    parser.add_argument("options", nargs="*", help="options of libFuzzer, after --")
    args = parser.parse_args()
    if args.list or args.target is None:
        print("\n".join(TARGETS))
        return
    with tempfile.TemporaryDirectory() as folder:
        seeds(Path(folder), args.target)
        options = [f"-max_total_time={int(args.minutes * 60)}", "-max_len=5000", f"-timeout={SLOWEST}", *args.options]
        # What is imported and loaded at the first input counts as its time.
        TARGETS[args.target]((Path(folder) / "seed-0").read_bytes())
        atheris.Setup([sys.argv[0], folder, *options], TARGETS[args.target])
        # libFuzzer ends the process itself, so nothing after this line runs; the folder is the system's to clear.
        os.environ.setdefault("PYTHONHASHSEED", "0")
        atheris.Fuzz()


if __name__ == "__main__":
    assert feeds
    main()
