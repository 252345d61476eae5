"""Sentences cut at their commas, dashes, colons and quotation marks into segments, each with its finite verbs and its kind.

German commas mark clauses reliably, more reliably than a parser of 51,000 words of training finds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from extractors.language import Sentence, Token
from extractors.language.marks import MARKS

FINITE = frozenset({"VVFIN", "VAFIN", "VMFIN", "VVIMP"})
_CUT = frozenset({",", ":", ";", "-", "–", "—", "...", "…"})
_ENDS = frozenset(".!?")
_MARKS = MARKS | frozenset("()[]")
SUBORDINATORS = frozenset(
    "dass daß ob weil wenn falls da obwohl nachdem bevor ehe während als damit indem sodass sobald solange seit seitdem bis "
    "wonach weshalb warum wieso wie wer was wo wohin woher wann welche welcher welches welchen inwiefern inwieweit womit wofür worüber "
    "sofern zumal obgleich wobei wodurch worin woran worauf wovon wozu wovor wogegen".split()
)
KONJUNKTIV1 = frozenset("sei seien habe werde könne müsse solle wolle dürfe möge wisse bedürfe".split())
KONJUNKTIV2 = frozenset(
    "wäre wären hätte hätten würde würden könnte könnten müsste müssten dürfte dürften käme kämen gäbe gäben ginge "
    "bliebe ließe stünde stünden fände fänden bräuchte bräuchten wüsste wüssten nähme nähmen sähe sähen "
    "hielte träfe träfen brächte brächten".split()
)
# How the Konjunktiv II of strong verbs ends, whatever stands before it: "befände", "bekämen", "entstünde".
_STRONG = tuple(
    stem + end
    for stem in "käm fänd gäb läg stünd ständ böt spräch zög trüg schlüg verlör gält bräch träf nähm brächt dächt flög schüf sänk".split()
    for end in ("e", "en")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Tokens [start, end) of a sentence between two cuts, marks at its edges left out.

    `kind`: dass, sub, rel, wie, inf, v1 (verb first), main (verb second) or bare (no verb).
    """

    start: int
    end: int
    kind: str
    finite: tuple[int, ...] = ()
    mood: str = ""
    """ind, k1 or k2 of its first finite verb; "" without one"""
    cut: str = ""
    """the mark before it"""


def segments(sentence: Sentence) -> tuple[Segment, ...]:
    """The segments of a sentence in order."""
    tokens, found = sentence.tokens, []
    start, cut = 0, ""
    for token in (*tokens, None):
        if token is None or _cuts(tokens, token):
            end = len(tokens) if token is None else token.i
            if (segment := _segment(tokens, start, end, cut)) is not None:
                found.append(segment)
            if token is not None:
                start, cut = token.i + 1, token.text
    return tuple(found)


def _cuts(tokens: Sequence[Token], token: Token) -> bool:
    if token.text in _ENDS and token.i + 2 < len(tokens):
        after = tokens[token.i + 1]
        return after.text in MARKS and after.start == token.end  # "„… hilft allen.“ | erklärte Okafor"
    if token.text not in _CUT:
        return False
    if token.text == "," and 0 < token.i < len(tokens) - 1:
        return not (tokens[token.i - 1].tag == "CARD" and tokens[token.i + 1].tag == "CARD")
    return True


def _segment(tokens: Sequence[Token], start: int, end: int, cut: str) -> Segment | None:
    while start < end and (tokens[start].text in _MARKS or tokens[start].tag == "$."):
        start += 1
    while end > start and (tokens[end - 1].text in _MARKS or tokens[end - 1].tag == "$."):
        end -= 1
    if start == end:
        return None
    finite = tuple(t.i for t in tokens[start:end] if _finite(t, start)) or _plural(tokens, start, end)
    return Segment(
        start=start,
        end=end,
        kind=_kind(tokens, start, end, finite),
        finite=finite,
        mood=mood(tokens, finite[0]) if finite else "",
        cut=cut,
    )


def _finite(token: Token, start: int) -> bool:
    """A capital inside a segment is a noun, whatever the tagger says; "– sprich Brüssel" names something once more."""
    return token.tag in FINITE and (token.text[0].islower() or token.i == start) and token.text != _THAT_IS


_THAT_IS = "sprich"


def _plural(tokens: Sequence[Token], start: int, end: int) -> tuple[int, ...]:
    """ "Die Forscher vermuten", "gestanden ein": the tagger takes plurals for infinitives, and what looks like one for a participle."""
    inside = tokens[start:end]
    if any(t.tag in ("PTKZU", "VVIZU") for t in inside) or not any(
        t.tag in ("NN", "NE", "PPER", "PIS", "PDS", "NNA") for t in inside
    ):
        return ()
    verbs = [t.i for t in inside if t.tag == "VVINF"] or [
        t.i for t in inside if t.tag == "VVPP" and t.text.endswith("en") and inside[-1].tag == "PTKVZ"
    ]
    if not verbs and start == 0 and inside[0].tag in ("ART", "NE", "NN", "PPER", "PPOSAT", "ADJA"):
        # "Der Kreml versichert, dass": the present that looks like its participle.
        last = [t for t in inside if t.tag == "VVPP" and t.text.endswith("t")]
        verbs = [t.i for t in last if t.i == end - 1 and t.i > 0]
    if not verbs and inside[0].tag == "KOUS" and inside[-1].tag == "VVPP" and inside[-1].text.endswith("t"):
        # "dass es Beobachter nicht toleriert": so reads the last word of a clause, where no auxiliary stands behind it.
        verbs = [inside[-1].i]
    return (verbs[0],) if len(verbs) == 1 else ()


