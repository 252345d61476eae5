"""The loop over a document: quotation marks judged, frames applied, free indirect speech continued, speakers carried on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from extractors.actors import Mention
from extractors.actors.lexicon import noun, single
from extractors.language import Document, Sentence, Token
from extractors.language.marks import Stretch, stretches
from extractors.model import PartKind, Quote
from extractors.speech.by_stretch import ByStretch
from extractors.speech.codes import Named, code_at, codes_of
from extractors.speech.covers import Found, Span
from extractors.speech.frames import frames, told_before
from extractors.speech.literal import is_speech, literal_speaker
from extractors.speech.phrases import phrase, subject
from extractors.speech.segments import FINITE, Segment
from extractors.speech.speakers import speaker_of, torn_subject
from extractors.speech.turns import turns
from extractors.speech.view import View, view


@dataclass(slots=True)
class _Thread:
    """Who is speaking: carried from sentence to sentence, never beyond the next paragraph that brings its own."""

    speaker: Span | None = None
    line: int = -1
    speaking: bool = False
    """the sentence before ended in someone's words"""
    unclaimed: int | None = None
    """where the newsroom's own sentences begin that stand right before, in this paragraph"""
    before: int | None = None
    """where the sentence before begins"""
    quoted: tuple[Stretch, ...] = ()
    """what stood between marks in the sentence before"""
    found: list[Found] = field(default_factory=list)


def quotes(document: Document, mentions: Sequence[Mention] = ()) -> tuple[Quote, ...]:
    """The reported speech of a document, in order of appearance.

    Works without mentions; with them `speaker_code` is the code of whom the speaker's words mean (`codes`).
    """
    return tuple(quote for quote, _ in explained(document, mentions))


def explained(document: Document, mentions: Sequence[Mention] = ()) -> tuple[tuple[Quote, str], ...]:
    """The `quotes` of a document, each with the row that gives its speaker a code; "" where he has none."""
    marked = stretches(document.text)
    literal = tuple(s for s in marked if is_speech(document, s))
    thread = _Thread()
    links: dict[Stretch, Found] = {}
    between_marks = ByStretch(((s.start, s.end), s) for s in literal)
    for sentence in document.sentences:
        quoted = between_marks.over((sentence.start, sentence.end))
        lead = _entry(document.text, sentence)
        if lead:
            thread.speaker, thread.speaking, thread.unclaimed, thread.before = None, False, None, None
        _read(view(document.text, sentence, quoted), thread, links, lead)
    told = _by_words(thread.found)
    spoken = [_literal(document, stretch, links.get(stretch), told) for stretch in literal if stretch.depth == 0]
    found = sorted([*thread.found, *spoken], key=_in_order)
    named: Named = ByStretch(((m.start, m.end), m) for m in mentions)
    found = sorted([*found, *_headlines(document, _by_words(found), named), *turns(document)], key=_in_order)
    found = [_without_label(_with_whole_name(one, document), document.text) for one in found]
    told = _by_words(found)
    codes = codes_of(found, document, named)
    return tuple(
        (_quote(one, told, named, document.text, code), row) for one, (code, row) in zip(found, codes, strict=True)
    )


Told = ByStretch[tuple[Found, Span]]
"""speech that was found, once for each of its stretches"""


def _by_words(found: Sequence[Found]) -> Told:
    return ByStretch((span, (one, span)) for one in found for span in one.spans)


def _in_order(one: Found) -> tuple[int, int]:
    """By where its words begin; of those that begin there, the longest first."""
    return one.spans[0][0], -one.spans[-1][1]


def _with_whole_name(one: Found, document: Document) -> Found:
    """ "Minister Robert | Habeck": a surname that the tagger takes for another noun belongs to the name."""
    if one.speaker is None or (sentence := document.sentence_at(one.speaker[1] - 1)) is None:
        return one
    start, end = one.speaker
    torn = next((e for e in sentence.entities if e.label == "PER" and start <= e.start < end < e.end), None)
    return replace(one, speaker=(start, torn.end)) if torn is not None else one


def _without_label(one: Found, text: str) -> Found:
    """ "14.30 Uhr: | Ruth Okafor sagt", "Okafor: | Bern sagt": what stands before a colon is no part of who speaks."""
    if one.speaker is None or (colon := text.rfind(": ", *one.speaker)) < 0:
        return one
    return replace(one, speaker=(colon + 2, one.speaker[1]))


