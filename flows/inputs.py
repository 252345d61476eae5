"""What a command reads (a file, a URL or standard input; HTML or the text of a saved article), and where it writes."""

from __future__ import annotations

import gzip
import io
import json
import re
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO

from flows.cli import TROUBLE, UsageError, say_error

if TYPE_CHECKING:
    from extractors.articles import NotAnArticle
    from extractors.model import Article, FetchedPage, Holder

MAX_INPUT = 10 << 20
"""bytes after decompression, as for fetched pages"""
_URL = re.compile(r"https?://", re.IGNORECASE)
_ARCHIVE = re.compile(rb"^content-type:\s*multipart/related\b", re.IGNORECASE | re.MULTILINE)


def article_from(name: str, *, url: str = "", config: Path | None = None) -> Article:
    """The article in a file, at a URL or on standard input (`-`); raises NotAnArticle or UsageError.

    `url` is where a file or pipe came from: it tells the publisher's profile and stands in the article. `config` names the settings
    that a page is fetched by.
    """
    from extractors.articles import article_from_text, extract_article

    given = fetched(name, config) if _URL.match(name) else _given(name, url)
    return article_from_text(given, url=url) if isinstance(given, str) else extract_article(given)


def holders_asked(config: Path | None) -> tuple[Holder, ...]:
    """The office holders whom no table has and the settings' archive knows."""
    from flows.desk import known_holders
    from flows.settings import load
    from storage.engine import known_archive

    with known_archive(load(config).database_url) as engine:
        return known_holders(engine)


def text_from(name: str) -> str:
    """The words in a file or on standard input: a text as it is, of a page the article in it; raises as `article_from`."""
    from extractors.articles import NotAnArticle, Reason, article_from_text, extract_article

    given = _given(name)
    if not isinstance(given, str):
        return extract_article(given).text
    try:
        article_from_text(given)
    except NotAnArticle as error:  # a single sentence is no article and has its quotes; a picture has none
        if error.reason is Reason.NOT_HTML:
            raise
    return given


def _given(name: str, url: str = "") -> str | FetchedPage:
    """What a file holds: plain text, in whatever encoding, or a page. Raises NotAnArticle for what is neither, UsageError."""
    from extractors.articles import decode, looks_like_html

    body = body_of(name)
    if _ARCHIVE.search(body[:4000]):
        body, url = _page_in(body, url)
    text = decode(body)
    return page_of(body, url) if looks_like_html(text) else "\n".join(re.split("\r\n?|\n", text))


def _page_in(body: bytes, url: str) -> tuple[bytes, str]:
    """The page in what browsers save as one file (MHTML), and where it came from; the bytes as they are if there is none."""
    from email import message_from_bytes

    message = message_from_bytes(body)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    held = page.get_payload(decode=True) if page is not None else None
    if not isinstance(held, bytes):
        return body, url
    return held, url or str(message.get("Snapshot-Content-Location") or "")


def refused(error: NotAnArticle, *, as_json: bool) -> int:
    """Say why a page is no article, to people and to machines."""
    why = {"not_an_article": str(error.reason), "detail": error.detail}
    say_error(f"not an article: {error}", as_json=as_json, **why)
    return TROUBLE


def page_of(body: bytes, url: str = "") -> FetchedPage:
    from extractors.model import FetchedPage

    return FetchedPage(url=url, body=body, fetched_at=datetime.now(UTC))


def body_of(name: str | Path) -> bytes:
    """The bytes of a file or of standard input, unpacked when they are gzip; raises UsageError.

    Of one without an end no more than makes it too large.
    """
    try:
        if str(name) == "-":
            raw = sys.stdin.buffer.read(MAX_INPUT + 1)
        else:
            with Path(name).open("rb") as file:
                raw = file.read(MAX_INPUT + 1)
    except FileNotFoundError:
        raise UsageError(f"{name}: no such file") from None
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror or error}") from None
    except ValueError as error:  # a NUL in it
        raise UsageError(f"{str(name)!r}: no name of a file ({error})") from None
    return unpacked(raw, str(name)) if raw.startswith(b"\x1f\x8b") else raw