def _kind(tokens: Sequence[Token], start: int, end: int, finite: Sequence[int]) -> str:
    words = [t for t in tokens[start:end] if t.text not in _MARKS]
    lead = words[1:] if words and words[0].tag == "KON" and len(words) > 1 else words
    first, second = lead[0], lead[1] if len(lead) > 1 else None
    low = first.text.lower()
    if low in ("dass", "daß") or (second is not None and second.text.lower() in ("dass", "daß") and low != "so"):
        return "dass"
    if not finite:
        infinitive = any(t.tag in ("PTKZU", "VVIZU") for t in lead)
        return "inf" if infinitive else "bare"
    if first.i == finite[0]:
        return "v1"
    if low == "wie" and finite[-1] >= end - 2:
        return "wie"
    apposed = first.tag == "APPR" and second is not None and second.tag in ("PRELS", "PRELAT")
    if apposed or (first.tag in ("PRELS", "PRELAT") and low not in _ARTICLES):
        return "rel"
    if low in _ARTICLES and start > 0 and _verb_last(tokens, end, finite[:1]):
        return "rel" if _relative(tokens, lead, end, finite[0]) else "main"
    if low in SUBORDINATORS and _verb_last(tokens, end, finite) and first.i + 1 != finite[0]:
        return "sub"
    return "main"


_ARTICLES = frozenset("der die das den dem deren dessen denen".split())
_PHRASE = frozenset("NN NE NNA NNI ADJA CARD TRUNC FM".split())


def _relative(tokens: Sequence[Token], lead: Sequence[Token], end: int, finite: int) -> bool:
    """ "den Teziç geschickt hat" is a relative clause, "der Pilot trage" a main clause."""
    if tokens[finite].tag in ("VAFIN", "VMFIN") and tokens[finite - 1].tag in (
        "VVPP",
        "VVINF",
        "VAPP",
        "VAINF",
        "VVIZU",
    ):
        return True
    k = lead[0].i + 1
    while k < finite and tokens[k].tag in _PHRASE:
        k += 1
    return k < finite or k == lead[0].i + 1


def _verb_last(tokens: Sequence[Token], end: int, finite: Sequence[int]) -> bool:
    return finite[-1] >= end - 1 or all(
        tokens[k].tag in ("PTKVZ", "VVINF", "VVPP", "VAPP", "VAINF") for k in range(finite[-1] + 1, end)
    )


def mood(tokens: Sequence[Token], k: int) -> str:
    """ind, k1 or k2 of a finite verb. The first person has no Konjunktiv I of its own."""
    token = tokens[k]
    word = token.text.lower()
    if word in KONJUNKTIV2 or (token.tag == "VVFIN" and word.endswith(_STRONG)):
        return "k2"
    near = {t.text.lower() for t in tokens[max(0, k - 2) : k + 3]}
    if "ich" in near:
        return "ind"
    if word in KONJUNKTIV1:
        return "k1"
    if token.tag in ("VVFIN", "VVIMP") and word.endswith("e") and word + "n" == token.lemma.lower():
        return "k1"
    return "ind"


PARTICLES = MappingProxyType({"bekannt": "bekannt", "klar": "klar", "bereit": "bereit", "deutlich": "deutlich"})


def predicate(tokens: Sequence[Token], k: int, start: int, end: int) -> str:
    """The lemma of the verb at k with the particle that stands in its stretch, or behind an apposition."""
    lemma = tokens[k].lemma.lower()
    for token in reversed(tokens[max(k + 1, start) : end]):
        if token.tag == "PTKVZ" and token.text.lower() not in _ADVERBS:
            return token.text.lower() + lemma
    for token in (*tokens[k + 1 : end], *tokens[max(start, k - 1) : k]):
        if token.text.lower() in PARTICLES and token.tag.startswith(("ADJ", "ADV", "PTK")):
            return token.text.lower() + lemma
    return _torn_particle(tokens, end) + lemma


_ADVERBS = frozenset({"weiter", "dabei", "dazu", "wieder", "zusammen"})


def _torn_particle(tokens: Sequence[Token], end: int) -> str:
    """ "teilte der Direktor, Bagus Puruhito, mit": a particle alone between a comma and the end of a clause."""
    for i in range(end + 1, min(end + 10, len(tokens))):
        token = tokens[i]
        if token.tag in FINITE:
            break
        alone = tokens[i - 1].text in (",", "-", "–") and (
            i + 1 == len(tokens) or tokens[i + 1].text in (",", ".", ":")
        )
        if alone and (token.tag in ("PTKVZ", "APPR") or token.text.lower() in PARTICLES):
            return token.text.lower()
    return ""
