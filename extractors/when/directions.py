"""Whether a time is back or ahead of the article's day: "ist am Freitag geplant" is to come, "hat am Freitag gesagt" is over.

What stands right around a time says so first, then the clause that tells it. Each row has a name, which is told with the day
(`depesche explain`).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass

from extractors.language import Clause, Sentence, Token
from extractors.language.clauses import PAST_TENSES, preterite
from extractors.when.clause import SEGMENT_ENDS, SPEAKING, clause_around
from extractors.when.shapes import Direction
from extractors.when.words import WEEKDAYS

# Words in whose company a date lies ahead, whatever the tense ("war für Freitag angesetzt", "soll … stattfinden").
_PLANNING = frozenset(
    "planen ansetzen vorsehen anberaumen einplanen terminieren bevorstehen anstehen erwarten einberufen vereinbaren "
    "verabreden geplant vorgesehen angesetzt anberaumt terminiert erwartet festlegen festsetzen einladen".split()
)
_SETTLING = frozenset("vereinbaren verabreden einberufen anberaumen festlegen einladen".split())
"""of these, acts of a day: what they plan has its own behind it ("vereinbarten am Montag ein Treffen am Freitag")"""
_ANNOUNCING = frozenset({"ankündigen", "avisieren"})
"""verbs whose object is to come: "kündigte einen Gipfel am Donnerstag an", where "kündigte am Donnerstag einen Gipfel an" is over"""
_THAT = frozenset({"das", "dies"})
_PUTS_OFF = frozenset({"verschieben", "vertagen", "aufschieben", "verlegen", "verlängern"})
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
_BLAMES = frozenset(
    "antworten attackieren beklagen beschuldigen beteuern dementieren entgegnen erläutern erwidern erzählen klagen mahnen "
    "mutmaßen rügen schildern verurteilen vorwerfen zurückweisen".split()
)
"""what is told of these in the present has been said, as of `SPEAKING`; of their passive not ("wird am Montag verurteilt")"""
_COUNTS = frozenset({"melden", "vermelden", "registrieren", "verzeichnen"})
_STRUCK = re.compile(r"(?:angriff|überf[aä]ll|anschl[aä]g|massaker|attentat)(?:s|es|e|en)?$", re.IGNORECASE)
"""ends of nouns for what nobody knows before its day"""
_STRUCK_WINDOW = 8
_NOT_YET = re.compile(r"(?:möglich|drohend|geplant|befürchtet|angekündigt|jahrestag)", re.IGNORECASE)
_SPEAKERS = ("NE", "NN", "FM", "ART", "ADJA", "PPER", "PPOSAT", "PDAT")
"""what begins who speaks behind "so", which "so viele wie am Freitag" does not"""
_MEANT = frozenset({"eigentlich", "ursprünglich"})
_FORWARD_MODALS = frozenset({"sollen", "wollen", "müssen", "können", "dürfen", "mögen"})
_SINCE_WHAT = frozenset("beginn ausbruch dem der seinem seiner ihrem ihrer deren dessen".split())
_ATTRIBUTES = ("ART", "PPOSAT", "PDAT", "ADJA", "APPRART")
_LEADS = ("am", "im", "vom", "zum", "zu", "in", "bis", "den", "dem")
_WITHIN_LEADS = ("in", "den", "die", "das", "zum", "einen", "kommenden", "nächsten")
_OF_NOUN = {"nach": Direction.BACK, "seit": Direction.BACK, "vor": Direction.FORWARD, "für": Direction.FORWARD}
_OVER = "the verb between its commas is over"
_NOW = "the verb between its commas is in the present"
_PRESENT = "told in the present"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a time stands: its first and last token, the clause that tells it, and how that looks by itself."""

    sentence: Sentence
    first: int
    last: int
    clause: Clause | None
    by_clause: Direction

    @property
    def before(self) -> str:
        return self.sentence.tokens[self.first - 1].text.lower() if self.first else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`looks` says where a time looks by what stands right around it, None where the row says nothing; so the row reads `words` of `test`."""

    name: str
    looks: Callable[[Spot], Direction | None]
    test: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseRow:
    """Where a clause looks of which the row `holds`, as that of `words` in `test`."""

    name: str
    direction: Direction
    holds: Callable[[Sentence, Clause], bool]
    test: str
    words: str


def direction_of(sentence: Sentence, first: int, last: int) -> tuple[Direction, str]:
    """Where a time looks, and the row that says so; "" where none does."""
    clause = clause_around(sentence, first)
    by_clause, name = _of_own_verb(sentence, first, clause) or _of_clause(sentence, clause)
    spot = Spot(sentence=sentence, first=first, last=last, clause=clause, by_clause=by_clause)
    found = ((looks, row.name) for row in AROUND if (looks := row.looks(spot)) is not None)
    return next(found, (by_clause, name))


def _of_clause(sentence: Sentence, clause: Clause | None) -> tuple[Direction, str]:
    if clause is None:
        return Direction.OPEN, ""
    row = next((row for row in CLAUSE if row.holds(sentence, clause)), None)
    if row is not None:
        return row.direction, row.name
    if clause.finite:
        return Direction.PRESENT, _PRESENT
    # A headline without a verb says nothing.
    above = clause.parent is not None and clause.parent != clause.index
    return _of_clause(sentence, sentence.clauses[clause.parent] if above and clause.parent is not None else None)


def _plans(sentence: Sentence, clause: Clause) -> bool:
    return clause.predicate in _PLANNING


def _had_been_settled(sentence: Sentence, clause: Clause) -> bool:
    """ "War im Februar eingeladen worden": for when, "für" or "zu" would tell."""
    if clause.predicate not in _SETTLING or clause.tense not in PAST_TENSES:
        return False
    return any(sentence.tokens[k].text.lower() == "worden" for k in clause.verbs)


def _is_future(sentence: Sentence, clause: Clause) -> bool:
    return clause.tense == "future"


def _is_hearsay(sentence: Sentence, clause: Clause) -> bool:
    """ "soll am Montag verhandelt haben", not "soll verhandeln"."""
    participle = any(sentence.tokens[k].tag in ("VVPP", "VAPP") for k in clause.verbs)
    perfect = participle and any(sentence.tokens[k].text.lower() in ("haben", "sein") for k in clause.verbs)
    return perfect and _may(sentence, clause)


def _may(sentence: Sentence, clause: Clause) -> bool:
    return clause.modal in _FORWARD_MODALS and clause.tense == "present"


def _was_to_be(sentence: Sentence, clause: Clause) -> bool:
    return clause.modal in ("sollen", "wollen") and clause.tense == "preterite"


def was_to_have_been(sentence: Sentence, clause: Clause) -> bool:
    """Whether something was intended and has not been: "hätte am Freitag tagen sollen", "eigentlich hätten sich beide getroffen"."""
    if clause.mood != "konjunktiv2" or clause.tense != "perfect":
        return False
    meant = any(sentence.tokens[k].text.lower() in _MEANT for k in clause.tokens)
    return meant or (clause.modal == "sollen" and sentence.tokens[clause.head].tag in ("VVINF", "VAINF"))


def _is_past(sentence: Sentence, clause: Clause) -> bool:
    return clause.tense in PAST_TENSES


def _is_to_do(sentence: Sentence, clause: Clause) -> bool:
    """ "kündigte an, am Montag zu reisen"."""
    head = sentence.tokens[clause.head]
    marked = any(token.tag == "PTKZU" and token.head == head.i for token in sentence.tokens)
    to_do = head.tag == "VVIZU" or (marked and head.tag in ("VVINF", "VAINF", "VMINF"))
    return not clause.finite and to_do


def _is_done(sentence: Sentence, clause: Clause) -> bool:
    return not clause.finite and sentence.tokens[clause.head].tag == "VVPP"


def _has_been_said(sentence: Sentence, clause: Clause) -> bool:
    return clause.finite and clause.predicate in SPEAKING and clause.mood == "indicative"


def _has_been_blamed(sentence: Sentence, clause: Clause) -> bool:
    return clause.finite and clause.predicate in _BLAMES and clause.mood == "indicative" and clause.voice == "active"


def _is_announced(sentence: Sentence, clause: Clause) -> bool:
    """ "Er kündigte an, die Fähre legte am Samstag ab": what sounds like a preterite reports what is to come."""
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


def _of_own_verb(sentence: Sentence, first: int, clause: Clause | None) -> tuple[Direction, str] | None:
    """Of a finite verb between the same commas, where the parse gave the words to a clause with its verb elsewhere."""
    tokens = sentence.tokens
    low, high = first, first
    while low > 0 and tokens[low - 1].text not in SEGMENT_ENDS:
        low -= 1
    while high + 1 < len(tokens) and tokens[high + 1].text not in SEGMENT_ENDS:
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
        return Direction.BACK, _OVER
    return (Direction.BACK, _OVER) if preterite(form, lemma) else (Direction.PRESENT, _NOW)


def _for_a_day(spot: Spot) -> Direction | None:
    ahead = spot.before == "für" or (spot.before == "ab" and spot.by_clause is not Direction.BACK)
    return Direction.FORWARD if ahead else None


def _counted_for_a_day(spot: Spot) -> Direction | None:
    """ "Meldete für Freitag 20 Drohnen": an account of a day that is over. Both such in our articles are."""
    clause = spot.clause
    counts = clause is not None and clause.predicate in _COUNTS and clause.tense in PAST_TENSES
    return Direction.BACK if counts and spot.before == "für" else None


def _of_saying_so(spot: Spot) -> Direction | None:
    """ "„Wir helfen“, so Scholz am Freitag": the verb is that of his words. All 28 such days in articles that were read for it are past."""
    tokens, k = spot.sentence.tokens, spot.first - 1
    while k >= 0 and tokens[k].text not in SEGMENT_ENDS and not tokens[k].tag.startswith("V"):
        k -= 1
    so = k + 1
    opens = 0 < so < spot.first - 1 and tokens[k].text in SEGMENT_ENDS and tokens[so].text == "so"
    return Direction.BACK if opens and tokens[so + 1].tag in _SPEAKERS else None


def _of_an_attack(spot: Spot) -> Direction | None:
    """ "Nach dem Anschlag auf Wien vom 2. November": nobody tells one before its day. All 65 such days in articles that were read for
    it are past."""
    tokens, begin = spot.sentence.tokens, spot.first - (spot.before in ("am", "vom"))
    if begin == spot.first or (spot.before == "am" and spot.by_clause is Direction.FORWARD):
        return None
    before = itertools.takewhile(
        lambda t: not t.tag.startswith(("V", "$")), reversed(tokens[max(0, begin - _STRUCK_WINDOW) : begin])
    )
    phrase = list(before)
    told = any(t.tag == "NN" and _STRUCK.search(t.text) for t in phrase)
    return Direction.BACK if told and not any(_NOT_YET.search(t.text) for t in phrase) else None


def _of_that_day(spot: Spot) -> Direction | None:
    """ "Nach dem Telefonat vom Montag", not "vom Montag an". All 45 such days in articles that were read for it are past."""
    tokens = spot.sentence.tokens
    behind = tokens[spot.last + 1].text.lower() if spot.last + 1 < len(tokens) else ""
    if (
        spot.before != "vom"
        or spot.first < 2
        or tokens[spot.first - 2].tag not in ("NN", "NE")
        or behind in ("an", "bis")
    ):
        return None
    return Direction.BACK if tokens[spot.first].text.lower().startswith(tuple(WEEKDAYS)) else None


def _since_then(spot: Spot) -> Direction | None:
    return Direction.BACK if spot.before == "seit" else None


def _until_then(spot: Spot) -> Direction | None:
    """ "Wurde auf Juli verschoben", "bis in den Herbst verlängert"."""
    tokens, k = spot.sentence.tokens, spot.first - 1
    while k >= 0 and tokens[k].text.lower() in _WITHIN_LEADS:
        k -= 1
    puts_off = spot.clause is not None and spot.clause.predicate in _PUTS_OFF
    return Direction.FORWARD if puts_off and k >= 0 and tokens[k].text.lower() in ("auf", "bis") else None


def _in_an_attribute(spot: Spot) -> Direction | None:
    begin = spot.first - (spot.before in _LEADS)
    if not begin or spot.sentence.tokens[begin - 1].tag not in _ATTRIBUTES:
        return None
    inner = _participle_direction(spot.sentence, spot.last)
    return None if inner is Direction.OPEN else inner


def _since_a_start(spot: Spot) -> Direction | None:
    return Direction.BACK if _since_the_start(spot.sentence, spot.first) else None


def _of_its_noun(spot: Spot) -> Direction | None:
    """Unless its clause announces: "nach dem Besuch am Montag will sie weiterreisen" is all to come."""
    looks = _noun_direction(spot.sentence, spot.first)
    announced = spot.by_clause is Direction.FORWARD and spot.clause is not None and _announces(spot.clause)
    return None if looks is Direction.OPEN or announced else looks


def _of_making_a_plan(spot: Spot) -> Direction | None:
    settled = spot.clause is not None and _is_settled(spot.sentence, spot.clause, spot.first)
    return Direction.BACK if settled else None


def _of_what_is_announced(spot: Spot) -> Direction | None:
    clause = spot.clause
    if (
        clause is None
        or clause.predicate not in _ANNOUNCING
        or not _behind_its_object(spot.sentence, clause, spot.first)
    ):
        return None
    return Direction.FORWARD


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
            if re.search(r"(?:ge\w+(?:t|en)|iert|^(?:be|ver|er|ent|zer|unter|über|wider|miss)\w+(?:t|en))$", stem):
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
    # "Reist am Montag nach Kiew und am Mittwoch nach Riga": behind "nach" stands where to, and not what was before.
    thither = head.tag == "NE" and case is not None and case.text.lower() == "nach"
    word = case.text.lower() if case and head.lemma not in _SOURCES and not thither else ""
    clause = sentence.clause_of(head.i)
    if word == "vor" and clause is not None and clause.tense == "pluperfect":
        # "Vor dem Treffen am Montag hatte er das abgelehnt": before what is past by now.
        return Direction.BACK
    if word == "für" and any(t.text in _BLAMED for t in sentence.tokens[head.i :]):
        return Direction.BACK
    return _OF_NOUN.get(word, Direction.OPEN)


def _is_before_an_occasion(sentence: Sentence, first: int) -> bool:
    """Whether a time belongs to the one phrase that German has before its verb, where the parser hung it on that: "Vor dem Treffen mit
    Rutte am Freitag kündigte er das an"."""
    phrase, clause = sentence.tokens[:first], sentence.clause_of(first)
    if not phrase or phrase[0].text != "Vor" or any(t.tag.startswith(("V", "$")) for t in phrase):
        return False
    noun = next((t.text for t in phrase if t.tag == "NN"), "")
    return _OCCASION.search(noun) is not None and clause is not None and clause.tense != "pluperfect"


