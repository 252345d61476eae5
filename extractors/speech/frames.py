"""Frames: what in a sentence says that its words are someone's. Verbs of saying with their clauses, "laut X", "so X", "wie X sagte"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.actors.lexicon import noun
from extractors.speech.covers import Found, Span, pieces
from extractors.speech.nouns import content_end, nouns
from extractors.speech.phrases import apposed, phrase, subject
from extractors.speech.segments import Segment, mood
from extractors.speech.sources import sources
from extractors.speech.speakers import cited, is_thing, place_of_words, span_of, speaker_of, stands_for
from extractors.speech.view import Predicate, View, asks, joins, only_particle, purpose


def frames(view: View) -> tuple[Found, ...]:
    """All indirect and reported speech of a sentence, outer first."""
    found = [*sources(view), *_so(view), *_clauses(view), *_headed(view)]
    found.extend(one for one in nouns(view) if not any(_holds(other, one) for other in found))
    found.extend(one for one in _asides(view) if not any(_touch(other, one) for other in found))
    if not found:
        found.extend(_things(view))
    return tuple(_without_doubles(found))


def _holds(other: Found, one: Found) -> bool:
    """Whether another frame holds a noun's words: "warf die Botschaft der Gegenseite vor, … zu" does once, though both end elsewhere."""
    if one.spans[:1] == other.spans[:1]:
        return True
    return other.rule.startswith("inf-") and bool(one.spans) and one.spans[0][0] == other.spans[0][0]


def _headed(view: View) -> Iterator[Found]:
    """ "Eine Sprecherin von Minister Pistorius: Man erwarte ein Ergebnis": who speaks, a colon, and the Konjunktiv."""
    tokens, cut = view.tokens, view.segments
    k = next((k for k, s in enumerate(cut) if s.cut == ":"), 0)
    if k != 1 or cut[0].kind != "bare" or not cut[1].finite or cut[1].mood == "ind":
        return
    end = phrase(tokens, cut[0].start, cut[0].end)
    if end < cut[0].end or not _speaks(view, cut[0].start, end):
        return
    speaker, colon = span_of(view, cut[0].start, end), tokens[cut[1].start - 1]
    spans = pieces(view, (view.start(1), view.end(len(cut) - 1)))
    yield Found(kind="indirect", spans=spans, rule="colon", speaker=speaker, cue=(colon.start, colon.end))


def _speaks(view: View, a: int, b: int) -> bool:
    """Whether a phrase names a person, or an office or body that can speak."""
    start, end = span_of(view, a, b)
    if any(e.label == "PER" and start <= e.start and e.end <= end for e in view.sentence.entities):
        return True
    head = next((t for t in view.tokens[a:b] if t.tag == "NN"), None)
    return head is not None and noun(head.lemma) is not None


def _without_doubles(found: Sequence[Found]) -> Iterator[Found]:
    seen: list[tuple[Span, ...]] = []
    for one in found:
        if one.spans and one.spans not in seen:
            seen.append(one.spans)
            yield one


# --- ", so X" ---------------------------------------------------------------------------------------------------------


def _so(view: View) -> Iterator[Found]:
    tokens, cut = view.tokens, view.segments
    for k, segment in enumerate(cut):
        first = tokens[segment.start]
        if k == 0 or first.text.lower() != "so" or segment.finite or segment.end - segment.start < 2:
            continue
        end = phrase(tokens, segment.start + 1, segment.end)
        if end <= segment.start + 1 or tokens[segment.start + 1].tag in _NO_NAMES:
            continue
        after = _behind(view, k)
        spans = pieces(view, (view.start(0), view.end(k - 1)), _rest(view, after))
        speaker = (tokens[segment.start + 1].start, tokens[apposed(tokens, end) - 1].end)
        yield Found(kind="indirect", spans=spans, rule="so-name", speaker=speaker, cue=(first.start, first.end))


_NO_NAMES = frozenset({"ADJD", "ADV", "PTKNEG", "PIS", "PIAT"})
"""what follows "so" where it compares: "so oft", "so viele wie nie" """


