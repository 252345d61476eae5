"""What the words around a time say of it: whether it is back or ahead, when something was said or ends, or when it comes round."""

from __future__ import annotations

import itertools
import re
from datetime import date

from extractors.language import Clause, Sentence, Token
from extractors.language.clauses import preterite
from extractors.when.shapes import Direction, TimeExpression

_RECURS = re.compile(r"\b[Jj]ähr(?:t|e|te|en|ten)\b")
# Words in whose company a date lies ahead, whatever the tense ("war für Freitag angesetzt", "soll … stattfinden").
_PLANNING = frozenset(
    "planen ansetzen vorsehen anberaumen einplanen terminieren bevorstehen anstehen erwarten einberufen vereinbaren "
    "verabreden geplant vorgesehen angesetzt anberaumt terminiert erwartet festlegen festsetzen einladen".split()
)
_SETTLING = frozenset("vereinbaren verabreden einberufen anberaumen festlegen einladen".split())
"""of these, acts of a day: what they plan has its own behind it ("vereinbarten am Montag ein Treffen am Freitag")"""
_ANNOUNCING = frozenset({"ankündigen", "avisieren"})
"""verbs whose object is to come: "kündigte einen Gipfel am Donnerstag an", where "kündigte am Donnerstag einen Gipfel an" is over"""
_RELATES = frozenset({"PRELS", "PRELAT", "PWS", "PWAV"})
"""words that open a clause about something, which is none that is announced"""
_SOURCES = frozenset(
    "Angabe Angaben Wort Worte Auskunft Information Informationen Bericht Berichte Ansicht Darstellung Aussage".split()
)
"""behind these "nach" says who tells it: "reist nach Angaben seines Amts am Freitag" is to come"""
_BLAMED = frozenset({"verantwortlich", "Verantwortung", "Schuld"})
"""what makes something over that "für" opens: "für den Anschlag am Freitag verantwortlich" """
_OCCASION = re.compile(
    r"(?:treffen|gespräche?n?|gipfels?|besuche?s?|reisen?|verhandlungen|konferenz|sitzung|beratung(?:en)?|abstimmung|wahl(?:en)?)$",
    re.IGNORECASE,
)
"""ends of nouns for what takes place on a day; before people one speaks ("vor Journalisten am Freitag sagte er")"""
_NOT_THEN = frozenset({"statt", "anstatt", "anstelle", "bis"})
_ISSUES = frozenset("Update Erstmeldung Originalmeldung Meldung Stand Ursprungsmeldung Aktualisierung".split())
"""what an issue of the report itself is called: "Update vom 16. Oktober" dates no act"""
_ENDING = frozenset({"enden", "auslaufen", "ablaufen"})
_ENDS = tuple(f"{verb}d" for verb in sorted(_ENDING))
# What the present tense of these tells has been said: "Man werde helfen, sagt X am Dienstag".
SPEAKING = frozenset(
    "sagen erklären betonen mitteilen fordern warnen kritisieren berichten bekräftigen melden bezeichnen nennen meinen "
    "schreiben twittern zitieren verkünden versichern heißen behaupten ankündigen äußern".split()
)
_SEGMENT_ENDS = frozenset({",", ";", ":", "–", "-", "(", ")", "„", "“", '"', "»", "«"})
_BACK_TENSES = frozenset({"preterite", "perfect", "pluperfect"})
_FORWARD_MODALS = frozenset({"sollen", "wollen", "müssen", "können", "dürfen", "mögen"})


# --- back or ahead -----------------------------------------------------------------------------------------------------


def _clause_direction(sentence: Sentence, clause: Clause | None) -> Direction:
    if clause is None:
        return Direction.OPEN
    if clause.predicate in _PLANNING:
        return Direction.FORWARD
    if clause.tense == "future":
        return Direction.FORWARD
    if clause.modal in _FORWARD_MODALS and clause.tense == "present":
        return _modal_direction(sentence, clause)
    if clause.modal in ("sollen", "wollen") and clause.tense == "preterite":
        return Direction.FORWARD
    if _is_announced(sentence, clause):
        return Direction.FORWARD
    if clause.tense in _BACK_TENSES:
        return Direction.BACK
    if not clause.finite:
        return _infinite_direction(sentence, clause)
    if clause.predicate in SPEAKING and clause.mood == "indicative":
        return Direction.BACK
    return Direction.PRESENT


