"""Every act that a row of the lexicon sees in a sentence, with its parties; the judge decides which are kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.actors import Mention
from extractors.events.beside import after_preposition, attributes, entered, in_genitive, near_noun, placed
from extractors.events.lexicon import Lexicon, Trigger, any_phrase, lexicon, spelled
from extractors.events.proposing.receiving import RECEIVING, bearers, givers
from extractors.events.proposing.subjects import sides_by_case, stranger, who_acts
from extractors.events.reading import Reading, Said
from extractors.events.tables import ends, names
from extractors.language import Clause, Sentence, Token
from extractors.ontology import SYMMETRIC, EventType

_DEMANDS = frozenset({"müssen", "sollen", "dürfen"})
_NOUN_TAGS = frozenset({"NN", "NNA", "NNI", "NE"})
_REPORTS = frozenset({"melden", "vermelden", "verkünden", "verzeichnen", "berichten"})
"""verbs by which an army tells what it has done, or what was done to it"""
SAID = frozenset(
    {EventType.AGREE, EventType.SUPPORT, EventType.REQUEST, EventType.ACCUSE, EventType.REJECT, EventType.THREATEN}
)
"""acts that are done by saying so"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A possible event. `actor_from` and `recipient_from` say how the roles were filled."""

    rule: str
    kind: str
    type: EventType
    mode: str
    sentence: Sentence
    clause: Clause | None
    anchor: int
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    actor_from: str
    recipient_from: str
    said: Said | None
    mentions: tuple[Mention, ...] = ()
    trigger: Trigger | None = None

    @property
    def parties(self) -> frozenset[str]:
        return frozenset((*self.actors, *self.recipients))

    @property
    def sure(self) -> bool:
        """Whether a set phrase tells it by itself, and not as one of the words that the weights weigh."""
        return self.trigger is not None and self.trigger.sure

    @property
    def key(self) -> tuple[object, ...]:
        if self.type in SYMMETRIC:
            return (self.type, self.parties)
        return (self.type, frozenset(self.actors), frozenset(self.recipients))


def candidates(reading: Reading) -> tuple[Candidate, ...]:
    """All candidates of an article, in the order of the text."""
    known = lexicon()
    found: list[Candidate] = []
    for sentence in reading.document.sentences:
        if reading.mentions[sentence.index] or any(
            s.start < sentence.end and sentence.start < s.end for s in reading.said
        ):
            found.extend(_of_sentence(reading, known, sentence))
    return tuple(found)


def _of_sentence(reading: Reading, known: Lexicon, sentence: Sentence) -> Iterator[Candidate]:
    # What a clause says its sentence says: most rows need be tried but once, and of most sentences none.
    some = any_phrase(reading.document.text[sentence.start : sentence.end])
    phrases = [row for row in known.phrases if _says(row, reading, sentence)] if some else []
    for clause in sentence.clauses:
        yield from _verbs(reading, known, sentence, clause)
        yield from _phrases(reading, phrases, sentence, clause)
        yield from _demands(reading, sentence, clause)
    yield from _nouns(reading, known, sentence)
    yield from _statements(reading, sentence)


# Verbs and phrases: roles from the clause


def _verbs(reading: Reading, known: Lexicon, sentence: Sentence, clause: Clause) -> Iterator[Candidate]:
    rows = known.verbs.get(spelled(clause.predicate), ())
    words = " ".join(("", *(token.text for token in words_of(sentence, clause)), "")) if rows else ""
    row = next((row for row in rows if not row.sure and _fits(row, clause, words)), None)
    if row is not None:
        yield from _from_clause(reading, sentence, clause, row)
    phrase = next((row for row in rows if row.sure and _fits(row, clause, words)), None)
    if phrase is not None and is_so(sentence, clause):
        yield from _from_clause(reading, sentence, clause, phrase)


def words_of(sentence: Sentence, clause: Clause) -> tuple[Token, ...]:
    """What the pattern of a verb's row is looked for in: the words of its clause, and what it lets happen ("ließ die Gespräche platzen")."""
    let = [c for c in sentence.clauses if c.parent == clause.index and c.kind == "infinitive"]
    also = [i for c in let for i in c.tokens] if clause.predicate == "lassen" else []
    return tuple(sentence.tokens[i] for i in sorted((*clause.tokens, *also)))


def _fits(row: Trigger, clause: Clause, words: str) -> bool:
    return (not row.negated or clause.negated) and (row.within is None or row.within.search(words) is not None)