def _behind(view: View, k: int) -> int:
    """The segment after k and the relative clauses and appositions that belong to its speaker."""
    cut, after = view.segments, k + 1
    while after < len(cut) and cut[after].kind == "rel":
        after += 1
    rest = cut[after:]
    if rest and all(s.kind in ("bare", "rel") for s in rest) and after == k + 1:
        first = view.tokens[rest[0].start]
        if first.tag in ("NN", "NE", "ART", "ADJA") and ("nom" in first.case or not first.case):
            return len(cut)
    return after


def _rest(view: View, k: int) -> Span:
    return (view.start(k), view.end(len(view.segments) - 1)) if k < len(view.segments) else (0, 0)


# --- verbs of saying --------------------------------------------------------------------------------------------------


def _clauses(view: View) -> Iterator[Found]:
    for order, one in enumerate(view.predicates):
        following = view.predicates[order + 1] if order + 1 < len(view.predicates) else None
        closing = following is None or following.segment != one.segment
        found = None
        wie = _wie_before(view, one)
        if wie is not None:
            found = _wie(view, one, wie)
        elif closing:
            found = _inserted(view, one) or _before(view, one) or _after(view, one)
        if found is not None:
            yield found


def _cue(view: View, one: Predicate) -> Span:
    a, b = view.tokens[one.full], view.tokens[one.full]
    return a.start, b.end


def _addressee(view: View, one: Predicate) -> Span | None:
    """The dative or "gegenüber" in the frame: whom it was said to, or which medium."""
    tokens, segment = view.tokens, view.segments[one.segment]
    for i in range(segment.start, segment.end):
        if tokens[i].text.lower() == "gegenüber" or (
            tokens[i].tag == "ART" and tokens[i].text.lower() in ("der", "dem", "den") and i > one.finite and tokens[i - 1].tag not in ("APPR", "APPRART", "NN")
            and "dat" in tokens[i].case and "nom" not in tokens[i].case and (i == 0 or tokens[i - 1].tag in ("VVFIN", "NE", "PPER", "ADV"))
        ):  # fmt: skip
            begin = i + 1 if tokens[i].text.lower() == "gegenüber" else i
            end = phrase(tokens, begin, segment.end)
            if end > begin:
                return tokens[begin].start, tokens[end - 1].end
    return None


def _made(view: View, one: Predicate, kind: str, spans: tuple[Span, ...], rule: str) -> Found | None:
    if not spans:
        return None
    speaker = speaker_of(view, one)
    return Found(
        kind=kind, spans=spans, rule=f"{rule}-{one.lemma}", speaker=speaker, cue=_cue(view, one),
        addressee=_addressee(view, one), source=cited(view, one)[1] if one.lemma == "zitieren" else None,
        antecedent=stands_for(view, one.segment, speaker),
    )  # fmt: skip


def _wie(view: View, one: Predicate, first: int) -> Found | None:
    """ "wie X mitteilte", "wie X, Sprecher von Y, mitteilte": all the rest of the sentence."""
    if not set(one.verb.names) & {"say", "think", "impersonal"} or one.modal or (one.lemma in _NO_REPORTERS):
        return None
    left = (view.start(0), view.end(first - 1)) if first > 0 else (0, 0)
    found = _made(view, one, "indirect", pieces(view, left, _rest(view, one.segment + 1)), "wie")
    if found is None or first == one.segment:
        return found
    opening, last = view.segments[first].start + 1, view.segments[one.segment - 1]
    whole = phrase(view.tokens, opening, view.segments[first].end) > opening and last.kind == "bare"
    return replace(found, speaker=span_of(view, opening, last.end)) if whole else found


_NO_REPORTERS = frozenset(
    "nennen halten sehen finden erkennen wissen erwarten zeigen hoffen hören vereinbaren vorsehen".split()
)


def _wie_before(view: View, one: Predicate) -> int | None:
    """The segment where a "wie" clause that ends with this verb begins."""
    if view.segments[one.segment].kind == "wie":
        return one.segment
    last = view.segments[one.segment]
    if one.last < last.end - 2:
        return None
    for k in range(one.segment - 1, max(-1, one.segment - 4), -1):
        segment = view.segments[k]
        if view.tokens[segment.start].text.lower() == "wie" and not segment.finite:
            return k
        if segment.kind not in ("bare", "rel"):
            return None
    return None