# What an entry of a ticker begins with: "+++ 14:35 Uhr:", "14.35 Uhr –", "*** ".
_LEAD = re.compile(r"(?:[+*]{2,}\s*)?\(?\d{1,2}[.:]\d\d(?:\s*Uhr)?\)?\s*(?:[:|–—-]|[+*]{2,})?\s*|[+*]{2,}\s*")
_TIMED = re.compile(
    r"(?:[+*]{2,}\s*)?(?:\(\d{1,2}[.:]\d\d(?:\s*Uhr)?\)|\d{1,2}[.:]\d\d\s*(?:Uhr\s*)?(?:[:|–—-]|[+*]{2,}))"
)
"""an entry that tells its time, as no sentence begins"""


_HOUSE = re.compile(
    r"(?i)(?:kreml|pentagon|downing street|weißes haus|[\w-]*(?:ministerium|regierung|geheimdienste?|armee|militär|generalstab|kommission))"
)
"""who speaks for a state and is no place: "Moskau: Drohnen abgeschossen" may tell where it was"""


def _headlines(document: Document, told: Told, named: Named) -> Iterator[Found]:
    """ "Peskow: Keine Gespräche vor Freitag": in headlines a person, or a house that is no town, and a colon are a frame without a verb."""
    for sentence in document.sentences:
        lead = _LEAD.match(document.text[sentence.start : sentence.end])
        if sentence.part not in (PartKind.HEADLINE, PartKind.SUBHEAD) and lead is None:
            continue
        begin = sentence.start + (lead.end() if lead is not None else 0)
        colon = next((t for t in sentence.tokens if t.text == ":" and t.start > begin), None)
        if colon is None or not any(t.pos not in ("PUNCT", "X") for t in sentence.tokens[colon.i + 1 :]):
            continue
        who, words = (begin, colon.start), (sentence.tokens[colon.i + 1].start, sentence.end)
        house = _HOUSE.fullmatch(document.text[begin : colon.start]) is not None
        heads = (m for m in named.over(who) if house or m.kind in ("person", "office"))
        if any(who[0] <= m.start and m.end == who[1] for m in heads) and not told.over(words):
            cue = (colon.start, colon.end)
            yield Found(kind="indirect", spans=(words,), rule="headline-colon", speaker=who, cue=cue)


def _entry(text: str, sentence: Sentence) -> int:
    """Where the words of a ticker's entry begin, that begins with its time; 0 elsewhere. Nobody speaks on from the entry before."""
    if text[sentence.start] not in "(+*0123456789" or text[sentence.start - 1 : sentence.start] not in ("", "\n"):
        return 0
    lead = _LEAD.match(text, sentence.start, sentence.end) if _TIMED.match(text, sentence.start) else None
    return lead.end() if lead is not None else 0


def _behind_lead(one: Found, lead: int) -> Found:
    """Speech without the time of the entry that it begins with."""
    return replace(one, spans=tuple((max(a, lead), b) for a, b in one.spans if b > lead))


def _read(seen: View, thread: _Thread, links: dict[Stretch, Found], lead: int = 0) -> None:
    beside = thread.quoted and not seen.text[thread.quoted[-1].end : seen.sentence.start].strip(" ")
    behind = _claims(seen) if beside else None
    if behind is not None:
        links.update(dict.fromkeys(thread.quoted, behind))
    thread.quoted = seen.quoted
    if seen.inside(seen.sentence.start, seen.sentence.end):
        _carry_literal(seen, thread, links)
        return
    own = [_with_antecedent(one, thread) for one in frames(seen)]
    if not own and (told := told_before(seen)) is not None:
        own = [_joined(told, seen, thread)]
    for one in own:
        if one.kind != "reported":
            _link(seen, one, links)
    kept = [kept for one in own if (kept := _outside(seen, _behind_lead(one, lead))) is not None]
    free = _free(seen, thread) if not kept or _main_is_free(seen, kept) else None
    if free is not None:
        free = _behind_lead(free, lead)
        kept = [*([free] if free.spans else ()), *(one for one in kept if one.kind != "reported")]
    for stretch in seen.quoted:
        found = literal_speaker(seen, stretch) if stretch not in links else None
        if found is not None and (_opened(seen, stretch, found) or not _speaks_on(found, thread)):
            links[stretch] = found
        elif stretch not in links and thread.speaker is not None and seen.sentence.line <= thread.line + 1:
            links[stretch] = Found(kind="direct", spans=(), rule="literal-continued", speaker=thread.speaker)
    _remember(seen, thread, [*own, *kept, *(links[s] for s in seen.quoted if s in links)])
    _add(thread, kept)