def is_so(sentence: Sentence, clause: Clause) -> bool:
    """Whether a clause says that something is so, or in somebody's words: not that it is wanted, possible, asked, demanded or a condition."""
    if not clause.finite or clause.modal or clause.mood == "konjunktiv2" or sentence.tokens[-1].text == "?":
        return False
    if clause.kind in ("main", "relative"):
        return True
    if clause.kind == "complement" and not clause.marker and clause.mood == "indicative":
        return True  # "„Wir lassen Riga nicht im Stich“, sagte er"
    if clause.mood != "konjunktiv1" or not clause.marker:
        return clause.mood == "konjunktiv1"
    above = next((c for c in sentence.clauses if c.index == clause.parent), None)
    rows = lexicon().verbs.get(spelled(above.predicate), ()) if above is not None else ()
    return clause.kind == "complement" and all(row.type is not EventType.REQUEST for row in rows)


def _says(row: Trigger, reading: Reading, where: Sentence | Clause) -> bool:
    return row.words is not None and row.words.search(reading.document.text[where.start : where.end]) is not None


def _phrases(reading: Reading, rows: Sequence[Trigger], sentence: Sentence, clause: Clause) -> Iterator[Candidate]:
    for row in rows:
        said = not row.said or reading.speaker(clause.start, clause.end) is not None
        if said and _says(row, reading, clause) and (not row.sure or is_so(sentence, clause)):
            yield from _from_clause(reading, sentence, clause, row)


def _from_clause(reading: Reading, sentence: Sentence, clause: Clause, row: Trigger) -> Iterator[Candidate]:
    said = reading.speaker(*_span(sentence, clause.head))
    if row.giver:
        if row.giver != ("obj",) or reading.in_role(sentence, clause.object):
            yield _received(reading, sentence, clause, row, said)
        return
    actors, borne = sides_by_case(reading, sentence, clause, row)
    origin = "subject"
    if not actors:
        actors, origin = who_acts(reading, sentence, clause, says=row.type in SAID)
    if "subj" in row.to and said is not None and said.code not in {m.code for m in actors}:
        accused = tuple(m.code for m in actors)
        yield _candidate(sentence, clause, clause.head, row, said, (said.code,), accused, "speaker", origin, actors)
        return
    recipients, where = (borne, "dat") if borne else _recipients(reading, sentence, clause, row, actors)
    codes = tuple(m.code for m in actors)
    if not codes and said is not None and row.type not in (EventType.ASSAULT, EventType.COERCE, EventType.MOBILIZE):
        codes, origin = (said.code,), "speaker"
    if row.mutual:
        partners = tuple(m.code for m in recipients)
        yield _candidate(
            sentence, clause, clause.head, row, said, (*codes, *partners), (), origin, where, (*actors, *recipients)
        )
        return
    yield _candidate(
        sentence,
        clause,
        clause.head,
        row,
        said,
        codes,
        tuple(m.code for m in recipients),
        origin,
        where,
        (*actors, *recipients),
    )


def _received(reading: Reading, sentence: Sentence, clause: Clause, row: Trigger, said: Said | None) -> Candidate:
    """An act that the subject bears: "Kiew erhielt Panzer von Paris", "Diplomaten Kiews müssen Minsk verlassen"."""
    subject, left = (reading.in_role(sentence, role) for role in (clause.subject, clause.object))
    found = (
        (slot, left if slot == "obj" else after_preposition(reading, sentence, clause.tokens, slot))
        for slot in row.giver
    )
    slot, giver = next(((slot, who) for slot, who in found if who), ("none", ()))
    sides = [m.code for m in giver], [m.code for m in subject if m.code not in {g.code for g in giver}]
    return _candidate(sentence, clause, clause.head, row, said, *sides, slot, "subject", (*giver, *subject))


def _span(sentence: Sentence, i: int) -> tuple[int, int]:
    return sentence.tokens[i].start, sentence.tokens[i].end