def _announces(clause: Clause) -> bool:
    """A plan rather than a present state: "nach dem Besuch am Montag will sie weiterreisen" is all to come."""
    return clause.predicate in _PLANNING or clause.tense == "future" or clause.modal in ("sollen", "wollen")


def _behind_its_object(sentence: Sentence, clause: Clause, first: int) -> bool:
    """Behind its verb German tells when something was done before it tells to what: what stands behind an object is the object's."""
    opening = sentence.tokens[clause.tokens[0]]
    if opening.tag == "PDS" and opening.text.lower() in _THAT:
        # "Das kündigte die Regierung am Montag an": what is announced stands first.
        return False
    objects = [role.heads[0] for role in clause.roles if role.name == "object" and role.heads]
    return any(min(clause.verbs) < head < first and sentence.tokens[head].tag == "NN" for head in objects)


def _since_the_start(sentence: Sentence, first: int) -> bool:
    """ "seit Beginn des Krieges Ende Februar", not "die ersten Gespräche seit dem Frühjahr sollen am Freitag beginnen"."""
    before = sentence.tokens[max(first - 9, 0) : first]
    verb = next((token.i for token in reversed(before) if token.tag.endswith("FIN")), -1)
    words = [token.text.lower() for token in before if token.i > verb]
    return any(a == "seit" and b in _SINCE_WHAT for a, b in itertools.pairwise(words)) and ("," not in words)


