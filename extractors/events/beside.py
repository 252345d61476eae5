"""Who is named beside a word: before it as its attribute, behind it in the genitive, or in the phrase of a preposition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.actors import Mention
from extractors.events.reading import Reading
from extractors.language import Clause, Sentence, Token

JOINED = re.compile(r"\s*((,|und|sowie|wie auch|oder|bzw\.|, und)\s*(die|der|den|dem|das|mit|in)?|mit)\s*")
"""what may stand between actors that are named as one party"""
CONTRACTED = {"im": "in", "ins": "in", "zum": "zu", "zur": "zu", "am": "an", "ans": "an", "beim": "bei", "vom": "von"}
_AGENTS = frozenset({"von", "vom", "durch", "seitens", "vonseiten"})
_IN_A_PHRASE = frozenset({"ART", "ADJA", "PPOSAT", "PIAT", "PDAT", "APPR", "CARD"})
"""what stands before an attribute that has a "von" of its own"""
_LEAD = 4
"""tokens before a noun in which its preposition stands"""
_ORIGINS = frozenset({"aus", "in", "im", "von", "vom"})
_SHARES = re.compile(r"(?:,| und| sowie| wie auch) (?:(?:der|die|das|ein|eine) )?")
"""what stands between adjectives that share a noun"""
_COUNTS = re.compile(r"(?:,| und| sowie) (?P<article>(?:der|des|dem|den|von) )?")
"""what stands between those that are counted up behind a noun"""
_BEHIND_A_PREPOSITION = re.compile(r" (?:von|aus) ")
LEFT_UNDONE = frozenset({"ohne", "statt", "anstatt"})
"""markers of infinitives that tell what was not done: "ohne Truppen zu verlegen" """
NOMINAL = frozenset({"DET", "ADJ", "NOUN", "PROPN", "NUM"})


def attributes(reading: Reading, sentence: Sentence, noun: int) -> Iterator[tuple[str, Mention]]:
    """Who is named by the attributes before a noun, each with its tag ("russische", "Moskaus")."""
    for k in range(max(0, noun - 4), noun):
        if _modifies(sentence, k, noun):
            yield from ((sentence.tokens[k].tag, m) for m in reading.at_token(sentence, k))


def _modifies(sentence: Sentence, k: int, noun: int) -> bool:
    """An adjective, possessive or genitive name directly before the noun, with nothing but attributes between."""
    between = sentence.tokens[k + 1 : noun]
    if sentence.tokens[k].tag not in ("ADJA", "PPOSAT", "NE", "NN", "PDAT"):
        return False
    if sentence.tokens[k].tag in ("NE", "NN") and not (
        sentence.tokens[k].text.endswith(("s", "’", "'")) or "gen" in sentence.tokens[k].case
    ):
        return False
    return all(t.tag in ("ADJA", "CARD", "ADV", "ADJD", "KON", "$,", "NE") for t in between)


def directly_behind(reading: Reading, sentence: Sentence, noun: int) -> tuple[Mention, ...]:
    """Who stands in the genitive with nothing but articles and adjectives between ("die Bitte der NATO", "der Angriff Russlands")."""
    found = in_genitive(reading, sentence, sentence.tokens[noun])
    return tuple(m for m in found if only_attributes(sentence, sentence.tokens[noun].end, m.start))


def only_attributes(sentence: Sentence, start: int, end: int) -> bool:
    """Whether nothing but articles and adjectives stands between two places of a text."""
    return all(token.pos in ("DET", "ADJ") for token in sentence.at(start, end))


def in_genitive(reading: Reading, sentence: Sentence, token: Token) -> tuple[Mention, ...]:
    """Who stands in the genitive right behind a noun ("die Forderung Moskaus", "der Gipfel der NATO")."""
    end, started = token.end, False
    for after in sentence.tokens[token.i + 1 : token.i + 9]:
        if after.pos not in ("DET", "ADJ", "NOUN", "PROPN", "NUM", "CCONJ") or (
            not started and after.case and "gen" not in after.case and after.pos != "PROPN"
        ):
            break
        started = True
        end = after.end
    return reading.named(sentence, token.end, end) if end > token.end else ()


def entered(reading: Reading, sentence: Sentence, noun: int) -> tuple[Mention, ...]:
    """The country that a noun's act befalls, as the sentence's places have it: "die Invasion der Ukraine", not "der Türkei in Syrien"."""
    into = any(
        p.kind == "country" and p.preposition == "in" and p.first == noun + 2 for p in reading.places[sentence.index]
    )
    return directly_behind(reading, sentence, noun) if into else ()


def lead_of(sentence: Sentence, noun: int) -> Token | None:
    """The preposition of a noun, with no other noun between the two."""
    before = (
        t for t in reversed(sentence.tokens[max(0, noun - _LEAD) : noun]) if t.tag.startswith(("APP", "NN", "NE"))
    )
    found = next(before, None)
    return found if found is not None and found.tag.startswith("APP") else None


def near_noun(reading: Reading, sentence: Sentence, token: Token, slot: str) -> tuple[Mention, ...]:
    """Who stands behind a preposition that follows a noun, before the next verb or comma."""
    for after in sentence.tokens[token.i + 1 : token.i + 16]:
        if after.tag.endswith("FIN") or after.text in (",", ";", ":", "–"):
            return ()
        word = after.text.lower()
        if after.tag.startswith("APP") and CONTRACTED.get(word, word) == slot:
            return governed(reading, sentence, after)
    return ()


def after_preposition(reading: Reading, sentence: Sentence, tokens: Sequence[int], slot: str) -> tuple[Mention, ...]:
    for i in tokens:
        token = sentence.tokens[i]
        word = token.text.lower()
        if token.pos == "ADP" and token.tag.startswith("APP") and CONTRACTED.get(word, word) == slot:
            found = governed(reading, sentence, token)
            if found:
                return found
    return ()


def governed(reading: Reading, sentence: Sentence, preposition: Token) -> tuple[Mention, ...]:
    """Who is named in the phrase behind a preposition, or in the one that tells where they are from ("auf Panzer aus Polen")."""
    end, further = _phrase_end(sentence, preposition)
    found = reading.named(sentence, preposition.end, end) or _place_named(reading, sentence, preposition.end, end)
    if not found and further is not None and further.text.lower() in _ORIGINS:
        return governed(reading, sentence, further)
    return found


def _phrase_end(sentence: Sentence, preposition: Token) -> tuple[int, Token | None]:
    """Where a phrase ends: at the next verb, comma or preposition, which is told."""
    end = preposition.end
    for token in sentence.tokens[preposition.i + 1 :]:
        if token.tag.startswith("APP") and token.i > preposition.i + 1:
            return end, token
        if token.tag.startswith(("V", "$,", "KOUS", "PTKVZ")):
            break
        end = token.end
    return end, None


def _place_named(reading: Reading, sentence: Sentence, start: int, end: int) -> tuple[Mention, ...]:
    """The states of the places in a phrase, and of those that are listed behind it: "aus Oslo, Riga und Bern"."""
    found: list[Mention] = []
    for place in reading.places[sentence.index]:
        listed = found and JOINED.fullmatch(reading.document.text[found[-1].end : place.start])
        if place.place.country and (listed or (not found and start <= place.start < end)):
            found.append(placed(sentence, place.start, place.end, place.place.country, place.place.name))
    return tuple(found)


def placed(sentence: Sentence, start: int, end: int, code: str, name: str) -> Mention:
    return Mention(
        start=start,
        end=end,
        code=code,
        name=name,
        office="",
        kind="place",
        sentence=sentence.index,
        origin="place",
        score=0.5,
    )


def agent_before(reading: Reading, sentence: Sentence, head: int) -> tuple[Mention, ...]:
    """Who stands behind "von" right before the participle: "wurden Dörfer im Grenzgebiet von Panzern Armeniens beschossen"."""
    for i in range(head - 2, max(-1, head - 9), -1):
        token, after = sentence.tokens[i], sentence.tokens[i + 1]
        if token.text.lower() in ("von", "vom") and not reading.named(sentence, token.start, token.end):
            return reading.named(sentence, token.end, sentence.tokens[head].start)
        # "Das von Moskau gehaltene Gebiet": behind a noun no adjective belongs to the same phrase.
        if after.pos not in NOMINAL or (after.pos == "ADJ" and token.pos in ("NOUN", "PROPN")):
            return ()
    return ()


def agent_behind(reading: Reading, sentence: Sentence, clause: Clause) -> tuple[Mention, ...]:
    """Who stands right behind "von" after the verb of a passive, where the parser hung them on the next noun: "wurden von Ungarn
    weitere Haubitzen zugesagt", not "die von Ungarn zugesagten Haubitzen"."""
    above = sentence.clauses[clause.parent] if clause.parent is not None and not clause.finite else clause
    finite = next((k for k in above.verbs if sentence.tokens[k].tag.endswith("FIN")), None)
    behind = [i for i in sorted({*clause.tokens, *above.tokens}) if finite is not None and i > finite]
    for i in behind:
        token = sentence.tokens[i]
        if token.text.lower() in _AGENTS and sentence.tokens[i - 1].tag not in _IN_A_PHRASE:
            found = governed(reading, sentence, token)
            return tuple(m for m in found[:1] if only_attributes(sentence, token.end, m.start))
    return ()