def _is_announced(sentence: Sentence, clause: Clause) -> bool:
    """ "Er kündigte an, die USA setzten den Vertrag am Samstag aus": what sounds like a preterite reports what is to come."""
    over = sentence.clauses[clause.parent] if clause.parent is not None else None
    if (
        over is None
        or over.predicate not in _ANNOUNCING
        or over.negated
        or clause.tense != "preterite"
        or clause.marker
    ):
        return False
    return not any(sentence.tokens[k].tag in _RELATES for k in clause.tokens)


def _modal_direction(sentence: Sentence, clause: Clause) -> Direction:
    """ "soll am Montag verhandelt haben" is hearsay of the past, "soll verhandeln" a plan."""
    participle = any(sentence.tokens[k].tag in ("VVPP", "VAPP") for k in clause.verbs)
    perfect = participle and any(sentence.tokens[k].text.lower() in ("haben", "sein") for k in clause.verbs)
    return Direction.BACK if perfect else Direction.FORWARD


def _infinite_direction(sentence: Sentence, clause: Clause) -> Direction:
    """ "kündigte an, am Montag zu reisen" looks forward; a participle or a headline without a verb says nothing."""
    head = sentence.tokens[clause.head]
    marked = any(token.tag == "PTKZU" and token.head == head.i for token in sentence.tokens)
    if head.tag == "VVIZU" or (marked and head.tag in ("VVINF", "VAINF", "VMINF")):
        return Direction.FORWARD
    if head.tag == "VVPP":
        return Direction.BACK
    if clause.parent is not None and clause.parent != clause.index:
        return _clause_direction(sentence, sentence.clauses[clause.parent])
    return Direction.OPEN


def _participle_direction(sentence: Sentence, last: int) -> Direction:
    """Of an attribute around the expression: "die am 10. Januar beginnenden Gespräche", "das am Freitag begonnene"."""
    for token in sentence.tokens[last + 1 : last + 7]:
        if token.tag == "ADJA":
            word = token.text.lower()
            if re.search(r"(?:end|ernd|elnd)e[nrsm]?$", word):
                return Direction.FORWARD
            stem = re.sub(r"e[nrsm]?$", "", word)
            if stem in _PLANNING:
                return Direction.FORWARD
            if re.search(r"(?:ge\w+(?:t|en)|iert|^(?:be|ver|er|ent|zer)\w+(?:t|en))$", stem):
                return Direction.BACK
            return Direction.OPEN
        if token.tag not in ("APPR", "APPRART", "ART", "NE", "NN", "ADV"):
            return Direction.OPEN
    return Direction.OPEN


def _preposition(sentence: Sentence, noun: Token) -> Token | None:
    return next((t for t in sentence.tokens if t.head == noun.i and t.dep == "case" and t.i < noun.i), None)


def _noun_direction(sentence: Sentence, first: int) -> Direction:
    """Of the noun the expression belongs to: "nach dem Treffen am Freitag" is over, "vor dem Treffen" is to come."""
    head = sentence.tokens[sentence.tokens[first].head]
    if head.pos not in ("NOUN", "PROPN") or head.i >= first:
        return Direction.FORWARD if _is_before_an_occasion(sentence, first) else Direction.OPEN
    case = _preposition(sentence, head)
    owned = sentence.tokens[head.head]
    if case is None and head.dep == "nmod" and owned.pos == "NOUN" and owned.i < head.i:
        # "Für den Besuch des Königs im August": the visit is then, whoever's it is.
        head, case = owned, _preposition(sentence, owned)
    word = case.text.lower() if case and head.lemma not in _SOURCES else ""
    clause = sentence.clause_of(head.i)
    if word == "vor" and clause is not None and clause.tense == "pluperfect":
        # "Vor dem Treffen am Montag hatte er das abgelehnt": before what is past by now.
        return Direction.BACK
    if word == "für" and any(t.text in _BLAMED for t in sentence.tokens[head.i :]):
        return Direction.BACK
    return {"nach": Direction.BACK, "seit": Direction.BACK, "vor": Direction.FORWARD, "für": Direction.FORWARD}.get(
        word, Direction.OPEN
    )


