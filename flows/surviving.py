"""Articles that are too much for a machine: coding the longest takes a minute and hundreds of megabytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Engine

from extractors.model import Article
from flows.judging import SHORT
from storage.archive import opened

DEADLY = 3
"""So many processes may end while they code one article; the next one gives it up."""


class EndsProcesses(RuntimeError):
    """No process has survived coding this article."""


@contextmanager
def survived(engine: Engine, key: str, article: Article, now: datetime) -> Iterator[None]:
    """Around the coding of an article. Raises EndsProcesses.

    A process that is killed at it for its memory, or cut off, can give nothing up; and each one after it would be.
    Therefore it is written down before, of long articles.
    """
    if len(article.text) <= SHORT:
        yield
        return
    name = f"coding {key}"
    with opened(engine) as archive:
        begin = len(archive.notes.seen(name)) < DEADLY
        archive.notes.see(name, "begun", now) if begin else archive.notes.forget(name)
    if not begin:
        raise EndsProcesses(f"{DEADLY} processes ended while they coded it ({len(article.text)} characters)")
    try:
        yield
    except Exception:  # our mistake, which this process has survived
        _forget(engine, name)
        raise
    _forget(engine, name)


def _forget(engine: Engine, name: str) -> None:
    with opened(engine) as archive:
        archive.notes.forget(name)