def _opened(seen: View, stretch: Stretch, found: Found) -> bool:
    """ "Kuleba ließ sich hinreißen: „…“": behind a colon who the sentence is about speaks, whatever its verb."""
    colon = seen.text[seen.sentence.start : stretch.start].rstrip().endswith(":")
    return colon and found.speaker is not None and _someone(seen, found.speaker)


def _speaks_on(found: Found, thread: _Thread) -> bool:
    return found.rule == "words-subject" and thread.speaking and thread.speaker is not None


def _main_is_free(seen: View, kept: Sequence[Found]) -> bool:
    """A main clause in the Konjunktiv that no frame of its own sentence covers."""
    main = next((k for k, s in enumerate(seen.segments) if s.kind in ("main", "v1") and s.finite), None)
    if main is None or seen.segments[main].mood != "k1":
        return False
    at = seen.tokens[seen.segments[main].finite[0]].start
    return not any(a <= at < b for one in kept if one.kind == "indirect" for a, b in one.spans)


def _claims(seen: View) -> Found | None:
    """ "„… es eilt.“ | erklärte Kuleba", "| so das Amt": a sentence that begins with the frame of the words before it."""
    first = seen.tokens[0]
    if not first.text[0].islower():
        return None
    one = next((p for p in seen.predicates if p.finite == 0 and "words" in p.verb.takes), None)
    end = phrase(seen.tokens, 1, len(seen.tokens)) if first.text == "so" else 1
    speaker = speaker_of(seen, one) if one is not None else None
    if end > 1:
        speaker = (seen.tokens[1].start, seen.tokens[end - 1].end)
    if speaker is None:
        return None
    return Found(kind="direct", spans=(), rule="words-behind", speaker=speaker, cue=(first.start, first.end))


def _carry_literal(seen: View, thread: _Thread, links: dict[Stretch, Found]) -> None:
    for stretch in seen.quoted:
        if stretch not in links and stretch.end <= seen.sentence.end + 1 and thread.speaker is not None:
            links[stretch] = Found(kind="direct", spans=(), rule="literal-continued", speaker=thread.speaker)


def _with_antecedent(one: Found, thread: _Thread) -> Found:
    return replace(one, antecedent=thread.speaker, speaker=one.speaker or thread.speaker) if one.anaphoric else one


def _joined(told: Found, seen: View, thread: _Thread) -> Found:
    """ "Dies teilte X mit" speaks for the sentences of its paragraph before it that are nobody's yet."""
    start = thread.unclaimed if thread.unclaimed is not None else thread.before
    if start is None:
        return told
    return replace(told, spans=((start, told.spans[0][1]),))


def _link(seen: View, one: Found, links: dict[Stretch, Found]) -> None:
    for stretch in seen.quoted:
        if any(a < stretch.end and stretch.start < b for a, b in one.spans) and (
            stretch not in links or links[stretch].speaker is None or _outer(links[stretch], one)
        ):
            links[stretch] = one


def _outer(known: Found, one: Found) -> bool:
    """ "…, sagte X laut Y": the verb's frame is closer to the words than the source's."""
    return known.rule.startswith(("laut", "nach-", "zufolge")) and one.rule.startswith(("before-", "main-", "so-"))


def _outside(seen: View, one: Found) -> Found | None:
    """A frame without what stands between marks as a whole: that is literal speech already."""
    spans = tuple(s for s in one.spans if not seen.inside(*s))
    return replace(one, spans=spans) if spans else None


def _free(seen: View, thread: _Thread) -> Found | None:
    """A sentence in the Konjunktiv without a frame goes on with the speech before it."""
    if seen.sentence.line > thread.line + 1:
        return None
    mains = [k for k, s in enumerate(seen.segments) if s.kind in ("main", "v1") and s.finite and not _quoted(seen, k)]
    if not mains:
        return None
    if len(mains) > 1 and seen.tokens[0].text in _CONDITION and seen.segments[mains[0]].finite[0] == 0:
        mains = mains[1:]  # "Sollte Kiew ablehnen, werde man …"
    rule = _free_rule(seen, thread, seen.segments[mains[0]])
    if rule == "free-hearsay" and not thread.speaking and _is_set_off(seen):
        return None  # the newsroom begins a paragraph: "Dort soll geschossen worden sein"
    start, speaker = seen.sentence.start, thread.speaker
    if not rule:
        later = next((k for k in mains[1:] if seen.segments[k].mood == "k1"), None)
        if later is None:
            return None
        rule, start = "free-clause", seen.start(later)
        speaker = _somebody(seen, seen.segments[mains[0]]) or speaker
    end = _before_literal(seen, start)
    return Found(kind="indirect", spans=((start, end),), rule=rule, speaker=speaker) if end > start else None


