"""Full text: one index for both databases, German-stemmed here, with a lexicon that finds words inside compounds.

Only the newest version of an article is in the index, as the set of its stems: no positions, so that a relevant
article costs about a kilobyte. Phrases are found as words and then looked for in the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, text

from storage.statements import prepared

_WORD = re.compile(r"[^\W_]+")
_LONGER = re.compile(r"[^\W_]{2,}")
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_SYLLABLE = re.compile(r"[aeiouy][^aeiouy]")
_CASE = re.compile(r"(?:ern|e[mrns]?|(?<=[bdfghklmnrt])s)$")
_HEAD = 3
_DEGREE = re.compile(r"(?:e[nr]|est|(?<=[bdfghklmnt])st)$")


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A German word without its inflection: lower case, no umlauts, the first two steps of Snowball's German stemmer.

    Its third step is left out: it would make one word of "Sicherheit" and "sicher".

    >>> stem("Sicherheitsgarantien") == stem("Sicherheitsgarantie"), stem("Gespräche"), stem("Ministers")
    (True, 'gesprach', 'minist')
    """
    bare = _bare(word)
    beginning = _SYLLABLE.search(bare)
    if beginning is None:
        return bare
    # What is looked for ends the word: it is looked for behind what is kept.
    kept = max(_HEAD, beginning.end())
    if ending := _CASE.search(bare, kept):
        bare = bare[: ending.start()]
    degree = _DEGREE.search(bare, kept)
    return bare[: degree.start()] if degree else bare


def _bare(word: str) -> str:
    bare = word.lower()
    return bare if bare.isascii() else bare.translate(_UMLAUTS)


LONGEST = 100
"""Letters. What is longer is no word but a slip of some page's, and PostgreSQL can index nothing that is far longer."""


def stems(text: str) -> set[str]:
    """The stems of a text; single letters, numbers of more than four digits and endless words are not worth finding."""
    words = set(_LONGER.findall(text))
    words.difference_update([word for word in filter(str.isdigit, words) if len(word) > 4])
    words.difference_update([word for word in words if len(word) > LONGEST])
    return set(map(stem, words))


def create(connection: Connection) -> None:
    """Make the index's own tables; part of the first migration."""
    for statement in _TABLES[connection.dialect.name]:
        connection.execute(text(statement))


_TABLES = {
    "sqlite": (
        # Contentless, and without positions: the stems alone. A row is deleted by naming its stems again.
        "CREATE VIRTUAL TABLE articles_fts USING fts5(stems, content='', detail=none, tokenize='ascii')",
        "CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE)",
        """CREATE VIRTUAL TABLE words_fts USING fts5(
            word, content='words', content_rowid='id', tokenize='trigram', detail=none, columnsize=0
        )""",
    ),
    "postgresql": (
        "CREATE TABLE articles_fts (version_id bigint PRIMARY KEY, stems tsvector NOT NULL)",
        "CREATE INDEX ix_articles_fts_stems ON articles_fts USING gin (stems)",
        # pg_trgm is an extension that not every server has: the trigrams are ours, in an array.
        """CREATE TABLE words (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, word text NOT NULL UNIQUE, grams text[] NOT NULL
        )""",
        "CREATE INDEX ix_words_grams ON words USING gin (grams)",
    ),
}


def index(connection: Connection, version_id: int, words: Iterable[str]) -> None:
    """Put a version's stems into the index, and stems never seen before into the lexicon."""
    found = sorted(set(words))
    if not found:
        return
    _add_words(connection, found)
    given = found if connection.dialect.name == "postgresql" else " ".join(found)
    connection.execute(_indexed(connection), {"id": version_id, "stems": given})


@prepared
def _indexed(connection: Connection) -> Any:
    if connection.dialect.name == "postgresql":
        return text(
            "INSERT INTO articles_fts (version_id, stems) VALUES (:id, array_to_tsvector(:stems))"
            " ON CONFLICT (version_id) DO UPDATE SET stems = excluded.stems"
        )
    return text("INSERT INTO articles_fts (rowid, stems) VALUES (:id, :stems)")