def _is_settled(sentence: Sentence, clause: Clause, first: int) -> bool:
    """Whether a time is that of making a plan: "am Montag vereinbarten sie eine Runde", not "eine Runde am Montag"."""
    if clause.predicate not in _SETTLING or clause.tense not in PAST_TENSES or clause.voice != "active" or clause.modal:
        return False
    tokens = sentence.tokens
    subject = range(0) if clause.subject is None else range(clause.subject.start, clause.subject.end)
    between = [t for t in tokens[min(clause.verbs) : first] if t.tag == "NN"]
    # What "ein Treffen" agrees on nobody knows: the parse took the object for the subject.
    planned = any(t.start not in subject or tokens[t.i - 1].text.lower() in ("ein", "eine") for t in between)
    return not planned and not any(tokens[k].text.lower() in ("ist", "sind", "sei", "seien") for k in clause.verbs)


OF_AN_ATTACK = "of an attack"
"""the row by which a day without a year is that of the year before where it would be to come"""

AROUND = (
    Row(
        name=OF_AN_ATTACK,
        looks=_of_an_attack,
        test="Seit dem Überfall auf Georgien am 7. Februar schweigt er.",
        words="7. Februar",
    ),
    Row(
        name="of that day",
        looks=_of_that_day,
        test="Der Gipfel vom Freitag wird ihn lange beschäftigen.",
        words="Freitag",
    ),
    Row(
        name="of saying so",
        looks=_of_saying_so,
        test="„Wir werden helfen“, so der Minister am Freitag in Oslo.",
        words="Freitag",
    ),
    Row(
        name="counted for a day",
        looks=_counted_for_a_day,
        test="Die Luftwaffe meldete für Freitag zwanzig Drohnen.",
        words="Freitag",
    ),
    Row(name="for a day", looks=_for_a_day, test="Das gilt für Freitag.", words="Freitag"),
    Row(name="since then", looks=_since_then, test="Das gilt seit Freitag.", words="Freitag"),
    Row(
        name="put off until then",
        looks=_until_then,
        test="Das Treffen wurde auf Freitag verschoben.",
        words="Freitag",
    ),
    Row(
        name="in an attribute that is over or to come",
        looks=_in_an_attribute,
        test="Die am Freitag beginnenden Gespräche sind wichtig.",
        words="Freitag",
    ),
    Row(
        name="since the start of something",
        looks=_since_a_start,
        test="Das gilt seit Beginn des Krieges im Februar.",
        words="Februar",
    ),
    Row(
        name="of a noun that is over or to come",
        looks=_of_its_noun,
        test="Nach dem Treffen am Freitag schweigt er.",
        words="Freitag",
    ),
    Row(
        name="when a plan was made",
        looks=_of_making_a_plan,
        test="Am Freitag vereinbarten sie eine neue Runde.",
        words="Freitag",
    ),
    Row(
        name="of what is announced",
        looks=_of_what_is_announced,
        test="Er kündigte einen Gipfel am Donnerstag an.",
        words="Donnerstag",
    ),
)
"""what stands right around a time: the first that says anything"""