def unpacked(raw: bytes, name: str) -> bytes:
    """gzip taken off, up to MAX_INPUT: a bomb is an error, not a full memory."""
    body = b""
    while raw.startswith(b"\x1f\x8b"):  # a file may hold several, one behind the other
        inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            body += inflate.decompress(raw, MAX_INPUT + 1 - len(body))
        except zlib.error as error:
            raise UsageError(f"{name}: broken gzip ({error})") from None
        if len(body) > MAX_INPUT:
            raise UsageError(f"{name}: more than {MAX_INPUT >> 20} MB after unpacking")
        if not inflate.eof:
            raise UsageError(f"{name}: broken gzip (it ends before its end)")
        raw = inflate.unused_data
    return body


def rows_of(name: str | Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a JSONL file, gzipped or not, each with its file and line; raises UsageError."""
    for number, line in _lines_of(name):
        where = f"{name}:{number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise UsageError(f"{where}: no JSON: {error.msg} at column {error.colno}") from None
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{where}: no JSON: {error}") from None
        if not isinstance(row, dict):
            raise UsageError(f'{where}: a line is one object, as {{"id": "1", …}}')
        yield where, row


def _lines_of(name: str | Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that are not empty, each with its number."""
    number = 0
    try:
        opener = gzip.open if str(name).endswith(".gz") else open
        with opener(name, "rb") as file:
            for number, line in enumerate(file, start=1):
                if text := line.decode("utf-8-sig" if number == 1 else "utf-8").strip():
                    yield number, text
    except FileNotFoundError:
        raise UsageError(f"{name}: no such file") from None
    except UnicodeDecodeError:
        raise UsageError(f"{name}:{number}: not UTF-8 text; convert it (iconv -t utf-8)") from None
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(f"{name}: {getattr(error, 'strerror', None) or error}") from None


@contextmanager
def written(name: str | Path | None) -> Iterator[IO[str]]:
    """As `output`, for text."""
    if not name:
        yield sys.stdout
        return
    with output(Path(name)) as out, io.TextIOWrapper(out, encoding="utf-8") as text:
        yield text


@contextmanager
def output(path: Path | None) -> Iterator[BinaryIO]:
    """Where to write: standard output, or a file, which takes its name only when it is whole; what had the name stays
    until then.

    Raises UsageError for one that cannot be written.
    """
    if path is None:
        yield sys.stdout.buffer
        return
    if path.exists() and not path.is_file():  # a pipe, a device
        with _writing(path, path) as out:
            yield out
        return
    target = path.resolve()  # a link goes on leading to it
    part = target.with_name(f"{target.name}.part")
    try:
        with _writing(part, path) as out:
            yield out
        part.replace(target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def _writing(file: Path, named: Path) -> Iterator[BinaryIO]:
    with naming(named, file), file.open("wb") as out:
        yield out


@contextmanager
def naming(named: Path, file: Path | None = None) -> Iterator[None]:
    """Raises UsageError, with this name, if `file` cannot be opened, or if the disk is full, where no file is named."""
    try:
        yield
    except OSError as error:
        # A reader that left is no trouble, and another file's trouble is not this one's.
        if isinstance(error, BrokenPipeError) or error.filename not in (None, str(file)):
            raise
        raise UsageError(f"cannot write {named}: {error.strerror}") from None


def fetched(url: str, config: Path | None = None) -> FetchedPage:
    """A page from its server, with the same manners and limits as the flows; raises UsageError."""
    import asyncio

    from extractors.model import FetchedPage
    from flows.fetching import FetchError, NoContact, NotModified
    from flows.manners import fetcher_of
    from flows.settings import load

    async def ask() -> FetchedPage | NotModified:
        async with fetcher_of(load(config)) as fetcher:
            return await fetcher.fetch(url, kind="article")

    try:
        page = asyncio.run(ask())
    except NoContact:
        raise UsageError(
            "nothing is fetched before the User-Agent says how to reach you: set `contact` in depesche.toml "
            "or DEPESCHE_CONTACT (a mail address or a page)"
        ) from None
    except FetchError as error:
        raise UsageError(f"{url}: {error}") from None
    if not isinstance(page, FetchedPage):
        raise UsageError(f"{url}: the server says it has not changed, but we have no copy")
    return page
