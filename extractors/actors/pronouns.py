"""Pronouns that point back to people, or to a body that is spoken of as "sie": who is meant, as the rows of `pointing` look for him."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from extractors.actors.hits import Hit
from extractors.actors.spoken import SAYS, Word, all_subjects, meant, recent, subject_hits
from extractors.language import Clause, Sentence

REACH = 3
"""Sentences a pronoun looks back, its own included; descriptions look twice as far."""
_MARKS, _REPORTS = frozenset('„“”"»«'), frozenset({"konjunktiv1", "konjunktiv2"})
_BY_PEOPLE = frozenset(
    "fordern verlangen vereinbaren einigen verständigen beraten besprechen sprechen reden telefonieren treffen zusammenkommen reisen besuchen "
    "warnen drohen kritisieren vorwerfen beschuldigen verurteilen begrüßen danken loben bekräftigen betonen sagen erklären mitteilen "
    "äußern zusagen zusichern versprechen ankündigen anbieten vorschlagen ablehnen zurückweisen bestreiten bitten appellieren "
    "aufrufen auffordern mahnen drängen unterzeichnen beschließen verhandeln unterstützen anerkennen".split()
)
"""what nobody but people or states does: "sie" may else be the sanctions or soldiers that a sentence tells of, too"""
_FEMININE = frozenset({"UKR", "TUR", "CHE", "SVK", "MNG", "NATO", "EU", "OSCE", "IAEA"})
"""states and organisations that are spoken of as "sie" """


def he(w: Word) -> Hit | None:
    subjects = subject_hits(w.sentence, w.i, w.earlier)
    oblique = w.sentence.tokens[w.i].text.lower() != "er"
    if oblique and w.i and w.sentence.tokens[w.i - 1].text.lower() == "wie":
        return None  # "Ein Ausschluss, wie ihn Kiew verlangt": a thing
    here = [hit for hit in w.earlier if _masculine(hit) and (oblique or not _met(w.sentence, hit, w.i))]
    here = _not_in_comparison(w.sentence, w.i, not_named_by(w.sentence, w.i, here))
    here, back = _not_speaking(w, here), _spoken_of(w, _masculine)
    if oblique:
        # "Er bat ihn": whom somebody asks is not himself.
        here = _acted_upon(w, [hit for hit in here if not any(_is_same(hit, one) for one in subjects)])
        acting = {hit.codes for hit in subjects}
        back = [entry for entry in back if entry[1].codes not in acting]
    return _person(w.i, here, back, w.sentence.index)


def _acted_upon(w: Word, hits: Sequence[Hit]) -> list[Hit]:
    """ "Gabriel tadelte Melnyk und warf ihm Willkür vor": to whom it is done is rather who had it done to him before. Not in a relative
    clause: "Orban besuchte Macron, der ihm dankte"."""
    clause = w.sentence.clause_of(w.i)
    if clause is None or clause.kind == "relative":
        return list(hits)
    active = all_subjects(w.sentence, hits)
    return [hit for hit in hits if hit not in active] or list(hits)


def _not_speaking(w: Word, hits: Sequence[Hit]) -> list[Hit]:
    """Without who may speak, for a word between quotation marks: nobody is "er" in his own words. Of those named outside the marks the
    subjects may."""
    if w.literal is None:
        return list(hits)
    tokens = w.sentence.tokens
    own = [hit for hit in hits if tokens[hit.first].start > w.literal.start]
    opens = next((k for k, token in enumerate(tokens) if token.start >= w.literal.start), 0)
    led = opens > 0 and tokens[opens - 1].text == ":"
    says = [c for c in w.sentence.clauses if c.subject is not None and (led or c.predicate in SAYS)]
    heads = {head for clause in says if clause.subject is not None for head in clause.subject.heads}
    return own or [hit for hit in hits if not any(hit.first <= head <= hit.last for head in heads)]


def _spoken_of(w: Word, fits: Callable[[Hit], bool]) -> list[tuple[int, Hit, bool]]:
    """People of the sentences before. For a word between quotation marks without who spoke last (`_not_speaking`), and nobody where the
    latest that names anybody names him alone; for another without those who were named only between marks, where it names others, too."""
    back = [entry for entry in recent(w.memory.people, w.sentence.index, REACH) if fits(entry[1])]
    if w.literal is None:
        told = [entry for entry in back if (entry[0], entry[1].first) not in w.memory.quoted]
        return told if told and (_is_behind_marks(w) or told[-1][0] == back[-1][0]) else back
    speaks = next((hit for at, hit in reversed(w.memory.speaking) if w.sentence.index - at < REACH), None)
    if speaks is None:
        return back
    others = [entry for entry in back if not _is_same(entry[1], speaks)]
    return others if others and others[-1][0] == back[-1][0] else []


def _is_behind_marks(w: Word) -> bool:
    """Whether somebody is told to have said what stands between marks right before: "…“, sagte er"."""
    _, end = _words_before(w.sentence, w.i)
    return end > 0 and w.sentence.tokens[end - 1].text in _MARKS


def _is_same(hit: Hit, other: Hit) -> bool:
    """Whether two that are named may be one person."""
    return hit.codes == other.codes and (not hit.person or not other.person or hit.person == other.person)


def with_him(w: Word) -> Hit | None:
    """ "Macron telefonierte mit Selenskyj. Mit ihm sprach auch Scholz": who opens a sentence behind "mit" is the man named last in the one
    before it, if he was not its subject."""
    if w.i != 1 or w.before != "mit":
        return None
    men = [(hit, subject) for at, hit, subject in w.memory.people if at == w.sentence.index - 1 and _masculine(hit)]
    if not men or men[-1][1]:
        return None
    return meant(w.i, men[-1][0], "pronoun", 0.7)


def she(w: Word) -> Hit | None:
    clause = w.sentence.clause_of(w.i)
    if clause is None or _plural_verb(w.sentence, clause):
        return None
    here = not_named_by(w.sentence, w.i, [hit for hit in w.earlier if hit.female and not _met(w.sentence, hit, w.i)])
    here = _not_speaking(w, here)
    back = _spoken_of(w, _is_woman)
    return _person(w.i, here, back, w.sentence.index)


AGED = re.compile(r"\d\d-Jährige[nr]?")


def aged(w: Word) -> Hit | None:
    """ "Der 69-Jährige": the man, or woman, who was spoken of."""
    female = w.before == "die" or (w.before == "der" and w.low.endswith("n"))
    fits = _is_woman if female else _masculine
    # "Macron dankte dem 45-Jährigen": not himself.
    acting = subject_hits(w.sentence, w.i, w.earlier) if w.low.endswith("n") else []
    # "Putin könne zuschlagen, so der 59-Jährige": whom somebody speaks of is not himself.
    tells = w.i > 1 and w.sentence.tokens[w.i - 2].text.lower() == "so"
    others = [hit for hit in w.earlier if fits(hit) and hit not in acting and not tells]
    here = _not_speaking(w, not_named_by(w.sentence, w.i, others))
    back = [entry for entry in _spoken_of(w, fits) if all(entry[1].codes != hit.codes for hit in acting)]
    return _person(w.i, here, back, w.sentence.index)


def _is_woman(hit: Hit) -> bool:
    return bool(hit.female)


def they(w: Word) -> Hit | None:
    """ "Deutschland und Polen tagten. Sie forderten …": who all were the subject of the sentence before, of what only people do."""
    sentence, memory = w.sentence, w.memory
    clause = sentence.clause_of(w.i)
    if clause is None or w.earlier or not _plural_verb(sentence, clause) or clause.predicate not in _BY_PEOPLE:
        return None
    if clause.subject is None or w.i not in clause.subject.heads:
        return None
    acting = [hit for at, hit, subject in (*memory.states, *memory.people) if at == sentence.index - 1 and subject]
    codes = {code for hit in acting for code in hit.codes}
    # "Scholz und Macron": the parser may have but the first of them as the subject.
    named = (*memory.together, *memory.lists)
    pairs = [these for at, these in named if at == sentence.index - 1 and (these & codes or not codes)]
    if len(codes) < 2 and len(pairs) == 1:
        return several(w.i, sorted(pairs[0]))
    return several(w.i, sorted(codes)) if len(acting) > 1 else None


def several(i: int, codes: Sequence[str]) -> Hit:
    """Some states that one word (token `i`) means."""
    return Hit(first=i, last=i, codes=tuple(codes), name=" und ".join(codes), kind="description",
               origin="coreference", score=0.75, core=i)  # fmt: skip


def body_as_she(w: Word) -> Hit | None:
    """ "Die Regierung sagte, dass sie zahlt": the body or state that the clause around is about."""
    clause = w.sentence.clause_of(w.i)
    if clause is None or clause.parent is None or _plural_verb(w.sentence, clause):
        return None
    around = w.sentence.clauses[clause.parent]
    heads = around.subject.heads if around.subject is not None else ()
    acting = [hit for hit in w.earlier if any(hit.first <= head <= hit.last for head in heads)]
    if clause.subject is None or w.i not in clause.subject.heads or len(acting) != 1 or not _feminine(acting[0]):
        return None
    return replace(meant(w.i, acting[0], "pronoun", 0.8), office="", person="", female=None)


def the_latter(w: Word) -> Hit | None:
    """ "Dieser warf …", "Der hatte …": the man named last in the sentence before."""
    men = [hit for at, hit, _ in w.memory.people if at == w.sentence.index - 1 and _masculine(hit)]
    return meant(w.i, men[-1], "pronoun", 0.7) if men else None


def his(w: Word) -> Hit | None:
    """ "Seine Prognose …" at the start of a sentence: the only man, or the subject, of the one before."""
    hit = _person(
        w.i, [], [one for one in recent(w.memory.people, w.sentence.index, 2) if _masculine(one[1])], w.sentence.index
    )
    return replace(hit, score=hit.score - 0.1) if hit is not None else None


def _feminine(hit: Hit) -> bool:
    if hit.noun is not None:
        return hit.noun.kind == "body" and hit.noun.gender == "f"
    return hit.kind == "name" and hit.codes[0] in _FEMININE


def _met(sentence: Sentence, hit: Hit, i: int) -> bool:
    """ "Nach einem Treffen mit Selenskyj sagte er": whom somebody met in the clause of a pronoun is not who is meant by it."""
    tokens, k = sentence.tokens, hit.first - 1
    while k >= 0 and tokens[k].tag in ("ART", "ADJA", "PPOSAT"):
        k -= 1
    return k >= 0 and tokens[k].text.lower() == "mit" and sentence.clause_of(hit.core) is sentence.clause_of(i)


def not_named_by(sentence: Sentence, i: int, hits: Sequence[Hit]) -> list[Hit]:
    """Without whom somebody names in his own words, told before "sagte er" or "sagte der Minister": that is never himself
    ("Putin lüge, sagte er"). `i`: where the words for him begin."""
    start, end = _words_before(sentence, i)
    literal = end > 0 and sentence.tokens[end - 1].text in _MARKS
    return [hit for hit in hits if (hit.kind == "pronoun" and not literal) or not start <= hit.first < end]


def _not_in_comparison(sentence: Sentence, i: int, hits: Sequence[Hit]) -> list[Hit]:
    """Without who does so in a clause that only compares: in "eine Änderung, wie sie Selenskyj fordere, schloss er aus" he who rules it out
    is somebody else. `i`: the pronoun."""
    own = sentence.clause_of(i)
    kept = []
    for hit in hits:
        clause = sentence.clause_of(hit.core if hit.core >= 0 else hit.first)
        if clause is None or clause is own or not _compares(sentence, clause):
            kept.append(hit)
    return kept


def _compares(sentence: Sentence, clause: Clause) -> bool:
    """Whether a pronoun behind "wie" stands for what is compared: "wie sie Kiew fordert", "wie ihn Paris will"."""
    words = [sentence.tokens[k].text.lower() for k in sorted(clause.tokens) if sentence.tokens[k].pos != "PUNCT"]
    return len(words) > 1 and words[0] == "wie" and words[1] in ("sie", "ihn", "es")


def _words_before(sentence: Sentence, i: int) -> tuple[int, int]:
    """The tokens that a pronoun is told to have said right before: what stands between quotation marks, or in the subjunctive.

    The indicative without marks may be the newsroom's own: "Lindner hat nichts dagegen, sagt er".
    """
    tokens, own = sentence.tokens, sentence.clause_of(i)
    if i < 3 or own is None or tokens[i - 1].tag != "VVFIN":
        return 0, 0
    end = i - 1 - (tokens[i - 2].text == ",")
    if tokens[end - 1].text in _MARKS:
        return next((k for k in range(end - 2, -1, -1) if tokens[k].text in _MARKS), 0), end
    start = next((k + 1 for k in range(end - 1, -1, -1) if tokens[k].text in (":", ";")), 0)
    told = sorted((c for c in sentence.clauses if c.finite and start <= c.head < end), key=lambda c: c.start)
    reported = told[:1] + [c for c in told[1:] if c.parent == own.index and c.kind == "complement"]
    return (start, end) if end < i - 1 and any(c.mood in _REPORTS for c in reported) else (0, 0)


def _plural_verb(sentence: Sentence, clause: Clause) -> bool:
    finite = next((k for k in clause.verbs if sentence.tokens[k].tag.endswith("FIN")), None)
    return finite is None or sentence.tokens[finite].text.lower().endswith(("en", "sind", "seien"))


def _masculine(hit: Hit) -> bool:
    return hit.female is False and hit.kind in ("person", "office", "pronoun", "description")


def _person(i: int, here: Sequence[Hit], back: Sequence[tuple[int, Hit, bool]], index: int) -> Hit | None:
    """The person meant: of this sentence, else of the last one that names somebody; the subject before others."""
    if here:
        codes = {hit.codes for hit in here}
        return meant(i, here[0] if len(codes) > 1 else here[-1], "pronoun", 0.9 if len(codes) == 1 else 0.65)
    if not back:
        return None
    latest = back[-1][0]
    last = [(hit, subject) for at, hit, subject in back if at == latest]
    near = 0.08 * (index - latest - 1)
    if len({hit.codes for hit, _ in last}) == 1:
        return meant(i, last[-1][0], "pronoun", 0.9 - near)
    subjects = [hit for hit, subject in last if subject]
    if len({hit.codes for hit in subjects}) == 1:
        return meant(i, subjects[-1], "pronoun", 0.75 - near)
    return None
