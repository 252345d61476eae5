"""Who has been spoken of in an article so far, the latest last; what pointing words are read against."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from extractors.actors.hits import Hit
from extractors.actors.houses import Named
from extractors.language import Sentence
from extractors.language.marks import Stretch, within

_MEDIA = "-MED"
SAYS = frozenset(
    "sagen erklären betonen mitteilen äußern warnen hinzufügen schreiben bekräftigen unterstreichen fordern nennen meinen behaupten ankündigen "
    "kritisieren vorwerfen berichten erzählen antworten entgegnen kommentieren urteilen bezeichnen versichern verlangen loben begrüßen fragen aufrufen "
    "auffordern mahnen drohen appellieren erinnern".split()
)
"""what somebody does before or behind words of his own"""
_JOINS = frozenset({"und", "sowie"})
SEVERAL = 3
"""from so many on states are a list, and no pair"""
_WITHIN_NAMES = frozenset({"ART", "ADJA", "NN", "NE", "APPR", "FM", "XY"})


@dataclass(slots=True)
class Memory:
    """Who has been spoken of, the latest last."""

    people: list[tuple[int, Hit, bool]] = field(default_factory=list)
    """sentence, who, whether as the subject"""
    states: list[tuple[int, Hit, bool]] = field(default_factory=list)
    peoples: list[tuple[int, Hit, bool]] = field(default_factory=list)
    """states that are named by their people ("die Amerikaner")"""
    bodies: list[tuple[int, Hit]] = field(default_factory=list)
    """ministries, armies, parliaments that were named with their state"""
    together: list[tuple[int, frozenset[str]]] = field(default_factory=list)
    """sentence, and two states that it names side by side ("die USA und Russland") or that a word in it means ("beide Seiten")"""

    lists: list[tuple[int, frozenset[str]]] = field(default_factory=list)
    """sentence, and three or more states that it names one after another ("Belgien, Dänemark und Polen")"""

    speaking: list[tuple[int, Hit]] = field(default_factory=list)
    """sentence, and who said something there"""
    quoted: set[tuple[int, int]] = field(default_factory=set)
    """sentence and first token of those who were named between quotation marks"""
    main: set[tuple[int, int]] = field(default_factory=set)
    """sentence and first token of those who are the subject of a main clause"""

    def add(self, sentence: Sentence, hits: Sequence[Hit], literal: Sequence[Stretch] = ()) -> None:
        """Remember whom a sentence names; `literal` are the stretches of the text that are somebody's own words."""
        main, others = (_subjects(sentence, hits, main=main) for main in (True, False))
        somebody_acts = any(map(_is_anybody, main))
        self.main.update((sentence.index, hit.first) for hit in main)
        for hit in hits:
            # "Dass Putin drohe, sieht Schallenberg als …" goes on with Schallenberg.
            subject = hit in main or (hit in others and not (somebody_acts and _is_anybody(hit)))
            self._who_says(sentence, hit, literal, subject=subject)
            self._by_kind(sentence.index, hit, subject=subject)
        self.together += [(sentence.index, two) for two in named_together(sentence, hits)]
        self.lists += [(sentence.index, several) for several in named_in_a_row(sentence, hits)]

    def _who_says(self, sentence: Sentence, hit: Hit, literal: Sequence[Stretch], *, subject: bool) -> None:
        if within(literal, sentence.tokens[hit.first].start) is not None:
            self.quoted.add((sentence.index, hit.first))
        elif subject and _is_anybody(hit) and any(clause.predicate in SAYS for clause in sentence.clauses):
            self.speaking.append((sentence.index, hit))

    def _by_kind(self, at: int, hit: Hit, *, subject: bool) -> None:
        if not hit.codes:
            return
        if hit.noun is not None and hit.noun.kind == "body":
            self.bodies.append((at, hit))
        if hit.kind in ("person", "office", "pronoun") or _is_somebody(hit):
            self.people.append((at, hit, subject))
        elif hit.kind in ("name", "metonym", "adjective") and hit.origin != "topic":
            self.states.append((at, hit, subject))
        elif hit.kind == "inhabitant":
            self.peoples.append((at, hit, subject))


def _subjects(sentence: Sentence, hits: Sequence[Hit], *, main: bool) -> list[Hit]:
    """Those who are the subject of a main clause, or of another."""
    clauses = [clause for clause in sentence.clauses if (clause.kind == "main") is main]
    heads = {head for clause in clauses for role in clause.roles if role.name == "subject" for head in role.heads}
    return [hit for hit in hits if any(hit.first <= head <= hit.last for head in heads)]