def _before(view: View, one: Predicate) -> Found | None:
    """ "Die Lage sei ernst, sagte X": what stands before the frame, and what goes on behind it."""
    cut, k = view.segments, one.segment
    if k == 0 or not _inverted(view, one) or not one.verb.takes & {"clause", "words"}:
        return None
    earlier = cut[:k]
    if not set(one.verb.names) & _FOLLOWS or not _has_subject(view, one):
        return None
    if not any(s.kind in ("main", "dass", "v1") or asks(view, s) for s in earlier) or _pending(view, k):
        return None
    if any(p.segment < k and _wie_before(view, p) is not None and "say" in p.verb.names for p in view.predicates):
        return None  # "Wie Bern mitteilte, sieht Riga darin …"
    if any(p.segment == k - 1 and _complement(view, p) is not None for p in view.predicates):
        return None
    after = _behind(view, k)
    rest = _rest(view, after) if after < len(cut) and _continues(view, after) else (0, 0)
    return _made(view, one, "indirect", pieces(view, (_told_from(view, k), view.end(k - 1)), rest), "before")


def _told_from(view: View, k: int) -> int:
    """ "Wien wartete ab: „Es eilt nicht“, sagte X": of what stands before a frame only the words between marks behind a colon are his."""
    last = view.end(k - 1)
    opened = (q.start for q in view.quoted if q.start < last <= q.end and view.text[: q.start].rstrip().endswith(":"))
    return max((start for start in opened if start > view.sentence.start), default=view.start(0))


def _inserted(view: View, one: Predicate) -> Found | None:
    """ "In zwei Jahren, so schätzt Riga, soll es so weit sein": a frame between the first words of a clause and its verb."""
    cut, k = view.segments, one.segment
    if not 0 < k < len(cut) - 1 or not _inverted(view, one) or not set(one.verb.names) & _FOLLOWS:
        return None
    after = _behind(view, k)
    if after == len(cut) or cut[after].kind != "v1" or any(s.kind != "bare" for s in cut[:k]):
        return None
    found = _made(view, one, "indirect", pieces(view, (view.start(0), view.end(k - 1)), _rest(view, after)), "inserted")
    own = subject(view.tokens, one.finite, one.finite, cut[k].end)
    return replace(found, speaker=span_of(view, *own)) if found is not None and own is not None else None


_FOLLOWS = frozenset({"say", "think", "impersonal", "promise", "call", "blame", "urge"})
"""rows of verbs that come behind what was said: "…, hielt Bern ihm vor", "…, riet der Gesandte" """


def _inverted(view: View, one: Predicate) -> bool:
    """ "…, sagte X", "…, so urteilte X", "…, das teilte X mit"."""
    segment = view.segments[one.segment]
    if mood(view.tokens, one.finite) != "ind" or (one.full != one.finite and view.tokens[one.finite].lemma != "haben"):
        return False
    if segment.kind == "v1":
        return one.finite == segment.start
    first = view.tokens[segment.start].text.lower()
    return segment.kind == "main" and first in ("das", "dies", "so") and one.finite == segment.start + 1


def _has_subject(view: View, one: Predicate) -> bool:
    segment = view.segments[one.segment]
    return (
        one.verb.impersonal or one.passive or subject(view.tokens, one.finite, segment.start, segment.end) is not None
    )


def _pending(view: View, k: int) -> bool:
    """ "Der Mann, der …, sagte": what stands before is the subject, not what was said. But in "Polen, das Nachbarland, sei
    bereit, sagte X" its own verb has come already."""
    first = view.segments[0]
    if first.kind != "bare" or any(s.kind == "v1" and s.mood in ("k1", "k2") for s in view.segments[1:k]):
        return False
    if any(s.cut == ":" for s in view.segments[1:k]):
        return False  # "Der Grund: Das Geld sei knapp, sagte X"
    whole = phrase(view.tokens, first.start, first.end) == first.end
    return whole or all(s.kind in ("rel", "sub", "inf", "bare") for s in view.segments[1:k])