CLAUSE = (
    ClauseRow(
        name="had been asked or agreed",
        direction=Direction.BACK,
        holds=_had_been_settled,
        test="Er war am Freitag nach Oslo eingeladen worden.",
        words="Freitag",
    ),
    ClauseRow(
        name="its verb plans",
        direction=Direction.FORWARD,
        holds=_plans,
        test="Ein Gipfel war am Freitag geplant.",
        words="Freitag",
    ),
    ClauseRow(
        name="told in the future",
        direction=Direction.FORWARD,
        holds=_is_future,
        test="Er wird am Freitag reisen.",
        words="Freitag",
    ),
    ClauseRow(
        name="said to have been",
        direction=Direction.BACK,
        holds=_is_hearsay,
        test="Er soll am Freitag verhandelt haben.",
        words="Freitag",
    ),
    ClauseRow(
        name="may or shall be",
        direction=Direction.FORWARD,
        holds=_may,
        test="Er soll am Freitag verhandeln.",
        words="Freitag",
    ),
    ClauseRow(
        name="was to be",
        direction=Direction.FORWARD,
        holds=_was_to_be,
        test="Er wollte am Freitag reisen.",
        words="Freitag",
    ),
    ClauseRow(
        name="was to have been",
        direction=Direction.PRESENT,
        holds=was_to_have_been,
        test="Eigentlich hätten sich beide am Freitag getroffen.",
        words="Freitag",
    ),
    ClauseRow(
        name="announced by the clause above",
        direction=Direction.FORWARD,
        holds=_is_announced,
        test="Der Minister kündigte an, die Fähre legte am Samstag ab.",
        words="Samstag",
    ),
    ClauseRow(
        name="told as past",
        direction=Direction.BACK,
        holds=_is_past,
        test="Er reiste am Freitag ab.",
        words="Freitag",
    ),
    ClauseRow(
        name="something to do",
        direction=Direction.FORWARD,
        holds=_is_to_do,
        test="Er versprach, am Freitag zu reisen.",
        words="Freitag",
    ),
    ClauseRow(
        name="something done",
        direction=Direction.BACK,
        holds=_is_done,
        test="Am Freitag in Oslo gelandet.",
        words="Freitag",
    ),
    ClauseRow(
        name="has been said",
        direction=Direction.BACK,
        holds=_has_been_said,
        test="Das sagt der Minister am Freitag.",
        words="Freitag",
    ),
    ClauseRow(
        name="has been blamed or told",
        direction=Direction.BACK,
        holds=_has_been_blamed,
        test="Am Freitag wirft er dem Minister Untätigkeit vor.",
        words="Freitag",
    ),
)
"""what the clause of a time says: the first that holds"""