def _is_anybody(hit: Hit) -> bool:
    return is_person(hit) or _is_somebody(hit)


def _is_somebody(hit: Hit) -> bool:
    """Whether a description is of one person: "der Präsident"."""
    return hit.kind == "description" and hit.female is not None and len(hit.codes) == 1


def named_together(sentence: Sentence, hits: Sequence[Hit]) -> Iterator[frozenset[str]]:
    """Pairs of states: named side by side and no third with them, or meant by one word."""
    states = [hit for hit in hits if of_state(hit)]
    for k, hit in enumerate(states):
        two = frozenset(code.split("-")[0] for code in hit.codes)
        if hit.origin == "coreference" and len(two) == 2:
            yield two
        if k + 1 == len(states) or (k and _listed(sentence, states[k - 1], hit)):
            continue
        both = two | {code.split("-")[0] for code in states[k + 1].codes}
        if len(both) == 2 and _joined(sentence, hit, states[k + 1]):
            yield both


def named_in_a_row(sentence: Sentence, hits: Sequence[Hit]) -> Iterator[frozenset[str]]:
    """Three or more states that are named one after another, or meant by one word."""
    row: list[Hit] = []
    for hit in (*(hit for hit in hits if of_state(hit)), None):
        if row and (hit is None or not _listed(sentence, row[-1], hit)):
            several = frozenset(code.split("-")[0] for one in row for code in one.codes)
            if len(several) >= SEVERAL:
                yield several
            row = []
        row += [] if hit is None else [hit]


def _joined(sentence: Sentence, hit: Hit, other: Hit) -> bool:
    first, *rest = sentence.tokens[hit.last + 1 : other.first] or (None,)
    joins = first is not None and first.text in _JOINS
    return joins and all(token.tag in _WITHIN_NAMES for token in rest)


def _listed(sentence: Sentence, hit: Hit, other: Hit) -> bool:
    between = sentence.tokens[hit.last + 1 : other.first]
    return bool(between) and between[0].text in (",", *_JOINS) and all(t.tag in _WITHIN_NAMES for t in between[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word (token `i` of a sentence) that may point to somebody, with what it is read against."""

    sentence: Sentence
    i: int
    earlier: Sequence[Hit]
    """who was named in its sentence before it"""
    memory: Memory
    everywhere: Collection[str]
    """the codes that the article names anywhere"""
    full: Sequence[Named]
    """the houses that the sentences before named in full"""
    literal: Stretch | None = None
    """the marks between which it stands, in somebody's own words"""

    @property
    def low(self) -> str:
        return self.sentence.tokens[self.i].text.lower()

    @property
    def body(self) -> str:
        """Without the ending of a genitive."""
        return self.low.removesuffix("s")

    @property
    def before(self) -> str:
        return self.sentence.tokens[self.i - 1].text.lower() if self.i else ""


def meant(i: int, source: Hit, kind: str, score: float) -> Hit:
    """Somebody who was spoken of, as what a word (token `i`) means."""
    return replace(
        source, first=i, last=i, core=i, kind=kind, origin="coreference", score=score, noun=None, capital=False, row=""
    )


def recent(entries: Sequence[tuple[int, Hit, bool]], index: int, reach: int) -> list[tuple[int, Hit, bool]]:
    return [entry for entry in entries if index - entry[0] < reach]


def subject_hits(sentence: Sentence, i: int, earlier: Sequence[Hit]) -> list[Hit]:
    clause = sentence.clause_of(i)
    subject = clause.subject if clause is not None else None
    heads = subject.heads if subject is not None else ()
    return [hit for hit in earlier if any(hit.first <= head <= hit.last for head in heads)]


def all_subjects(sentence: Sentence, hits: Sequence[Hit]) -> list[Hit]:
    """Those who are the subject of any clause."""
    return [*_subjects(sentence, hits, main=True), *_subjects(sentence, hits, main=False)]


def is_person(hit: Hit) -> bool:
    return hit.kind in ("person", "office", "pronoun")


def of_state(hit: Hit) -> bool:
    return (
        bool(hit.codes)
        and hit.origin not in ("topic", "place")
        and not any(code.endswith(_MEDIA) for code in hit.codes)
        and all(len(code.split("-")[0]) == 3 for code in hit.codes)
    )