_CONDITION = frozenset({"Sollte", "Sollten"})


def _is_set_off(seen: View) -> bool:
    """Whether a sentence begins the text, or a paragraph behind an empty line."""
    before = seen.text[max(0, seen.sentence.start - 3) : seen.sentence.start].rstrip(" ")
    return not before or before.endswith("\n\n")


def _somebody(seen: View, main: Segment) -> Span | None:
    """Who the main clause before is about, if somebody who can speak: "Tusk dankte dem Kanzler, das sei ein Anfang"."""
    if main.mood != "ind":
        return None
    own = subject(seen.tokens, main.finite[0], main.start, main.end)
    if own is None:
        return None
    span = (seen.tokens[own[0]].start, seen.tokens[own[1] - 1].end)
    words = seen.tokens[slice(*own)]
    return span if _someone(seen, span) or _is_office(words) or any(single(t.text) for t in words) else None


def _governs(seen: View, own: tuple[int, int]) -> bool:
    """Whether a phrase is of a ministry or government, that may speak on: "Das Außenministerium bot Hilfe an. Man habe Platz."
    But not where it may be a genitive: "Für ein Treffen | der Regierung"."""
    words = seen.tokens[slice(*own)]
    genitive = own[0] > 0 and words[0].text.lower() in ("der", "des") and seen.tokens[own[0] - 1].tag in ("NN", "NE")
    head = next((token for token in words if token.tag == "NN"), None)
    return head is not None and head.text.endswith(_GOVERNING) and not genitive


_GOVERNING = ("ministerium", "amt", "regierung", "kommission", "kanzlei")


def _is_office(words: Sequence[Token]) -> bool:
    """Whether a phrase is of an office or a body of state: "das Ministerium", "der polnische Präsident"."""
    head = next((token for token in words if token.tag in ("NN", "NE")), None)
    return head is not None and noun(head.lemma) is not None


def _quoted(seen: View, k: int) -> bool:
    return seen.inside(seen.start(k), seen.end(k))


def _before_literal(seen: View, start: int) -> int:
    """The end of the sentence, or the colon before literal words."""
    for stretch in seen.quoted:
        if (
            stretch.start > start
            and seen.text[: stretch.start].rstrip().endswith(":")
            and stretch.end >= seen.sentence.end - 1
        ):
            return len(seen.text[: stretch.start].rstrip()) - 1
    return seen.sentence.end


def _free_rule(seen: View, thread: _Thread, main: Segment) -> str:
    """Why a sentence without a frame is someone's words; "" if it is not."""
    if main.mood == "k1":
        return "free-konjunktiv1"
    if main.mood == "k2" and thread.speaking and seen.tokens[main.finite[0]].text.lower() not in _GUESSES:
        return "free-konjunktiv2"
    if seen.tokens[main.finite[0]].text.lower() in ("soll", "sollen"):
        hearsay = any(
            seen.tokens[k].tag in ("VAINF", "VVINF") and seen.tokens[k - 1].tag in ("VVPP", "VAPP")
            for k in range(main.finite[0] + 2, len(seen.tokens))
            if seen.tokens[k].lemma in ("haben", "sein")
        )
        return "free-hearsay" if hearsay else ("free-soll" if thread.speaking else "")
    return ""


_GUESSES = frozenset({"könnte", "dürfte"})
"""by which a newsroom guesses for itself"""


def _remember(seen: View, thread: _Thread, found: Sequence[Found]) -> None:
    same = thread.line == seen.sentence.line
    thread.speaking = bool(found)
    if found:
        thread.unclaimed = None
    elif thread.unclaimed is None or not same:
        thread.unclaimed = seen.sentence.start
    thread.before = seen.sentence.start
    thread.line = seen.sentence.line
    outer = [one for one in found if not any(_within(one, other) for other in found)]
    speakers = (one.answerer or one.antecedent or one.speaker for one in (*outer, *found))
    speaker = next((one for one in speakers if one is not None), None)
    if speaker is None and not found:
        speaker = _narrated(seen, thread, same)
    if speaker is not None:
        thread.speaker = speaker