def _is_before_an_occasion(sentence: Sentence, first: int) -> bool:
    """Whether a time belongs to the one phrase that German has before its verb, where the parser hung it on that: "Vor dem Treffen mit
    Rutte am Freitag kündigte er das an"."""
    phrase, clause = sentence.tokens[:first], sentence.clause_of(first)
    if not phrase or phrase[0].text != "Vor" or any(t.tag.startswith(("V", "$")) for t in phrase):
        return False
    noun = next((t.text for t in phrase if t.tag == "NN"), "")
    return _OCCASION.search(noun) is not None and clause is not None and clause.tense != "pluperfect"


def _own_verb_direction(sentence: Sentence, first: int, clause: Clause | None) -> Direction | None:
    """Of a finite verb between the same commas, where the parse gave the words to a clause with its verb elsewhere."""
    tokens = sentence.tokens
    low, high = first, first
    while low > 0 and tokens[low - 1].text not in _SEGMENT_ENDS:
        low -= 1
    while high + 1 < len(tokens) and tokens[high + 1].text not in _SEGMENT_ENDS:
        high += 1
    own = [token for token in tokens[low : high + 1] if token.tag.endswith("FIN")]
    if clause is None or not clause.finite or len(own) != 1:
        return None
    # The parse may join what a colon parts: the first finite verb is the one whose tense the clause has.
    finite = [verb for verb in clause.verbs if tokens[verb].tag.endswith("FIN")]
    if any(low <= verb <= high for verb in finite[:1] or clause.verbs):
        return None
    form, lemma = own[0].text.lower(), own[0].lemma.lower()
    if any(token.tag in ("VVPP", "VAPP") for token in tokens[low : high + 1]) and lemma in ("haben", "sein"):
        return Direction.BACK
    return Direction.BACK if preterite(form, lemma) else Direction.PRESENT


def _announces(clause: Clause) -> bool:
    """A plan rather than a present state: "nach dem Besuch am Montag will sie weiterreisen" is all to come."""
    return clause.predicate in _PLANNING or clause.tense == "future" or clause.modal in ("sollen", "wollen")


def _behind_its_object(sentence: Sentence, clause: Clause, first: int) -> bool:
    """Behind its verb German tells when something was done before it tells to what: what stands behind an object is the object's."""
    objects = [role.heads[0] for role in clause.roles if role.name == "object" and role.heads]
    return any(min(clause.verbs) < head < first and sentence.tokens[head].tag == "NN" for head in objects)


_SINCE_WHAT = frozenset("beginn ausbruch dem der seinem seiner ihrem ihrer deren dessen".split())


def _since_the_start(sentence: Sentence, first: int) -> bool:
    """ "seit Beginn des Krieges Ende Februar", not "die ersten Gespräche seit dem Frühjahr sollen am Freitag beginnen"."""
    before = sentence.tokens[max(first - 9, 0) : first]
    verb = next((token.i for token in reversed(before) if token.tag.endswith("FIN")), -1)
    words = [token.text.lower() for token in before if token.i > verb]
    return any(a == "seit" and b in _SINCE_WHAT for a, b in itertools.pairwise(words)) and ("," not in words)


def direction_of(sentence: Sentence, first: int, last: int) -> Direction:
    before = sentence.tokens[first - 1].text.lower() if first else ""
    clause = clause_around(sentence, first)
    of_clause = _own_verb_direction(sentence, first, clause) or _clause_direction(sentence, clause)
    if before == "für" or (before == "ab" and of_clause is not Direction.BACK):
        return Direction.FORWARD
    if before == "seit":
        return Direction.BACK
    begin = first - (before in ("am", "im", "vom", "zum", "zu", "in", "bis", "den", "dem"))
    if begin and sentence.tokens[begin - 1].tag in ("ART", "PPOSAT", "PDAT", "ADJA", "APPRART"):
        inner = _participle_direction(sentence, last)
        if inner is not Direction.OPEN:
            return inner
    if _since_the_start(sentence, first):
        return Direction.BACK
    of_noun = _noun_direction(sentence, first)
    if of_noun is Direction.OPEN or (of_clause is Direction.FORWARD and clause is not None and _announces(clause)):
        behind = clause is not None and clause.predicate in _ANNOUNCING and _behind_its_object(sentence, clause, first)
        if clause is not None and _is_settled(sentence, clause, first):
            return Direction.BACK
        return Direction.FORWARD if behind else of_clause
    return of_noun