def told_before(view: View) -> Found | None:
    """ "Das teilte X mit", "Dies geht aus … hervor": what was said stands in the sentence before."""
    tokens, cut = view.tokens, view.segments
    if (
        not cut
        or tokens[0].text.lower() not in ("das", "dies")
        or tokens[0].tag not in ("PDS", "ART")
        or len(cut[0].finite) == 0
    ):
        return None
    one = next((p for p in view.predicates if p.segment == 0 and p.finite == 1), None)
    if one is None or "clause" not in one.verb.takes or _complement(view, one) is not None:
        return None
    if set(one.verb.names) <= _THINKS and one.lemma != "hervorgehen":
        return None  # "Das weiß jeder", "Dies belegen die Spuren"
    span = (tokens[0].start, tokens[0].end)
    who = place_of_words(view, one) if one.passive or one.lemma == "hervorgehen" else None
    after = subject(tokens, one.finite, 1, cut[0].end)
    speaker = who or ((tokens[after[0]].start, tokens[after[1] - 1].end) if after else None)
    return (
        Found(kind="indirect", spans=(span,), rule=f"dies-{one.lemma}", speaker=speaker, cue=_cue(view, one))
        if speaker
        else None
    )


_THINKS = frozenset({"think", "call", "report", "narrate"})


def _continues(view: View, k: int) -> bool:
    segment = view.segments[k]
    return (
        segment.kind == "dass" or segment.mood in ("k1", "k2") or (segment.kind == "main" and not joins(view, segment))
    )


def _after(view: View, one: Predicate) -> Found | None:
    """ "X sagte, dass …", "X sagte, die Lage sei ernst", "X forderte, … zu …"."""
    first = _complement(view, one)
    if first is None:
        return None
    last = _complement_end(view, one, first)
    end = next((e for k in range(first, last + 1) if (e := _turns_back(view, k)) is not None), view.end(last))
    return _made(view, one, "indirect", pieces(view, (view.start(first), end)), view.segments[first].kind)


def _turns_back(view: View, k: int) -> int | None:
    """ "dass er komme | und weigerte sich": where the matrix clause goes on behind a conjunction, without a comma."""
    segment = view.segments[k]
    for i in segment.finite[1:]:
        before = view.tokens[i - 1]
        if (
            before.tag == "KON"
            and mood(view.tokens, i) == "ind"
            and i - 1 > segment.finite[0]
            and view.tokens[i].tag == "VVFIN"
        ):
            return view.tokens[i - 2].end
    return None


def _complement(view: View, one: Predicate) -> int | None:
    """The segment where the clause that a verb takes begins; None without one."""
    cut, k = view.segments, one.segment + 1
    while k < len(cut) and cut[k].kind in ("rel", "bare"):
        k += 1
    if k >= len(cut) or "clause" not in one.verb.takes:
        return None
    segment = cut[k]
    if segment.kind == "v1" and segment.mood in ("k1", "k2") and k > one.segment + 1:
        return _opening(view, one.segment + 1, k)
    if segment.kind == "wie" and any(p.segment == k and "say" in p.verb.names for p in view.predicates):
        return None
    if segment.kind == "dass":
        return k
    if segment.kind == "inf":
        return None if purpose(view, segment) else k
    if segment.kind in ("sub", "main", "wie") and asks(view, segment):
        return k
    return k if _main_complement(view, one, k) else None


def _main_complement(view: View, one: Predicate, k: int) -> bool:
    """ "X sagte, die Lage sei ernst", "X sagte, wenn Moskau einlenke, könne man reden"."""
    cut, segment = view.segments, view.segments[k]
    if segment.kind == "sub":
        return any(s.mood in ("k1", "k2") for s in cut[k : k + 2])
    if segment.kind != "main":
        return False
    if segment.mood in ("k1", "k2") or view.tokens[segment.finite[0]].text.lower() in _LIKE_KONJUNKTIV:
        return True
    return k == one.segment + 1 and _plain(view, one, segment) and not joins(view, segment)


_LIKE_KONJUNKTIV = frozenset("wollte wollten sollte sollten solle".split())


def _plain(view: View, one: Predicate, segment: Segment) -> bool:
    """Whether the clause behind may stand in the indicative: after plain verbs, or with words between marks."""
    if "plain" in one.verb.names:
        return True
    start, end = view.tokens[segment.start].start, view.tokens[segment.end - 1].end
    return "say" in one.verb.names and any(start <= q.start < end for q in view.quoted)