def _narrated(seen: View, thread: _Thread, same: bool) -> Span | None:
    """Who is spoken of: whoever acts in speech, or, where nobody spoke in this paragraph yet, the subject."""
    for one in seen.predicates:
        if "narrates" in one.verb.takes and (who := speaker_of(seen, one)) is not None:
            thread.speaking = True
            return who
    for k, segment in enumerate(seen.segments):
        if segment.kind in ("main", "v1") and segment.finite:
            torn = torn_subject(seen, k) if segment.kind == "v1" and k > 0 else None
            own = torn or subject(seen.tokens, segment.finite[0], segment.start, segment.end)
            if own is None or seen.tokens[own[0]].tag in ("PPER", "PDS", "PIS"):
                return None
            span = (seen.tokens[own[0]].start, seen.tokens[own[1] - 1].end)
            known = _someone(seen, span) or _governs(seen, own)
            words = seen.tokens[slice(*own)]
            able = known or _is_office(words) or any(t.tag == "NE" for t in words)
            return span if known or (thread.speaker is None and able) else None
    return None


def _someone(seen: View, span: Span) -> bool:
    return any(e.label in ("PER", "ORG") and e.start < span[1] and span[0] < e.end for e in seen.sentence.entities)


def _add(thread: _Thread, kept: Sequence[Found]) -> None:
    for one in kept:
        last = thread.found[-1] if thread.found else None
        if (
            last is not None
            and one.rule.startswith("free-")
            and last.rule.startswith("free-")
            and one.speaker == last.speaker
            and one.spans[0][0] - last.spans[-1][1] <= 2
        ):
            thread.found[-1] = replace(last, spans=((last.spans[0][0], one.spans[-1][1]),))
        else:
            thread.found.append(one)


def _literal(document: Document, stretch: Stretch, link: Found | None, told: Told) -> Found:
    span = (stretch.start, stretch.end)
    mixed = any(a <= stretch.start and stretch.end <= b and (a, b) != span for _, (a, b) in told.over(span))
    kind = "mixed" if mixed or not _whole(document, stretch) else "direct"
    if link is None:
        return Found(kind=kind, spans=(span,), rule="marks")
    return replace(link, kind=kind, spans=(span,), rule=f"marks-{link.rule}")


def _whole(document: Document, stretch: Stretch) -> bool:
    """Whether a stretch is a sentence of its own rather than a part of someone's."""
    text, (a, b) = document.text, stretch.inside
    first = next((c for c in text[a:b] if c.isalnum()), "")
    if text[b - 1 : b] in (".", "!", "?", "…"):
        return True
    sentence = document.sentence_at(stretch.start)
    if sentence is not None and sentence.start == stretch.start and text[stretch.end : stretch.end + 1] == ",":
        return True  # "„Nein“, sagte er"
    verbs = (t for s in document.between(a, b) for t in s.at(a, b) if t.tag in FINITE | {"VVINF"})
    return first.isupper() and any(t.text[0].islower() for t in verbs)


def _quote(one: Found, told: Told, named: Named, text: str, code: str) -> Quote:
    return Quote(
        kind=one.kind,
        spans=one.spans,
        speaker=one.speaker,
        cue=one.cue,
        addressee=one.addressee,
        speaker_code=code,
        chain=_chain(one, told, named, text),
        rule=one.rule,
    )


def _chain(one: Found, told: Told, named: Named, text: str) -> tuple[str, ...]:
    """Outer sources, outermost first: who quotes the speaker, by code or, without one, in the text's words."""
    outer = sorted((other for other, _ in told.over(one.spans[0]) if _within(one, other)), key=_in_order)
    sources = [other.speaker for other in outer if other.speaker is not None]
    if one.source is not None:
        sources.append(one.source)
    who = (code_at(named, span) or text[span[0] : span[1]] for span in sources if span != one.speaker)
    return tuple(dict.fromkeys(who))


def _within(one: Found, other: Found) -> bool:
    """Whether all words of one stand inside another's indirect speech."""
    if other is one or other.kind not in ("indirect", "direct") or other.spans == one.spans:
        return False
    return all(any(c <= a and b <= d for c, d in other.spans) for a, b in one.spans)