def unindex(connection: Connection, version_id: int, words: Iterable[str]) -> None:
    """Take a version out of the index. SQLite has to be told the very stems that were put in."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("DELETE FROM articles_fts WHERE version_id = :id"), {"id": version_id})
        return
    connection.execute(
        text("INSERT INTO articles_fts (articles_fts, rowid, stems) VALUES ('delete', :id, :stems)"),
        {"id": version_id, "stems": " ".join(sorted(set(words)))},
    )


def _add_words(connection: Connection, stems: list[str]) -> None:
    """Only what can be a compound: a part of COMPOUNDS letters and another of three at least."""
    words = [stem for stem in stems if len(stem) >= COMPOUNDS + 3 and stem.isalpha()]
    if not words:
        return
    # Sorted, so that two workers that add the same new words never wait for each other in a circle.
    if connection.dialect.name == "postgresql":
        known = set(
            connection.scalars(text("SELECT word FROM words WHERE word = ANY(:words)"), {"words": words}),
        )
        rows = [{"word": word, "grams": grams(word)} for word in words if word not in known]
        if rows:
            connection.execute(
                text("INSERT INTO words (word, grams) VALUES (:word, :grams) ON CONFLICT DO NOTHING"), rows
            )
        return
    added = connection.scalars(_NEW_WORDS, {"words": json.dumps(words)}).all()
    if added:
        connection.execute(_INDEX_WORDS, {"first": min(added)})


# For SQLite only.
_NEW_WORDS = text(
    "INSERT INTO words (word) SELECT value FROM json_each(:words) WHERE true ON CONFLICT DO NOTHING RETURNING id"
)
_INDEX_WORDS = text("INSERT INTO words_fts (rowid, word) SELECT id, word FROM words WHERE id >= :first")


def grams(word: str) -> list[str]:
    """The trigrams of a word.

    >>> grams("genf")
    ['enf', 'gen']
    """
    return sorted({word[at : at + 3] for at in range(max(1, len(word) - 2))})


COMPOUNDS = 5
"""Stems this long are also looked for inside other words: shorter ones ("rat" in "beratung") find noise."""

EXPANSIONS = 200
"""At most so many words of the lexicon stand for one word asked for."""


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked: every group must be found (any word of it), no banned word, and the phrases as they stand."""

    groups: tuple[tuple[str, ...], ...]
    banned: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.groups


def understand(connection: Connection, asked: str) -> Query:
    """Read a search as people type it: words, "a phrase", -without.

    A word stands for its inflected forms and the compounds it is part of; in quotation marks for itself.
    """
    groups: list[tuple[str, ...]] = []
    banned: list[str] = []
    phrases: list[str] = []
    for minus, phrase, word in _ASKED.findall(asked):
        found = sorted(stems(phrase or word))
        if minus:
            banned += [other for each in found for other in (each, *(() if phrase else _compounds(connection, each)))]
        elif phrase:
            groups += [(each,) for each in found]
            phrases.append(" ".join(phrase.split()).casefold())
        else:
            groups += [(each, *_compounds(connection, each)) for each in found]
    return Query(groups=tuple(groups), banned=tuple(banned), phrases=tuple(phrases))


_ASKED = re.compile(r"""(-?)(?:["„“”«»]([^"„“”«»]+)["„“”«»]|([^\s"„“”«»]+))""")


def _compounds(connection: Connection, part: str) -> list[str]:
    if len(part) < COMPOUNDS:
        return []
    if connection.dialect.name == "postgresql":
        asked = text("SELECT word FROM words WHERE grams @> :grams AND word LIKE :like AND word <> :word LIMIT :limit")
        values = {"grams": grams(part), "like": f"%{part}%", "word": part, "limit": EXPANSIONS}
        return list(connection.scalars(asked, values))
    # Without positions the trigram index serves LIKE, not MATCH, and takes half the room.
    asked = text("SELECT word FROM words_fts WHERE word LIKE :like AND word <> :word LIMIT :limit")
    return list(connection.scalars(asked, {"like": f"%{part}%", "word": part, "limit": EXPANSIONS}))