def _opening(view: View, first: int, k: int) -> int | None:
    """ "erklärte sie, in den Ländern, in denen …, sei die Zahl gestiegen": the clause begins before its verb."""
    for i in range(first, k):
        token = view.tokens[view.segments[i].start]
        if view.segments[i].kind == "bare" and (
            i > first or token.tag in ("APPR", "APPRART") or token.case != ("nom",)
        ):
            return i
    return None


def _complement_end(view: View, one: Predicate, first: int) -> int:
    cut, last = view.segments, first
    embedded = cut[one.segment].kind in ("rel", "sub")
    cues = {p.segment for p in view.predicates}
    for k in range(first + 1, len(cut)):
        segment = cut[k]
        ind = segment.mood == "ind"
        if only_particle(view, segment):
            break
        if segment.cut == ":" and view.inside(view.start(k), view.start(k) + 1):
            break
        if segment.kind == "v1" and ind and (k in cues or embedded):
            break
        if (
            segment.kind == "main"
            and ind
            and segment.end - 1 not in segment.finite
            and (joins(view, segment) or segment.cut in ("-", "–", ";") or embedded)
        ):
            break
        last = k
    return last


# --- "X lobte Bern, das viel getan habe" ------------------------------------------------------------------------------


def _asides(view: View) -> Iterator[Found]:
    """ "Wien rügte die Firma, die zu spät geliefert habe": a clause in Konjunktiv I beneath a main clause that is not."""
    cut = view.segments
    main = next((s for s in cut if s.kind in ("main", "v1") and s.finite), None)
    if (
        main is None
        or main.mood != "ind"
        or view.tokens[main.finite[0]].lemma == "sollen"
        or view.inside(*span_of(view, main.start, main.end))
    ):
        return
    for k, segment in enumerate(cut):
        if segment.kind not in ("rel", "sub") or segment.mood != "k1" or segment.start < main.start:
            continue
        if any(token.text == "ich" for token in view.tokens[segment.start : segment.end]):
            continue
        spans = pieces(view, (view.start(k), view.end(content_end(view, k))))
        speaker = _acting(view, main)
        yield Found(kind="indirect", spans=spans, rule="clause-konjunktiv1", speaker=speaker, anaphoric=speaker is None)
        return


def _acting(view: View, main: Segment) -> Span | None:
    """Who speaks in a main clause, else who acts there, if he is named and no thing."""
    said = next((p for p in view.predicates if p.finite in main.finite), None)
    if said is not None:
        return speaker_of(view, said)
    own = subject(view.tokens, main.finite[0], main.start, main.end)
    named = own is not None and view.tokens[own[0]].tag not in _PRONOUNS and not is_thing(view.tokens[slice(*own)])
    return span_of(view, *own) if own is not None and named else None


_PRONOUNS = frozenset({"PPER", "PDS", "PIS"})


def _touch(other: Found, one: Found) -> bool:
    return any(a < d and c < b for a, b in one.spans for c, d in other.spans)


# --- "X sprach von …", "X kündigte … an" ------------------------------------------------------------------------------


def _things(view: View) -> Iterator[Found]:
    for one in view.predicates:
        segment = view.segments[one.segment]
        if "thing" not in one.verb.takes or segment.kind in ("dass", "wie", "rel", "sub", "inf"):
            continue
        if view.quoted and not (_BESIDE_WORDS in one.verb.names and _holds_words(view, one)):
            continue
        if _BY_SOMEBODY in one.verb.names and "report" not in one.verb.names and (one.passive or one.modal):
            continue
        found = _made(view, one, "reported", ((view.sentence.start, view.sentence.end),), "thing")
        if found is not None:
            yield found
            return


def _holds_words(view: View, one: Predicate) -> bool:
    """Whether all that stands between marks stands in the verb's own clause, and no colon opens it."""
    start, end = view.start(one.segment), view.end(one.segment)
    return view.segments[one.segment].cut != ":" and all(start <= q.start and q.end <= end + 1 for q in view.quoted)


_BESIDE_WORDS, _BY_SOMEBODY = "report beside words", "report by somebody"
