"""Which stretches between quotation marks are speech and not names, titles or irony, and who speaks them."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.language import Document, Sentence, Token
from extractors.language.marks import Stretch
from extractors.speech.covers import Found
from extractors.speech.lexicon import lexicon
from extractors.speech.phrases import phrase, subject
from extractors.speech.segments import FINITE, Segment
from extractors.speech.speakers import named_behind, speaker_of
from extractors.speech.view import View, words_near

_DEFINITE = frozenset("der die das dem den des vom beim zum zur im am und oder selbst kurz".split())
_NAMING = frozenset(
    "namens genannt genannte genannten sogenannte sogenannten sogenannter sogenanntes titel motto kurz".split()
)


def is_speech(document: Document, stretch: Stretch) -> bool:
    """Whether a stretch between marks is what someone said."""
    a, b = stretch.inside
    sentence = document.sentence_at(stretch.start) or document.sentence_at(a)
    if sentence is None or not any(c.isalpha() for c in document.text[a:b]):
        return False
    inner = [t for s in document.between(a, b) for t in s.at(a, b)]
    words = [t for t in inner if t.pos != "PUNCT"]
    before = sentence.before(stretch.start)
    led = before[-1].text if before else ""
    capital = bool(words) and words[0].text[0].isupper()
    if _said_behind(document, sentence, stretch):
        return True
    if led != ":" and capital and (_titled(before) or (led.lower() in _DEFINITE and len(words) <= 4)):
        return False
    if any(t.tag in FINITE for t in words) and len(words) >= 2:
        return True
    if any(t.tag.startswith("V") for t in words) and len(words) >= 3:
        return True
    if document.text[b - 1] in ".!?" and len(words) >= 2:
        return True
    return led == ":" or _fragment(sentence.tokens, before, words)


def _said_behind(document: Document, sentence: Sentence, stretch: Stretch) -> bool:
    """ "“Never”, sagte Biden": a comma and a verb of saying right behind make speech of any words."""
    last = document.sentence_at(stretch.end - 1) or sentence
    after = [t for t in last.tokens if t.start >= stretch.end][:2]
    if len(after) < 2 or after[0].text != "," or after[1].tag != "VVFIN":
        return False
    return any("words" in verb.takes and not verb.needs for verb in lexicon().verbs.get(after[1].lemma.lower(), ()))


def _titled(before: Sequence[Token]) -> bool:
    near = [t for t in before[-2:] if t.tag in ("NN", "NE")]
    return any(lexicon().noun("title", t.lemma) for t in near) or (bool(before) and before[-1].text.lower() in _NAMING)


def _fragment(tokens: tuple[Token, ...], before: Sequence[Token], words: Sequence[Token]) -> bool:
    """A few words: an adjective or a small word first is how people talk; a noun first is mostly a name."""
    if not words:
        return False
    first = words[0]
    if first.text[0].islower():
        return len(words) > 1 or _calls(tokens)
    last = before[-1] if before else None
    if last is None or last.tag in ("NN", "NE", "TRUNC") or last.text.lower() in _DEFINITE:
        return False
    return _calls(tokens)


def _calls(tokens: tuple[Token, ...]) -> bool:
    near = words_near(tokens)
    return any(
        "words" in verb.takes and verb.needs <= near
        for token in tokens
        if token.tag.startswith("VV")
        for verb in lexicon().verbs.get(token.lemma.lower(), ())
    )


def _headed(seen: View, stretch: Stretch) -> Found | None:
    """ "Ein Beamter der Polizei: „…“", "Koppelin wörtlich: „…“", "So der Minister: „…“": a name and a colon, no verb."""
    before = seen.sentence.before(stretch.start)
    if not before or before[-1].text != ":" or any(t.tag.startswith("V") for t in before):
        return None
    begin = int(before[0].text == "So")
    end = phrase(seen.tokens, begin, len(before) - 1)
    if end <= begin or before[begin].tag in ("APPR", "APPRART", "CARD") or before[end - 1].text == "Uhr":
        return None  # "15.10 Uhr: „…“" is an entry of a ticker
    speaker = (before[begin].start, seen.tokens[end - 1].end)
    return Found(kind="direct", spans=(), rule="words-headed", speaker=speaker)


def _is_passed_on(seen: View, segment: Segment) -> bool:
    """ "Bern habe „nur zugesehen“", "Bern hätte …": told in somebody's words, and he is not the subject. But "Bern könnte …"
    may be the newsroom's own."""
    return segment.mood == "k1" or (segment.mood == "k2" and seen.tokens[segment.finite[0]].lemma in ("haben", "sein"))


def literal_speaker(seen: View, stretch: Stretch) -> Found | None:
    """Who speaks a stretch by its sentence: the subject of a verb that takes words, else of its main clause."""
    if (headed := _headed(seen, stretch)) is not None:
        return headed
    saying = [p for p in seen.predicates if "words" in p.verb.takes] or list(seen.predicates)
    for one in sorted(saying, key=lambda p: abs(seen.tokens[p.full].start - stretch.start)):
        speaker = speaker_of(seen, one)
        if speaker is not None and not stretch.start <= speaker[0] < stretch.end:
            cue = seen.tokens[one.full]
            return Found(kind="direct", spans=(), rule=f"words-{one.lemma}", speaker=speaker, cue=(cue.start, cue.end))
    for segment in seen.segments:
        if segment.kind in ("main", "v1") and segment.finite:
            if _is_passed_on(seen, segment):
                return None
            own = subject(seen.tokens, segment.finite[0], segment.start, segment.end)
            if own is not None and own[0] < segment.finite[0]:
                own = named_behind(seen, segment, segment.finite[0], own) or own
            if own is not None:
                span = (seen.tokens[own[0]].start, seen.tokens[own[1] - 1].end)
                if not stretch.start <= span[0] < stretch.end:
                    return Found(kind="direct", spans=(), rule="words-subject", speaker=span)
    return None