def is_behind(sentence: Sentence, mention: Mention, prepositions: tuple[str, ...]) -> bool:
    """Whether one of these stands before a name, an article perhaps between them."""
    before = [token for token in sentence.before(mention.start)[-2:] if token.tag != "ART"]
    return bool(before) and before[-1].text.lower() in prepositions


def counted_up(reading: Reading, sentence: Sentence, first: Mention) -> Iterator[Mention]:
    """Those whom one noun is of beside the first: "die Außenminister Polens, Litauens und der Ukraine", "die Regierungen Oslos und Rigas",
    "der polnische und der litauische Außenminister"."""
    text, one = reading.document.text, first.kind == "office" and first.name != first.office
    start, end = first.start, first.end
    for mention in reversed(reading.named(sentence, sentence.start, start)) if one else ():
        if mention.kind != "adjective" or not _SHARES.fullmatch(text[mention.end : start]):
            break
        yield replace(mention, kind="office")
        start = mention.start
    led = _BEHIND_A_PREPOSITION.search(text, first.start, first.end) is not None
    for mention in reading.named(sentence, end, sentence.end) if one or _is_of_a_noun(sentence, first) else ():
        between = _COUNTS.fullmatch(text[end : mention.start])
        if mention.kind not in ("name", "metonym") or between is None:
            return
        if not led and not between["article"] and not text[mention.start : mention.end].endswith("s"):
            return
        yield mention
        end = mention.end


def _is_of_a_noun(sentence: Sentence, mention: Mention) -> bool:
    """Whether a mention is a noun with whose it is: "Regierungen Polens"."""
    tokens = sentence.at(mention.start, mention.end)
    return mention.kind == "name" and len(tokens) > 1 and tokens[0].tag == "NN" and tokens[-1].tag == "NE"
