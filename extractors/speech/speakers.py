"""Who says it: the subject of a verb of saying, wherever the sentence has it, the agent of a passive, or where the words stand."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.actors.lexicon import noun
from extractors.language import Token
from extractors.speech.covers import Span
from extractors.speech.lexicon import lexicon
from extractors.speech.phrases import apposed, is_time, phrase, subject
from extractors.speech.segments import Segment, mood
from extractors.speech.sources import back
from extractors.speech.view import Predicate, View


def speaker_of(view: View, one: Predicate) -> Span | None:
    """Who says it: the subject, the agent of a passive, or where the words stand ("in der Mitteilung heißt es")."""
    if one.lemma == "zitieren":
        return cited(view, one)[0]
    if one.lemma == "bekannt":
        return None
    if one.passive:
        return _agent(view, one) or _document(view, one)
    if one.verb.impersonal or one.lemma == "hervorgehen":
        return place_of_words(view, one)
    found = _subject(view, one)
    if found is None:
        return place_of_words(view, one) if one.lemma == "verlauten" else None
    return span_of(view, found[0], apposed(view.tokens, found[1]))


def _document(view: View, one: Predicate) -> Span | None:
    """ "In einer Erklärung des Ministeriums wird aufgerufen": the text that says so."""
    found = place_of_words(view, one)
    if found is None:
        return None
    nouns = [t for t in view.tokens if found[0] <= t.start < found[1] and t.tag == "NN"]
    return found if nouns and lexicon().source(nouns[0].lemma) else None


def span_of(view: View, a: int, b: int) -> Span:
    return view.tokens[a].start, view.tokens[b - 1].end


def cited(view: View, one: Predicate) -> tuple[Span | None, Span | None]:
    """Speaker and source of "Ria Nowosti zitierte Rjabkow" and "Rjabkow wurde von Interfax zitiert"."""
    found = _subject(view, one)
    own = span_of(view, *found) if found is not None else None
    if one.passive:
        return own, _agent(view, one)
    tokens, segment = view.tokens, view.segments[one.segment]
    if found is None:
        return None, None
    begin = max(found[1], one.finite + 1)
    end = phrase(tokens, begin, segment.end)
    if end == begin and begin + 1 < segment.end and tokens[begin + 1].text.endswith("-Jährigen"):
        end = begin + 2  # "den 53-Jährigen": a noun that the tagger does not know
    return (span_of(view, begin, end), own) if end > begin else (own, None)


def _subject(view: View, one: Predicate) -> tuple[int, int] | None:
    tokens, segment = view.tokens, view.segments[one.segment]
    if segment.kind == "rel" and (pronoun := _relative(view, segment)) is not None:
        return pronoun
    if (shared := _shared_subject(view, one)) is not None:
        return shared
    if segment.kind in ("v1", "bare") and one.segment > 0 and not _pronoun_behind(view, one):
        torn = torn_subject(view, one.segment)
        if torn is not None:
            return torn
    told = tokens[segment.start].text.lower() in ("das", "dies", "so") and one.finite == segment.start + 1
    own = subject(tokens, one.finite, one.finite if told else segment.start, segment.end)
    if own is not None and own[0] < one.finite and (named := named_behind(view, segment, one.finite, own)) is not None:
        return named
    if own is not None and own[0] == segment.start and one.segment > 0:
        return _backwards(view, one.segment, own)
    if own is not None:
        return own
    clause = next((c for c in view.sentence.clauses if one.full in c.verbs or one.finite in c.verbs), None)
    role = clause.subject if clause is not None else None
    if role is None:
        return None
    if tokens[role.heads[0]].tag in ("ADV", "PTKNEG"):
        return None
    begin = next((t.i for t in tokens if t.start == role.start), role.heads[0])
    end = phrase(tokens, begin, len(tokens))
    if end > begin:
        return begin, end
    # "der 44-Jährige": a noun that the tagger does not know, with its article
    article = tokens[begin].tag == "ART" and begin + 1 == role.heads[0]
    return (begin if article else role.heads[0]), role.heads[-1] + 1


def _relative(view: View, segment: Segment) -> tuple[int, int] | None:
    """ "…, der alle aufforderte": the relative pronoun where it can be the subject and no other word must be."""
    first = view.tokens[segment.start]
    if first.text.lower() not in ("der", "die", "das", "welcher", "welche"):
        return None
    inside = view.tokens[segment.start + 1 : segment.end]
    if first.text.lower() != "der" and any(t.case == ("nom",) for t in inside):
        return None
    return segment.start, segment.start + 1


def stands_for(view: View, number: int, speaker: Span | None) -> Span | None:
    """ "Erdogan, der erklärte, …": whom a relative pronoun that speaks stands for, right before its clause."""
    segment = view.segments[number]
    if speaker is None or segment.kind != "rel" or number == 0 or speaker[0] != view.tokens[segment.start].start:
        return None
    end = view.segments[number - 1].end
    begin = back(view.tokens, end) if end + 1 == segment.start else end
    return span_of(view, begin, end) if begin < end else None


def _backwards(view: View, number: int, own: tuple[int, int]) -> tuple[int, int]:
    """ "die Sprecherin der Fraktion, Sandra Boser, erklärte": the apposition before the name belongs to it."""
    tokens, before = view.tokens, view.segments[number - 1]
    if before.cut or number == 1:
        begins = phrase(tokens, before.start, before.end) == before.end
        if before.kind == "bare" and begins:
            return before.start, own[1]
    return own


_NAMES = frozenset("NE NN FM XY ADJD ADV NNA ITJ".split())


def named_behind(view: View, segment: Segment, finite: int, own: tuple[int, int]) -> tuple[int, int] | None:
    """ "Die Kritik wertete | Lawrow als Ablenkung": a name behind the verb speaks, not the thing before it."""
    tokens = view.tokens
    if segment.kind != "main" or not is_thing(tokens[own[0] : own[1]]):
        return None
    end = phrase(tokens, finite + 1, segment.end)
    people = [e for e in view.sentence.entities if e.label == "PER"]
    begins = finite + 1 < end and tokens[finite + 1].tag in ("NN", "NE")
    named = begins and any(tokens[finite + 1].start <= e.start and e.end <= tokens[end - 1].end for e in people)
    return (finite + 1, end) if named else None


def is_thing(words: Sequence[Token]) -> bool:
    """Whether a phrase names something that cannot speak: "die Kritik", "das Treffen", no "Regierung"."""
    head = next((t for t in words if t.tag in ("NN", "NNA", "NE")), None)
    if head is None or head.tag != "NN" or noun(head.lemma) is not None:
        return False
    return head.lemma.endswith(_THINGS) or lexicon().noun("content", head.lemma)


_THINGS = (
    "ung", "heit", "keit", "tät", "ik", "treffen", "Treffen", "gespräch", "Gespräch", "angriff", "Angriff", "krieg", "Krieg",
    "gehen", "schritt", "Schritt", "Lage", "Idee", "plan", "Plan", "Tat", "Rede", "Abkommen", "Ergebnis", "Verhalten",
    "Einmarsch", "Abzug", "Rückzug",
)  # fmt: skip


def _shared_subject(view: View, one: Predicate) -> tuple[int, int] | None:
    """ "Kallas betonte, dass Kiew warte, und verwies darauf, …": behind "und" the main clause before what was said goes on."""
    tokens, k = view.tokens, one.segment
    back = k > 0 and one.finite > 0 and tokens[one.finite - 1].tag == "KON" and mood(tokens, one.finite) == "ind"
    if not back or any(t.tag in ("PPER", "PIS") for t in tokens[one.finite + 1 : one.finite + 2]):
        return None
    before = [s for s in view.segments[:k] if s.kind in ("main", "v1") and s.mood == "ind"]
    between = view.segments[k] if view.segments[k].finite[0] < one.finite else view.segments[k - 1]
    if not before or (between.kind not in ("dass", "sub", "rel", "inf") and between.mood not in ("k1", "k2")):
        return None
    # "Sie lachte, versuchte, sich zu fassen, und sagte, …": the verb nearest before may share its subject, too.
    found = (subject(tokens, s.finite[0], s.start, s.end) for s in reversed(before))
    return next((one for one in found if one is not None), None)


def _pronoun_behind(view: View, one: Predicate) -> bool:
    """ "Den Beschluss, der …, rügte er": what stands before is the object."""
    after = view.tokens[one.finite + 1 : one.finite + 2]
    return bool(after) and after[0].tag in ("PPER", "PIS") and after[0].case == ("nom",)


def torn_subject(view: View, behind: int) -> tuple[int, int] | None:
    """ "Der Sender, der …, sagte": the subject stands before a relative clause or an apposition."""
    tokens = view.tokens
    number = behind - 1
    while number >= 0 and (_is_clause(view, number) or _inserts(view, number)):
        number -= 1
    if number >= 0 and _is_said(view, view.segments[number]):
        return None
    if number > 0 and view.segments[number - 1].kind not in ("bare", "rel"):
        return None
    found = None
    while number >= 0 and view.segments[number].kind == "bare":
        segment = view.segments[number]
        end = phrase(tokens, segment.start, segment.end)
        if end <= segment.start and not (
            tokens[segment.start].text[0].isupper() and tokens[segment.start].tag in _NAMES
        ):
            break
        found = (segment.start, found[1] if found else segment.end)
        number -= 1
    # "hätten Drohnen, Raketen und Bomben eingesetzt, teilte … mit": a list of the clause before.
    listed = number >= 0 and view.segments[number].kind == "main" and view.segments[number].mood in ("k1", "k2")
    return None if listed else found


def _is_clause(view: View, k: int) -> bool:
    segment = view.segments[k]
    relative = view.tokens[segment.start].tag in ("PRELS", "PRELAT")  # "die ihn unterschrieben": no verb to the tagger
    return segment.kind in ("rel", "sub", "inf") or (segment.kind == "bare" and relative)


def _inserts(view: View, k: int) -> bool:
    """ "Der Kreml, schreibt das Portal, geht davon aus": a frame of its own between a subject and its verb."""
    return (
        k == 1
        and view.segments[k].kind == "v1"
        and view.segments[0].kind == "bare"
        and any(p.segment == k and "say" in p.verb.names for p in view.predicates)
    )


def _is_said(view: View, segment: Segment) -> bool:
    """Whether a segment stands between quotation marks: "„… Spionage und Sabotage“, sagte er" has no speaker there."""
    return view.inside(*span_of(view, segment.start, segment.end))


def _agent(view: View, one: Predicate) -> Span | None:
    tokens, segment = view.tokens, view.segments[one.segment]
    for i in range(segment.start, segment.end):
        if tokens[i].text.lower() in ("von", "vom", "durch", "seitens"):
            end = phrase(tokens, i + 1, segment.end)
            if end == i + 1 < segment.end and tokens[end].text[0].isupper():
                end += 1  # a name that the tagger does not know
            if end > i + 1:
                return tokens[i + 1].start, tokens[end - 1].end
    return None


def place_of_words(view: View, one: Predicate) -> Span | None:
    """ "In der Mitteilung des Amtes heißt es", "In dem Bericht, der …, heißt es", "hieß es aus Kiew"."""
    tokens, segment = view.tokens, view.segments[one.segment]
    torn = one.finite == segment.start and one.segment > 0 and view.segments[one.segment - 1].kind == "rel"
    for i in range(0 if torn else segment.start, segment.end):
        if tokens[i].text.lower() in ("in", "im", "aus", "von", "vom", "bei", "beim", "seitens"):
            end = phrase(tokens, i + 1, segment.end)
            if end > i + 1 and not any(is_time(t) for t in tokens[i + 1 : end]):
                return tokens[i + 1].start, tokens[end - 1].end
    return None