def _candidate(
    sentence: Sentence,
    clause: Clause | None,
    anchor: int,
    row: Trigger,
    said: Said | None,
    actors: Sequence[str],
    recipients: Sequence[str],
    actor_from: str,
    recipient_from: str,
    named: Sequence[Mention],
) -> Candidate:
    who = tuple(sorted(set(actors)))
    whom = tuple(sorted(set(recipients) - set(who)))
    if not who and whom and row.mutual:
        who, whom = whom, ()
    return Candidate(
        rule=row.name, kind=row.kind, type=row.type, mode=row.mode, sentence=sentence, clause=clause, anchor=anchor,
        actors=who, recipients=whom, actor_from=actor_from if who else "none",
        recipient_from=recipient_from if whom or row.mutual else "none", said=said, mentions=tuple(named), trigger=row,
    )  # fmt: skip


def _recipients(
    reading: Reading, sentence: Sentence, clause: Clause, row: Trigger, actors: Sequence[Mention]
) -> tuple[tuple[Mention, ...], str]:
    acting = {m.code for m in actors}
    for slot in row.to:
        found = tuple(m for m in _slot(reading, sentence, clause, slot) if m.code not in acting)
        if found:
            return found, slot
    return (), "none"


def _slot(reading: Reading, sentence: Sentence, clause: Clause, slot: str) -> tuple[Mention, ...]:
    if slot == "obj":
        undergone = clause.subject if clause.voice == "passive" else clause.object
        return reading.in_role(sentence, undergone)
    if slot in ("dat", "gen"):
        # A bare name behind "droht" or "sagt … zu" shows no case: it may pass for an object, or for the subject of a passive.
        found = reading.in_role(sentence, clause.recipient) or reading.in_role(sentence, clause.object)
        return found or (reading.in_role(sentence, clause.subject) if clause.voice == "passive" else ())
    if slot == "dass":
        below = [
            c
            for c in sentence.clauses
            if c.parent == clause.index and c.kind in ("complement", "infinitive", "adverbial")
        ]
        return tuple(m for c in below for m in reading.in_role(sentence, c.subject))
    if slot in ("dyad", "subj"):
        return ()
    return after_preposition(reading, sentence, clause.tokens, slot)


# Nouns: roles from adjectives, genitives and prepositions around them


def _nouns(reading: Reading, known: Lexicon, sentence: Sentence) -> Iterator[Candidate]:
    text = f" {reading.document.text[sentence.start : sentence.end]} "
    for token in sentence.tokens:
        if token.tag not in _NOUN_TAGS and token.pos != "NOUN":
            continue
        rows = known.nouns_of(token.lemma) or known.nouns_of(token.text)
        row = next((row for row in rows if row.within is None or row.within.search(text)), None)
        if row is not None:
            yield from _from_noun(reading, sentence, token, row)


def _from_noun(reading: Reading, sentence: Sentence, token: Token, row: Trigger) -> Iterator[Candidate]:
    clause = sentence.clause_of(token.i)
    said = reading.speaker(token.start, token.end)
    by, by_from = _noun_actors(reading, sentence, token, row)
    by, by_from = (by, by_from) if by or clause is None else _givers(reading, sentence, clause, token, row)
    to, to_from = _noun_recipients(reading, sentence, token, row, by)
    if row.mutual:
        partners = (*by, *to)
        if len({m.code for m in partners}) < 2 and clause is not None:
            subject = reading.in_role(sentence, clause.subject) if clause.voice == "active" else ()
            with_ = after_preposition(reading, sentence, clause.tokens, "mit") if token.dep != "nsubj" else ()
            partners, by_from = (*partners, *subject, *with_), by_from if by else "clause-subject"
        yield _candidate(
            sentence, clause, token.i, row, said, [m.code for m in partners], (), by_from, to_from, partners
        )
        return
    if not by and clause is not None and clause.head != token.i:
        subject_role = clause.subject
        inside = subject_role is not None and subject_role.start <= token.start < subject_role.end
        by = (
            ()
            if inside
            or (clause.predicate in names("tells") and not claims(clause, token))
            or stranger(reading, sentence, clause) is not None
            else reading.in_role(sentence, subject_role if clause.voice == "active" else clause.agent)
        )
        by = tuple(m for m in by if m.code not in {r.code for r in to})
        by_from = "clause-subject" if by else "none"
    yield _candidate(
        sentence, clause, token.i, row, said, [m.code for m in by], [m.code for m in to], by_from, to_from, (*by, *to)
    )


def claims(clause: Clause, noun: Token) -> bool:
    """Whether who reports a deed has done it: "Kiew meldete die Rückeroberung von Kupjansk" (`won` in `extractors/data/wordings.toml`)."""
    return clause.predicate in _REPORTS and noun.text.lower().endswith(ends("won"))


