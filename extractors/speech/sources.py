"""Sources: phrases that name whose words a clause is, "nach Angaben von X", "laut X", "X zufolge", "aus Sicht X", "demnach"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from extractors.language import Token
from extractors.language.marks import MARKS
from extractors.speech.covers import Found, Span, around
from extractors.speech.lexicon import lexicon
from extractors.speech.phrases import apposed, phrase, subject
from extractors.speech.view import View


def sources(view: View) -> Iterator[Found]:
    """Speech by "nach Angaben von X", "laut X", "X zufolge", "aus Sicht X", "demnach"."""
    tokens = view.tokens
    for token in tokens:
        hit = _source_at(view, token)
        if hit is None or view.inside(tokens[hit[0]].start, tokens[hit[1] - 1].end):
            continue
        a, b, speaker, rule = _widened(view, *hit)
        spans = around(view, a, b)
        if spans:
            meant = _self(view, a, speaker) or (_related(view, a) if _is_relative(view, a, b, rule) else None)
            yield Found(
                kind="indirect", spans=spans, rule=rule, speaker=speaker or meant or (token.start, token.end),
                cue=(token.start, token.end), anaphoric=speaker is None and meant is None, antecedent=meant,
            )  # fmt: skip


def _widened(view: View, a: int, b: int, speaker: Span | None, rule: str) -> tuple[int, int, Span | None, str]:
    """A source phrase that opens its clause goes up to the verb, or takes in the apposition between commas."""
    tokens, k = view.tokens, view.segment_of(a)
    segment = view.segments[k]
    wide = b
    if a == segment.start and segment.kind == "main" and segment.finite and segment.finite[0] > b:
        between = tokens[b : segment.finite[0]]
        if between[0].tag in ("APPR", "APPRART") and not any(t.pos in ("VERB", "AUX") for t in between):
            wide = segment.finite[0]
    elif b == segment.end:
        wide = max(apposed(tokens, b), apposed(tokens, b, "dat"))
    if wide == b or speaker is None or speaker[1] != tokens[b - 1].end:
        return a, max(b, wide), speaker, rule
    return a, wide, (speaker[0], tokens[wide - 1].end), rule


def _konjunktive(view: View, i: int) -> bool:
    k = view.segment_of(i)
    return k >= 0 and (
        view.segments[k].mood == "k1" or any(view.tokens[f].lemma == "sollen" for f in view.segments[k].finite)
    )


def _head_noun(tokens: Sequence[Token], a: int, b: int) -> int | None:
    return next((i for i in range(a, b) if tokens[i].tag in ("NN", "NNA", "NNI", "NE", "FM")), None)


def _source_end(view: View, i: int) -> int:
    """Where the phrase behind "laut" or "nach" ends: at its noun, or at the verb if an attribute stands between."""
    tokens = view.tokens
    theirs = tokens[i + 1].text.lower() in ("deren", "dessen")  # "nach deren Angaben": a pronoun to the tagger
    end = phrase(tokens, i + 2 if theirs else i + 1, len(tokens))
    segment = view.segments[view.segment_of(i)] if view.segment_of(i) >= 0 else None
    if end == i + 1 and segment is not None and segment.start == i and segment.kind == "main":
        between = tokens[i + 1 : segment.finite[0]]
        if any(t.tag in ("NN", "NE") for t in between):
            return segment.finite[0]
    end = max(end, i + 2)
    if tokens[i + 1].tag == "PPOSAT":
        # "nach seinen Erkenntnissen Schläge": whose they are is told already, so the next noun is another phrase.
        head = next((k for k in range(i + 2, end) if tokens[k].tag == "NN" and lexicon().source(tokens[k].lemma)), None)
        end = head + 1 if head is not None else end
    # "nach Angaben aus ukrainischen Kreisen": where those are who say so.
    if end + 1 < len(tokens) and tokens[end].text == "aus" and tokens[end - 1].text in _TOLD:
        end = max(end, phrase(tokens, end + 1, len(tokens)))
    return end


_TOLD = frozenset({"Angaben", "Informationen", "Auskunft"})
_BACKWARDS = frozenset("NN NE NNA NNI ADJA ART PPOSAT CARD PDAT PIAT APPR APPRART PDS PRELS FM TRUNC PPER".split())
_BRACKETS = frozenset("()")
_OWN = frozenset({"eigenen", "eigener", "eigenem"})
_DETERMINERS = frozenset("ART PDAT PIAT PPOSAT".split())
_GENITIVES = frozenset("des der eines einer seiner ihrer dieser dieses".split())


def back(tokens: Sequence[Token], i: int) -> int:
    """Where the noun phrase before `i` begins."""
    begin = i
    while begin > 0:
        before = tokens[begin - 1]
        if before.tag not in _BACKWARDS and before.text not in MARKS | _BRACKETS:
            break
        if before.tag in ("APPR", "APPRART") and (begin < 2 or tokens[begin - 2].tag not in ("NN", "NE")):
            break
        if before.tag in ("NN", "NE") and tokens[begin].text.lower() in _OWN:
            break
        if before.tag == "ART" and tokens[begin].tag == "PPOSAT":
            break  # "die | ihrer Ansicht nach falsche Politik"
        begin -= 1
        if before.tag in ("PDS", "PRELS", "PPER") or (
            before.tag in _DETERMINERS and before.text.lower() not in _GENITIVES
        ):
            break
    return begin


def _source_speaker(view: View, a: int, b: int) -> Span | None:
    """ "Angaben der Polizei" → "der Polizei"; "Medienberichten" stays."""
    tokens = view.tokens
    head = next((i for i in range(a, b) if tokens[i].tag == "NN" and lexicon().source(tokens[i].lemma)), None)
    head = _head_noun(tokens, a, b) if head is None else head
    if head is None:
        return None if b <= a else (tokens[a].start, tokens[b - 1].end)
    owner = head - 2 if tokens[head - 1].text in MARKS else head - 1
    if owner >= a and tokens[owner].tag == "NE" and head + 1 >= b:
        return tokens[a].start, tokens[owner].end  # "nach Schäubles Idee", "nach Strauß' Worten"
    if not lexicon().source(tokens[head].lemma) or head + 1 >= b:
        return tokens[a].start, tokens[b - 1].end
    rest = head + 1
    while rest < b and tokens[rest].text in ("von", "vom", "aus", ","):
        rest += 1
    return (tokens[rest].start, tokens[b - 1].end) if rest < b else (tokens[a].start, tokens[b - 1].end)


def _self(view: View, a: int, speaker: Span | None) -> Span | None:
    """ "nach eigenen Angaben", "nach Angaben ihres Büros": the subject of the clause is meant, or what a relative stands for."""
    if speaker is None or not _is_own(view.text[speaker[0] : speaker[1]].split()):
        return None
    k = view.segment_of(a)
    segment = view.segments[k]
    pronoun = next((t for t in view.tokens[segment.start + 1 : segment.end] if t.text in _SPEAKS), None)
    if segment.kind == "rel" and pronoun is not None:
        return pronoun.start, pronoun.end  # "ein Mittel, das er nach eigenen Angaben nahm"
    if segment.kind == "rel" and k > 0:
        end = view.segments[k - 1].end
        begin = back(view.tokens, end)
        return (view.tokens[begin].start, view.tokens[end - 1].end) if begin < end else None
    found = subject(view.tokens, segment.finite[0], segment.start, segment.end) if segment.finite else None
    if found is None:
        # "Spahn, der …, wurde nach eigenen Angaben bespuckt": the subject stands before a clause between.
        clause = view.sentence.clause_of(a)
        role = clause.subject if clause is not None else None
        return (role.start, role.end) if role is not None else None
    return view.tokens[found[0]].start, view.tokens[found[1] - 1].end


_SPEAKS = frozenset({"er", "wir", "ich", "man"})


def _is_relative(view: View, a: int, b: int, rule: str) -> bool:
    """ "…, wonach", "…, nach denen", "…, denen zufolge" """
    alone = b - a == 2 and view.tokens[a].text.lower() in ("denen", "dem", "der")
    return rule == "wonach" or rule.endswith("-relative") or (rule == "zufolge-postposed" and alone)


def _related(view: View, a: int) -> Span | None:
    """ "Angaben der NATO, wonach …", "Berichte, denen zufolge …": whom the relative means, right before its clause."""
    tokens, k = view.tokens, view.segment_of(a)
    if k < 1 or view.segments[k].start != a or view.segments[k].kind not in ("rel", "sub"):
        return None
    before = view.segments[k - 1]
    end = before.end
    while end > before.start and tokens[end - 1].tag not in ("NN", "NE", "NNA", "FM"):
        end -= 1
    begin = back(tokens, end)
    head = next((i for i in range(begin, end) if tokens[i].tag == "NN" and _tells(tokens[i].lemma)), None)
    if end - begin < 1 or end <= before.start:
        return None
    if head is not None and head + 1 < end:
        rest = head + 2 if tokens[head + 1].text in ("von", "vom", "aus") else head + 1
        return tokens[min(rest, end - 1)].start, tokens[end - 1].end
    return tokens[begin].start, tokens[end - 1].end


def _tells(lemma: str) -> bool:
    return lexicon().source(lemma) or lexicon().noun("content", lemma)


_HIS = ("seine", "ihre", "sein", "ihr")


def _is_own(words: Sequence[str]) -> bool:
    """ "eigenen Angaben", "ihres Büros", "seines Sprechers" """
    first = words[0].lower()
    return first.startswith("eigen") or (first.startswith(_HIS) and lexicon().office(words[-1]))


# What a source phrase is at one of its words: tokens [a, b) of the phrase, its speaker, and the rule's name.
Hit = tuple[int, int, Span | None, str]


def _source_at(view: View, token: Token) -> Hit | None:
    """The source phrase that a word opens or closes, by the first rule of RULES that knows it."""
    word = token.text.lower()
    for words, rule in RULES if word in _WORDS else ():
        if word in words and (hit := rule(view, token.i)) is not None:
            return hit
    return None


def _in_relative(view: View, i: int) -> Hit | None:
    """ "…, nach denen die Mehrheit ablehnt": what they say stands in the relative clause."""
    tokens, k = view.tokens, view.segment_of(i)
    if i + 1 >= len(tokens) or tokens[i + 1].text.lower() not in ("dem", "denen", "der"):
        return None
    if k < 1 or view.segments[k].start != i or view.segments[k].kind != "rel":
        return None
    return i, i + 2, (tokens[i + 1].start, tokens[i + 1].end), f"{tokens[i].text.lower()}-relative"


def _laut(view: View, i: int) -> Hit | None:
    tokens = view.tokens
    if i + 1 >= len(tokens) or tokens[i + 1].tag in ("$,", "$.", "KON"):
        return None
    end = _source_end(view, i)
    return i, end, _source_speaker(view, i + 1, end), "laut"


def _nach(view: View, i: int) -> Hit | None:
    """ "nach Angaben von X", "nach Schäubles Meinung": only with a noun of saying; "nach dem Treffen" is a time."""
    tokens = view.tokens
    if i + 1 >= len(tokens):
        return None
    end = _source_end(view, i)
    noun = next((t for t in tokens[i + 1 : end] if t.tag == "NN" and lexicon().source(t.lemma)), None)
    first = _head_noun(tokens, i + 1, end)
    if noun is None or first is None or any(t.text not in MARKS for t in tokens[first + 1 : noun.i]):
        return None
    return i, end, _source_speaker(view, i + 1, end), f"{tokens[i].text.lower()}-{noun.lemma.lower()}"


def _postposed(view: View, i: int) -> Hit | None:
    """ "dem Ministerium zufolge", "ihrer Meinung nach"."""
    tokens, word = view.tokens, view.tokens[i].text.lower()
    if i == 0 or (word == "nach" and i + 1 < len(tokens) and _governed(tokens[i + 1])):
        return None
    begin = back(tokens, i)
    head = _head_noun(tokens, begin, i)
    if word == "nach" and (head is None or not lexicon().source(tokens[head].lemma)):
        return None
    if begin == i:
        return None
    speaker = _source_speaker(view, begin, i) if head is not None else (tokens[begin].start, tokens[i - 1].end)
    return begin, i + 1, speaker, f"{word}-postposed"


def _governed(token: Token) -> bool:
    """Whether "nach" goes with what follows: "freie Sicht nach draußen", "der Stand nach zwei Runden"."""
    return token.tag in _OPENS_PHRASE or token.text.lower() in _DIRECTIONS


_OPENS_PHRASE = frozenset("ART NN NE PPOSAT APPR CARD".split())
_DIRECTIONS = frozenset("draußen außen innen oben unten vorn vorne hinten rechts links wie".split())


def _aus_sicht(view: View, i: int) -> Hit | None:
    tokens = view.tokens
    end = phrase(tokens, i + 1, len(tokens))
    head = _head_noun(tokens, i + 1, end)
    if head is None or tokens[head].lemma != "Sicht":
        return None
    return i, end, _source_speaker(view, i + 1, end), "aus-sicht"


def _demnach(view: View, i: int) -> Hit | None:
    word = view.tokens[i].text.lower()
    return (i, i + 1, None, word) if word != "danach" or _konjunktive(view, i) else None


RULES: tuple[tuple[frozenset[str], Callable[[View, int], Hit | None]], ...] = (
    (frozenset({"nach", "laut", "gemäß"}), _in_relative),
    (frozenset({"laut"}), _laut),
    (frozenset({"nach", "gemäß", "entsprechend"}), _nach),
    (frozenset({"zufolge", "nach"}), _postposed),
    (frozenset({"aus"}), _aus_sicht),
    (frozenset({"demnach", "demzufolge", "wonach", "danach"}), _demnach),
)
_WORDS = frozenset().union(*(words for words, _ in RULES))