def newest(
    connection: Connection,
    query: Query,
    *,
    before: int | None = None,
    limit: int = 200,
    among: Sequence[int] | None = None,
) -> list[int]:
    """The versions that hold the words asked for, newest first, of all or of some; phrases are not looked at here."""
    if query.empty:
        return []
    values = {"before": before if before is not None else 2**62, "limit": limit}
    if connection.dialect.name == "postgresql":
        some = "AND version_id = ANY(:some)" if among is not None else ""
        asked = (
            f"SELECT version_id FROM articles_fts WHERE stems @@ CAST(:query AS tsquery) AND version_id < :before {some}"
            " ORDER BY version_id DESC LIMIT :limit"
        )
        more: dict[str, Any] = {} if among is None else {"some": list(among)}
        return list(connection.scalars(text(asked), values | more | {"query": _postgres(query)}))
    some, more = _sqlite_among(among)
    asked = (
        f"SELECT rowid FROM articles_fts WHERE articles_fts MATCH :query AND rowid < :before {some}"
        " ORDER BY rowid DESC LIMIT :limit"
    )
    return list(connection.scalars(text(asked), values | more | {"query": _sqlite(query)}))


_PROBE = 500
"""To look one version up in the index takes as long as to read so many rows of it."""


def _sqlite_among(among: Sequence[int] | None) -> tuple[str, dict[str, Any]]:
    """The condition for some versions: those close together are met on a walk, those far apart are looked up."""
    if not among:
        return ("", {}) if among is None else ("AND false", {})
    some = "rowid IN (SELECT value FROM json_each(:some))"
    more = {"some": json.dumps(list(among))}
    first, last = min(among), max(among)
    if last - first >= _PROBE * len(among):
        return f"AND {some}", more
    # With a plus the index does not see the list, and walks.
    return f"AND rowid BETWEEN :first AND :last AND +{some}", more | {"first": first, "last": last}


def _sqlite(query: Query) -> str:
    wanted = " AND ".join("(" + " OR ".join(f'"{word}"' for word in group) + ")" for group in query.groups)
    if not query.banned:
        return wanted
    banned = " OR ".join(f'"{word}"' for word in query.banned)
    return f"({wanted}) NOT ({banned})"


def _postgres(query: Query) -> str:
    wanted = " & ".join("(" + " | ".join(f"'{word}'" for word in group) + ")" for group in query.groups)
    return " & ".join([wanted, *(f"!'{word}'" for word in query.banned)])


def spans(read: str, query: Query) -> list[tuple[int, int]]:
    """Where the words asked for stand in a text."""
    wanted = {word for group in query.groups for word in group}
    heads = _heads(wanted)
    found = ((match.span(), match.group()) for match in _WORD.finditer(read))
    return [span for span, word in found if _head(word) in heads and stem(word) in wanted]


def _heads(wanted: Iterable[str]) -> set[str]:
    """What words begin with whose stems are wanted: by it most are told apart without being stemmed."""
    return {word[:_HEAD] for word in wanted}


def _head(word: str) -> str:
    """The letters that a stem keeps of its word at least."""
    return _bare(word[:_HEAD])[:_HEAD]


def has_phrases(read: str, query: Query) -> bool:
    flat = " ".join(read.split()).casefold()
    return all(phrase in flat for phrase in query.phrases)


def holds(read: str, query: Query) -> bool:
    """Whether a text that is in no index is what was asked for; nothing is where nothing was."""
    heads = _heads([*query.banned, *(word for group in query.groups for word in group)])
    found = {stem(word) for word in set(_LONGER.findall(read)) if _head(word) in heads}
    return (
        not query.empty
        and all(not found.isdisjoint(group) for group in query.groups)
        and found.isdisjoint(query.banned)
        and has_phrases(read, query)
    )