def _givers(
    reading: Reading, sentence: Sentence, clause: Clause, token: Token, row: Trigger
) -> tuple[tuple[Mention, ...], str]:
    """Whose words or help the clause says that somebody receives."""
    if row.type not in SAID | {EventType.AID}:
        return (), "none"
    received = any(True for of in RECEIVING for _ in bearers(reading, sentence, clause, token.i, of))
    found = givers(reading, sentence, clause, token.i) if received else ()
    return (found, "giver") if found else ((), "none")


def _noun_actors(reading: Reading, sentence: Sentence, token: Token, row: Trigger) -> tuple[tuple[Mention, ...], str]:
    compound = [m for m in reading.at_token(sentence, token.i) if m.start == token.start]
    if compound and (row.mutual or token.text.startswith(("US-", "EU-", "UN-", "NATO-", "Nato-", "G7-"))):
        return tuple(compound), "compound"
    durch = near_noun(reading, sentence, token, "durch")
    if durch:
        return durch, "durch"
    before = tuple(m for _, m in attributes(reading, sentence, token.i))
    if before:
        return before, "adjective"
    if row.theme or (row.by == "entered" and entered(reading, sentence, token.i)):
        return (), "none"
    genitive = in_genitive(reading, sentence, token)
    if genitive:
        return genitive, "genitive"
    von = near_noun(reading, sentence, token, "von")
    if von:
        return von, "von"
    return (), "none"


def _noun_recipients(
    reading: Reading, sentence: Sentence, token: Token, row: Trigger, by: Sequence[Mention]
) -> tuple[tuple[Mention, ...], str]:
    acting = {m.code for m in by}
    if row.theme:
        found = in_genitive(reading, sentence, token) or near_noun(reading, sentence, token, "von")
        if found:
            return tuple(m for m in found if m.code not in acting), "genitive"
        place = next(
            (p for p in reading.places[sentence.index] if 0 < p.start - token.end < 25 and p.place.country), None
        )
        if place is not None and place.place.country not in acting:
            return (placed(sentence, place.start, place.end, place.place.country, place.place.name),), "place"
    if row.by == "entered" and (found := entered(reading, sentence, token.i)):
        return tuple(m for m in found if m.code not in acting), "genitive"
    for slot in row.to:
        if slot in ("dyad", "obj", "dat", "gen", "subj", "dass"):
            continue
        found = tuple(m for m in near_noun(reading, sentence, token, slot) if m.code not in acting)
        if found:
            return found, slot
    compound = tuple(m for m in reading.at_token(sentence, token.i) if m.start == token.start and m.code not in acting)
    return (compound, "compound") if compound and not row.mutual else ((), "none")


# Speech: what somebody must do, in somebody else's words; and bare statements

_DEMAND = Trigger(name="speech:demand", kind="speech", type=EventType.REQUEST, to=("dyad",))
_WISH = Trigger(name="verb:wollen", kind="verb", type=EventType.REQUEST, to=("dyad",))
_STATEMENT = Trigger(name="speech:statement", kind="speech", type=EventType.STATE, to=("dyad",))


def _demands(reading: Reading, sentence: Sentence, clause: Clause) -> Iterator[Candidate]:
    if clause.modal in _DEMANDS and clause.kind in ("main", "complement"):
        said = reading.speaker(*_span(sentence, clause.head))
        if said is None:
            return
        asked = tuple(m.code for m in reading.in_role(sentence, clause.subject) if m.code != said.code)
        yield _candidate(
            sentence,
            clause,
            clause.head,
            _DEMAND,
            said,
            (said.code,),
            asked,
            "speaker",
            "subject" if asked else "none",
            (),
        )
    elif clause.predicate == "wollen":
        actors, origin = who_acts(reading, sentence, clause)
        yield _candidate(
            sentence, clause, clause.head, _WISH, None, [m.code for m in actors], (), origin, "none", actors
        )


def _statements(reading: Reading, sentence: Sentence) -> Iterator[Candidate]:
    said = reading.speaker(sentence.start, sentence.end)
    if said is None:
        return
    others = tuple(m.code for m in reading.mentions[sentence.index] if m.code and m.code != said.code)[:1]
    clause = next(iter(sentence.clauses), None)
    yield _candidate(
        sentence, clause, 0, _STATEMENT, said, (said.code,), others, "speaker", "sentence" if others else "none", ()
    )