def _is_settled(sentence: Sentence, clause: Clause, first: int) -> bool:
    """Whether a time is that of making a plan: "am Montag vereinbarten sie eine Runde", not "eine Runde am Montag"."""
    if (
        clause.predicate not in _SETTLING
        or clause.tense not in _BACK_TENSES
        or clause.voice != "active"
        or clause.modal
    ):
        return False
    tokens = sentence.tokens
    subject = range(0) if clause.subject is None else range(clause.subject.start, clause.subject.end)
    between = [t for t in tokens[min(clause.verbs) : first] if t.tag == "NN"]
    # What "ein Treffen" agrees on nobody knows: the parse took the object for the subject.
    planned = any(t.start not in subject or tokens[t.i - 1].text.lower() in ("ein", "eine") for t in between)
    return not planned and not any(tokens[k].text.lower() in ("ist", "sind", "sei", "seien") for k in clause.verbs)


def clause_around(sentence: Sentence, i: int) -> Clause | None:
    """The clause a token belongs to; where the parse has none, the narrowest finite one around it, or the first."""
    clause = sentence.clause_of(i)
    if clause is not None:
        return _behind_the_comma(sentence, clause, i) or clause
    at = sentence.tokens[i].start
    around = [one for one in sentence.clauses if one.finite and one.start <= at < one.end]
    finite = around or [one for one in sentence.clauses if one.finite]
    return min(finite, key=lambda one: one.end - one.start) if finite else None


def _behind_the_comma(sentence: Sentence, clause: Clause, i: int) -> Clause | None:
    """ "kündigte an, am Freitag mit Macron zu sprechen": the infinitive's clause, where the parse has its words beside the main verb."""
    last = max(clause.verbs, default=0)
    behind = sentence.tokens[last + 1 :]
    if not clause.finite or i <= last or behind[0].text != ",":
        return None
    end = next((t.i for t in behind[1:] if t.text in _SEGMENT_ENDS), len(sentence.tokens))
    ends = (c for c in sentence.clauses if c.kind == "infinitive" and c.parent == clause.index and i < c.head < end)
    return next(
        (c for c in ends if sentence.tokens[c.head - 1].tag == "PTKZU" or sentence.tokens[c.head].tag == "VVIZU"), None
    )


# --- what else a clause says of a time ---------------------------------------------------------------------------------


def tells_when_said(sentence: Sentence, time: TimeExpression, today: date) -> bool:
    """Whether a time is that of the saying and not of what is said: "…, wie das Ministerium am Mittwoch mitteilte", "nach
    Angaben vom Mittwoch".

    What is said today was not said on a day to come ("sagte sie vor dem Gipfel in der kommenden Woche"), nor for one ("für Freitag").
    """
    first = sentence.first_from(time.start)
    at = first.i if first is not None else 0
    if any(token.text.rstrip(":") in _ISSUES for token in sentence.tokens[max(0, at - 2) : at]):
        return True
    if time.when is not None and time.when.first > today:
        return False
    before = sentence.tokens[at - 1].text.lower() if at else ""
    if before in ("für", "ab", "vom"):
        return before == "vom"
    clause = sentence.clause_of(at) if first is not None else None
    if clause is None or clause.predicate not in SPEAKING or clause.tense not in ("preterite", "perfect", "present"):
        return False
    return clause.voice == "active" and clause.modal == ""


def tells_end(sentence: Sentence, time: TimeExpression) -> bool:
    """Whether something that goes on is over by then, as its clause or attribute says: "das Treffen, das am Donnerstag endet",
    "das am Freitag auslaufende Abkommen"; or is no longer to begin then: "am Freitag statt am Donnerstag", "sie beraten bis
    Sonntag"."""
    first = sentence.first_from(time.start)
    behind = sentence.first_from(time.end)
    if behind is not None and behind.text.startswith(_ENDS):
        return True
    at = first.i if first is not None else 0
    if any(token.text.lower() in _NOT_THEN for token in sentence.tokens[max(0, at - 2) : at]):
        return True
    clause = sentence.clause_of(at) if first is not None else None
    return clause is not None and clause.predicate in _ENDING


def recurs(sentence: Sentence, clause: Clause) -> bool:
    """Whether a clause tells that something comes round by the year, so that it happened years ago."""
    return any(_RECURS.fullmatch(sentence.tokens[verb].text) for verb in clause.verbs)
