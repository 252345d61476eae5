"""Words that point back: "der Minister", "sein Amtskollege", "das Bündnis", "das Land", "er". Refused when unclear."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

from extractors.actors import houses
from extractors.actors.hits import Hit
from extractors.actors.lexicon import Noun, lexicon, noun, single, states_of
from extractors.actors.mistaken import SENTENCES, Pointed, mistaken
from extractors.actors.pairs import PAIRS, both, pair
from extractors.actors.phrases import EMBASSIES
from extractors.actors.spoken import Memory, is_person, of_state, recent, subject_hits
from extractors.language import Clause, Document, Sentence, Token

LEAST = 0.6
"""A pointer whose best reading scores less is refused."""
_REACH = 3
"""Sentences a pronoun looks back, its own included; descriptions look twice as far."""
_ARTICLES = frozenset("der die das dem den des dieser diese dieses diesem diesen".split())
_OF_NEWS = frozenset({"laut", "vom"})
"""what stands before a body that says something, without an article: "laut Verteidigungsministerium", "vom Generalstab" """
_OF = frozenset({"der", "des", "von"})
"""behind a noun, what says whose it is"""
_MARKS, _REPORTS = frozenset('„“”"»«'), frozenset({"konjunktiv1", "konjunktiv2"})
_POSSESSIVES = ("sein", "ihr")
_COUNTRY = frozenset(
    {"land", "landes", "staat", "staates", "regierung", "armee", "volk", "präsident", "hauptstadt", "heimat", "büro"}
)
_LANDS = frozenset({"land", "landes", "staat", "staates"})
_ALLIANCE = frozenset({"bündnis", "bündnisses", "allianz", "militärallianz"})
_ALLIES = frozenset(
    {"verbündete", "verbündeten", "alliierte", "alliierten", "bündnispartner", "bündnispartnern", "bündnisstaaten"}
)
_MINISTRIES = ("ministerium", "generalstab", "präsidialamt")
_EMBASSY_REACH = 4
"""sentences that an embassy looks back for its own name: "die Botschaft" alone is often what somebody tells"""
_NO_EMBASSY = frozenset({"an", ":", "–", "dass"})
"""what stands behind a word for a message, not for a house"""
_BODY_REACH = 12
"""sentences a body looks back for its own name"""
_FORCES = frozenset(
    "soldat soldaten truppen geheimdienst geheimdienste heer luftwaffe marine nationalgarde küstenwache notenbank kriegskabinett "
    "präsidialverwaltung justizministerium energieministerium wirtschaftsministerium".split()
)
"""bodies that several states have, so that only one that was named with its state is meant"""
_FORCES_REACH = 6
"""sentences they look back for their own name"""
_FEMININE = frozenset({"UKR", "TUR", "CHE", "SVK", "MNG", "NATO", "EU", "OSCE", "IAEA"})
"""states and organisations that are spoken of as "sie" """
_A_SIDE = re.compile(
    r"(?:Nord|Süd)?(?:Osten|Westen)s?|(?:Nord|Süd)ens?|Teil(?:e|en|s)?|Hälfte|Städten?|Regionen|Gebieten?"
)
"""what of a country tells where something is: "im Osten des Landes" """
_MEMBERS = frozenset(
    "mitgliedstaaten mitgliedsstaaten mitgliedsländer mitgliedsländern mitgliederstaaten mitgliedern".split()
)
_BODY = frozenset(
    "regierung armee außenministerium verteidigungsministerium parlament präsidialamt militär generalstab führung "
    "ministerium streitkräfte innenministerium finanzministerium".split()
)


_WORDS = (
    PAIRS
    | _MEMBERS
    | _ALLIANCE
    | _ALLIES
    | _COUNTRY
    | _BODY
    | _FORCES
    | EMBASSIES
    | houses.WORDS
    | {"sicherheitsrat", "sicherheitsrates"}
)
"""nouns that may point, besides offices"""
_POINTING = frozenset({"PPER", "PIS", "PDS", "PRELS", "PPOSAT"})


def resolve(
    document: Document, named: Sequence[Sequence[Hit]], *, home: str, refused: list[tuple[int, Hit, str]] | None = None
) -> list[list[Hit]]:
    """For each sentence the pointing words that could be resolved, as hits of kind pronoun or description.

    To `refused` those are added that mean somebody else, each with its sentence and the row that says so (`mistaken`).
    """
    memory = Memory()
    everywhere = {code for hits in named for hit in hits for code in hit.codes}
    found: list[list[Hit]] = []
    known: list[Sequence[Hit]] = []
    full: list[houses.Named] = []
    for sentence, hits in zip(document.sentences, named, strict=True):
        taken = {k: hit for hit in hits for k in range(hit.first, hit.last + 1)}
        pointed: list[Hit] = []
        for token in sentence.tokens:
            if token.i in taken:
                hit = _countryman(sentence, taken[token.i], memory)
                if hit is not None:
                    pointed.append(hit)
                continue
            if not _may_point(token):
                continue
            earlier = [hit for hit in (*hits, *pointed) if hit.last < token.i]
            hit = (
                pair(sentence, token.i, earlier, memory)
                or both(sentence, token.i, earlier, memory)
                or _house(sentence, token.i, earlier, full)
                or _pointer(sentence, token.i, earlier, memory, everywhere, home)
            )
            if hit is None or hit.score < LEAST:
                continue
            lately = slice(max(sentence.index + 1 - SENTENCES, 0), sentence.index + 1)
            row = mistaken(Pointed(document.sentences[lately], (*known[lately], (*hits, *pointed)), token.i, hit))
            if not row:
                pointed.append(hit)
            elif refused is not None:
                refused.append((sentence.index, hit, row))
        found.append(pointed)
        known.append((*hits, *pointed))
        memory.add(sentence, sorted((*hits, *pointed), key=lambda hit: hit.first))
        full += houses.named(sentence.index, sentence.tokens, hits)
    return found


def _may_point(token: Token) -> bool:
    if token.tag in _POINTING or token.text in PAIRS:
        return True
    if not token.text[:1].isupper():
        return False
    low = token.text.lower()
    return (
        noun(token.text) is not None
        or low in _WORDS
        or low.removesuffix("s") in _WORDS
        or low.startswith("nachbarland")
    )


def _countryman(sentence: Sentence, hit: Hit, memory: Memory) -> Hit | None:
    """ "Der Norweger warnte": the head of the NATO who was spoken of, where he once governed Norway."""
    if hit.kind != "inhabitant" or hit.first != hit.last or not hit.first:
        return None
    article = sentence.tokens[hit.first - 1].text
    female = sentence.tokens[hit.first].text.endswith("in")
    if article not in (("Die", "die") if female else ("Der", "der")) or hit not in subject_hits(
        sentence, hit.first, [hit]
    ):
        return None
    # Where nobody of that state is spoken of otherwise, it is meant however far back he was named.
    others = any(hit.codes[0] in one.codes for _, one, _ in (*memory.states, *memory.people))
    for _, person, _ in reversed(recent(memory.people, sentence.index, _REACH if others else sentence.index + 1)):
        if bool(person.female) is female and person.codes != hit.codes and hit.codes[0] in states_of(person.person):
            return _found(hit.first, person, "description", 0.85)
    return None


def _pointer(
    sentence: Sentence, i: int, earlier: Sequence[Hit], memory: Memory, everywhere: set[str], home: str
) -> Hit | None:
    token = sentence.tokens[i]
    low = token.text.lower()
    if token.tag == "PPER" and low in ("er", "ihm", "ihn"):
        return _he(sentence, i, earlier, memory)
    if low == "sie" and token.tag == "PPER":
        return _she(sentence, i, earlier, memory) or _body_as_she(sentence, i, earlier)
    if (low == "dieser" and token.tag in ("PDS", "PRELS")) or (low == "der" and token.tag == "PDS" and i == 0):
        return _the_latter(i, memory, sentence.index)
    if i == 0 and token.tag == "PPOSAT" and low.startswith("sein"):
        return _his(sentence, i, memory)
    if not token.text[:1].isupper() or i == 0:
        return None
    if low in _MEMBERS or low in ("sicherheitsrat", "sicherheitsrats", "sicherheitsrates"):
        return _organisation(sentence, i, low, earlier, memory, everywhere)
    if low in _ALLIANCE:
        return _alliance(sentence, i, everywhere)
    if low in _ALLIES:
        return _allies(i, everywhere)
    before = sentence.tokens[i - 1].text.lower()
    if before.startswith(_POSSESSIVES) and sentence.tokens[i - 1].tag == "PPOSAT" and low in _COUNTRY:
        return _own_country(sentence, i, earlier, memory)
    if before in _ARTICLES and low.removesuffix("s") in EMBASSIES:
        return _embassy(sentence, i, low.removesuffix("s"), earlier, memory)
    if (before in _ARTICLES or (before in _OF_NEWS and low in _BODY)) and not _modified(sentence, i):
        return _description(sentence, i, earlier, memory, home)
    return None


def _house(sentence: Sentence, i: int, earlier: Sequence[Hit], full: Sequence[houses.Named]) -> Hit | None:
    tokens, low = sentence.tokens, sentence.tokens[i].text.lower()
    before = tokens[i - 1 - (i > 1 and tokens[i - 1].text.startswith(houses.ATTRIBUTE))] if i else None
    if low not in houses.WORDS or before is None or before.text.lower() not in _ARTICLES:
        return None
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    # "Die Kommission Juncker" bears a name; a state behind it is whom the house acts upon.
    named = after is not None and after.tag == "NE" and single(after.text) is None
    if named or (after is not None and after.text in _OF and after.tag in ("ART", "APPR")):
        return None
    return houses.house(low, i, sentence.index, [*full, *houses.named(sentence.index, tokens, earlier)])


def _modified(sentence: Sentence, i: int) -> bool:
    """ "das Land Brandenburg", "die Regierung in Rom", "der Sprecher des Ministeriums, Iwan Sidorow": what is behind says which."""
    after, further = (sentence.tokens[k] if k < len(sentence.tokens) else None for k in (i + 1, i + 2))
    if after is None:
        return False
    if after.text == "," and further is not None and further.tag == "NE":
        return True
    return after.tag == "NE" or (after.text in (*_OF, "für") and after.tag in ("ART", "APPR"))


def _found(i: int, source: Hit, kind: str, score: float) -> Hit:
    return replace(
        source, first=i, last=i, core=i, kind=kind, origin="coreference", score=score, noun=None, capital=False
    )


def _he(sentence: Sentence, i: int, earlier: Sequence[Hit], memory: Memory) -> Hit | None:
    subjects = subject_hits(sentence, i, earlier)
    oblique = sentence.tokens[i].text.lower() != "er"
    here = [hit for hit in earlier if _masculine(hit) and not (hit in subjects if oblique else _met(sentence, hit, i))]
    here = _not_named_by(sentence, i, here)
    back = [entry for entry in recent(memory.people, sentence.index, _REACH) if _masculine(entry[1])]
    if oblique:
        # "Er bat ihn": whom somebody asks is not himself.
        acting = {hit.codes for hit in subjects}
        back = [entry for entry in back if entry[1].codes not in acting]
    return _person(i, here, back, sentence.index)


def _she(sentence: Sentence, i: int, earlier: Sequence[Hit], memory: Memory) -> Hit | None:
    clause = sentence.clause_of(i)
    if clause is None or _plural_verb(sentence, clause):
        return None
    here = _not_named_by(sentence, i, [hit for hit in earlier if hit.female and not _met(sentence, hit, i)])
    back = [entry for entry in recent(memory.people, sentence.index, _REACH) if entry[1].female]
    return _person(i, here, back, sentence.index)


def _body_as_she(sentence: Sentence, i: int, earlier: Sequence[Hit]) -> Hit | None:
    """ "Die Regierung sagte, dass sie zahlt": the body or state that the clause around is about."""
    clause = sentence.clause_of(i)
    if clause is None or clause.parent is None or _plural_verb(sentence, clause):
        return None
    around = sentence.clauses[clause.parent]
    heads = around.subject.heads if around.subject is not None else ()
    acting = [hit for hit in earlier if any(hit.first <= head <= hit.last for head in heads)]
    if clause.subject is None or i not in clause.subject.heads or len(acting) != 1 or not _feminine(acting[0]):
        return None
    return replace(_found(i, acting[0], "pronoun", 0.8), office="", person="", female=None)


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


def _not_named_by(sentence: Sentence, i: int, hits: Sequence[Hit]) -> list[Hit]:
    """Without whom somebody names in his own words, told before "sagte er" or "sagte der Minister": that is never himself
    ("Putin lüge, sagte er"). `i`: where the words for him begin."""
    start, end = _words_before(sentence, i)
    return [hit for hit in hits if hit.kind == "pronoun" or not start <= hit.first < end]


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


def _the_latter(i: int, memory: Memory, index: int) -> Hit | None:
    """ "Dieser warf …", "Der hatte …": the man named last in the sentence before."""
    men = [hit for at, hit, _ in memory.people if at == index - 1 and _masculine(hit)]
    return _found(i, men[-1], "pronoun", 0.7) if men else None


def _his(sentence: Sentence, i: int, memory: Memory) -> Hit | None:
    """ "Seine Prognose …" at the start of a sentence: the only man, or the subject, of the one before."""
    hit = _person(
        i, [], [one for one in recent(memory.people, sentence.index, 2) if _masculine(one[1])], sentence.index
    )
    return replace(hit, score=hit.score - 0.1) if hit is not None else None


def _organisation(
    sentence: Sentence, i: int, low: str, earlier: Sequence[Hit], memory: Memory, everywhere: set[str]
) -> Hit | None:
    """ "die Mitgliedstaaten": of the organisation last spoken of; "der Sicherheitsrat": the UN's, where they are named."""
    if low.startswith("sicherheitsrat"):
        code = "UN" if "UN" in everywhere else ""
    else:
        spoken = [hit for _, hit, _ in recent(memory.states, sentence.index, 4)] + list(earlier)
        code = next((c for hit in reversed(spoken) for c in hit.codes if c in ("EU", "NATO", "UN", "OSCE", "G7")), "")
    if not code:
        return None
    return Hit(first=i, last=i, codes=(code,), name=code, kind="description", origin="coreference", score=0.75, core=i)


def _masculine(hit: Hit) -> bool:
    return hit.female is False and hit.kind in ("person", "office", "pronoun", "description")


def _person(i: int, here: Sequence[Hit], back: Sequence[tuple[int, Hit, bool]], index: int) -> Hit | None:
    """The person meant: of this sentence, else of the last one that names somebody; the subject before others."""
    if here:
        codes = {hit.codes for hit in here}
        return _found(i, here[0] if len(codes) > 1 else here[-1], "pronoun", 0.9 if len(codes) == 1 else 0.65)
    if not back:
        return None
    latest = back[-1][0]
    last = [(hit, subject) for at, hit, subject in back if at == latest]
    near = 0.08 * (index - latest - 1)
    if len({hit.codes for hit, _ in last}) == 1:
        return _found(i, last[-1][0], "pronoun", 0.9 - near)
    subjects = [hit for hit, subject in last if subject]
    if len({hit.codes for hit in subjects}) == 1:
        return _found(i, subjects[-1], "pronoun", 0.75 - near)
    return None


def _alliance(sentence: Sentence, i: int, everywhere: set[str]) -> Hit | None:
    if "NATO" not in everywhere:
        return None
    return Hit(
        first=i, last=i, codes=("NATO",), name="NATO", kind="description", origin="coreference", score=0.9, core=i
    )


def _allies(i: int, everywhere: set[str]) -> Hit:
    code = "NATO" if "NATO" in everywhere else "WEST"
    return Hit(first=i, last=i, codes=(code,), name=code, kind="description", origin="coreference", score=0.65, core=i)


def _own_country(sentence: Sentence, i: int, earlier: Sequence[Hit], memory: Memory) -> Hit | None:
    people = [hit for hit in earlier if is_person(hit)]
    if not people:
        people = [hit for at, hit, subject in recent(memory.people, sentence.index, 2) if subject]
    if not people:
        return None
    people = _owners(sentence, i, people)
    codes = {hit.codes[0].split("-")[0] for hit in people}
    source = people[0]
    return replace(
        _found(i, source, "description", 0.85 if len(codes) == 1 else 0.62),
        codes=(source.codes[0].split("-")[0],), office="", person="", female=None,
    )  # fmt: skip


def _owners(sentence: Sentence, i: int, people: list[Hit]) -> list[Hit]:
    """ "Baerbock traf Kuleba, dessen Botschafter für sein Land bat": "sein" is no woman's; and rather of who does something."""
    beside = [hit for hit in people if hit.last == i - 3 and sentence.tokens[i - 2].text == "und"]
    if beside:
        return beside
    if sentence.tokens[i - 1].text.lower().startswith("sein"):
        people = [hit for hit in people if hit.female is not True] or people
    clause = sentence.clause_of(i)
    while clause is not None:
        heads = clause.subject.heads if clause.subject is not None else ()
        acting = [hit for hit in people if any(hit.first <= head <= hit.last for head in heads)]
        if acting:
            return acting
        clause = sentence.clauses[clause.parent] if clause.parent is not None else None
    return people


def _description(sentence: Sentence, i: int, earlier: Sequence[Hit], memory: Memory, home: str) -> Hit | None:
    low = sentence.tokens[i].text.lower()
    if low in _LANDS:
        return _country(sentence, i, earlier, memory)
    if low.startswith("nachbarland"):
        return _neighbour(sentence, i, earlier, memory)
    body = low if low in _BODY else low.removesuffix("s")
    if body in _BODY:
        return (
            _ministry(sentence, i, body, earlier, memory)
            or (_parliament(sentence, i, earlier) if body == "parlament" else None)
            or _country(sentence, i, earlier, memory)
        )
    if low in _FORCES:
        return _same_named(sentence, i, low, earlier, memory)
    title = noun(sentence.tokens[i].text)
    if title is None or title.kind != "office" or title.suffix:
        return None
    return _office(sentence, i, _titles(title), title.gender == "f", earlier, memory)


_SAME_OFFICE = MappingProxyType(
    {
        "staatschef": ("präsident",), "staatsoberhaupt": ("präsident", "könig"),
        "regierungschef": ("kanzler", "ministerpräsident", "premier"), "premier": ("premier", "ministerpräsident"),
        "ministerpräsident": ("premier", "ministerpräsident"), "premierminister": ("premier", "ministerpräsident"),
        "diplomat": ("minister", "botschafter", "gesandte", "unterhändler", "diplomat", "vertreter"),
        "chefdiplomat": ("außenminister", "außenbeauftragte"), "politiker": ("",), "machthaber": ("präsident", "machthaber"),
    }
)  # fmt: skip
"""Other words for an office, and what they may stand for."""


def _titles(title: Noun) -> tuple[str, ...]:
    """What the office of whoever is meant must contain: all of the word ("Außenminister"), or what it is a synonym of."""
    word = re.sub(r"(?:innen|in)$", "", title.word.lower())
    ending = title.ending.lstrip("*").removesuffix("in")
    known = next((name for name in _SAME_OFFICE if word in (name, name + "s", name + "en", name + "n")), None)
    if known is not None:
        return _SAME_OFFICE[known]
    start = word.find(ending)
    return (word[: start + len(ending)],) if start >= 0 else (ending,)


def _ministry(sentence: Sentence, i: int, low: str, earlier: Sequence[Hit], memory: Memory) -> Hit | None:
    """ "laut Verteidigungsministerium": the one that was named with its state before; "das Ministerium": the last named.

    Governments, armies and parliaments are rather those of the state that was spoken of last.
    """
    if not low.endswith(_MINISTRIES):
        return None
    fitting = _named_so(sentence, low, earlier, memory, _BODY_REACH)
    if not fitting:
        return None
    return _state(i, fitting[-1], 0.9 if len({hit.codes for hit in fitting}) == 1 else 0.7)


def _same_named(sentence: Sentence, i: int, low: str, earlier: Sequence[Hit], memory: Memory) -> Hit | None:
    """ "Der Geheimdienst" after "der südkoreanische Geheimdienst": the same word of one state right before, and of no other."""
    fitting = _named_so(sentence, low, earlier, memory, _FORCES_REACH)
    return _state(i, fitting[-1], 0.85) if len({hit.codes for hit in fitting}) == 1 else None


def _parliament(sentence: Sentence, i: int, earlier: Sequence[Hit]) -> Hit | None:
    """ "Er bat das Parlament um Zustimmung": who governs asks his own."""
    acting = [hit for hit in subject_hits(sentence, i, earlier) if is_person(hit) and of_state(hit)]
    return _state(i, acting[0], 0.8) if len({hit.codes for hit in acting}) == 1 else None


def _named_so(sentence: Sentence, low: str, earlier: Sequence[Hit], memory: Memory, reach: int) -> list[Hit]:
    """The bodies that were named by a word and their state, the latest last."""
    named = [hit for at, hit in memory.bodies if sentence.index - at < reach]
    named += [hit for hit in earlier if hit.noun is not None and hit.noun.kind == "body"]
    return [hit for hit in named if hit.noun is not None and _same_body(low, hit.noun.word.lower())]


def _same_body(low: str, word: str) -> bool:
    return word in (low, f"{low}s", f"{low}es") or (low == "ministerium" and word.removesuffix("s").endswith(low))


def _embassy(sentence: Sentence, i: int, low: str, earlier: Sequence[Hit], memory: Memory) -> Hit | None:
    """ "Die Botschaft" after "die russische Botschaft in Berlin": whose it is was told right before."""
    after, further = ([t.text.lower() for t in sentence.tokens[i + 1 : i + 3]] + ["", ""])[:2]
    if {after, further if after == "," else ""} & _NO_EMBASSY:
        return None
    if _modified(sentence, i) and not (after == "der" and further.endswith("regierung")):
        return None
    named = [entry for entry in memory.bodies if sentence.index - entry[0] < _EMBASSY_REACH]
    named += [(sentence.index, hit) for hit in earlier if hit.noun is not None and hit.noun.kind == "body"]
    fitting = [hit for _, hit in named if hit.noun is not None and hit.noun.word.lower().endswith(low)]
    return _state(i, fitting[-1], 0.9) if len({hit.codes for hit in fitting}) == 1 else None


def _country(sentence: Sentence, i: int, earlier: Sequence[Hit], memory: Memory) -> Hit | None:
    """The state last spoken of; refused where the last sentence leaves a choice."""
    here = [hit for hit in earlier if hit.kind in ("name", "metonym") and len(hit.codes[0]) == 3]
    if here:
        codes = {hit.codes for hit in here}
        return _state(i, here[-1], 0.85 if len(codes) == 1 else 0.5)
    if i > 1 and _A_SIDE.fullmatch(sentence.tokens[i - 2].text):
        told = [hit for hit in earlier if _of_a_state(hit)]
        if len({hit.codes for hit in told}) == 1:
            return _state(i, told[0], 0.75)
    back = [entry for entry in recent(memory.states, sentence.index, 3) if len(entry[1].codes[0]) == 3]
    if sentence.tokens[i].text.lower() in _LANDS:
        # "Erdogan wirft dem Land vor": of his own it would be "seinem".
        own = {code for hit in subject_hits(sentence, i, earlier) for code in hit.codes}
        back = [entry for entry in back if own.isdisjoint(entry[1].codes)]
    if not back:
        return None
    last = [entry for entry in back if entry[0] == back[-1][0]]
    if len({entry[1].codes for entry in last}) == 1:
        return _state(i, last[-1][1], 0.8)
    subjects = [entry for entry in last if entry[2]]
    if len({entry[1].codes for entry in subjects}) == 1:
        return _state(i, subjects[-1][1], 0.65)
    return None


def _of_a_state(hit: Hit) -> bool:
    """ "Die ukrainischen Truppen kämpfen im Süden des Landes": a nationality, or an office or body with its state."""
    return hit.kind in ("adjective", "office", "compound") and len(hit.codes) == 1 and hit.codes[0] in _states()


@functools.cache
def _states() -> frozenset[str]:
    return frozenset(lexicon().stems.values())


def _neighbour(sentence: Sentence, i: int, earlier: Sequence[Hit], memory: Memory) -> Hit | None:
    """ "Russland habe nicht vor, das Nachbarland anzugreifen": the other of the two states that were spoken of."""
    back = [(hit, subject) for _, hit, subject in recent(memory.states, sentence.index, 3) if of_state(hit)]
    states = {hit.codes[0]: hit for hit, _ in back if len(hit.codes) == 1}
    own = {code for hit in earlier if hit.kind in ("person", "office", "name", "metonym") for code in hit.codes}
    own = own or {code for hit, subject in back if subject for code in hit.codes}
    others = [hit for code, hit in states.items() if code not in own]
    return _state(i, others[0], 0.7) if own & states.keys() and len(others) == 1 else None


def _state(i: int, source: Hit, score: float) -> Hit:
    return replace(_found(i, source, "description", score), office="", person="", female=None)


def _office(
    sentence: Sentence, i: int, titles: Sequence[str], female: bool, earlier: Sequence[Hit], memory: Memory
) -> Hit | None:
    """ "der Minister": somebody of that office and gender, spoken of a little before."""
    here = _not_named_by(sentence, i - 1, [hit for hit in earlier if hit.kind in ("person", "office")])
    pool = [(sentence.index, hit, False) for hit in here]
    pool = [*recent(memory.people, sentence.index, 2 * _REACH), *pool]
    fitting = [
        entry
        for entry in pool
        if bool(entry[1].female) == female and any(title in entry[1].office.lower() for title in titles)
    ]
    if not fitting:
        return None
    latest = [entry for entry in fitting if entry[0] == fitting[-1][0]]
    same = len({entry[1].codes for entry in latest}) == 1
    everybody = len({entry[1].codes for entry in fitting}) == 1
    return _found(i, latest[-1][1], "description", 0.92 if everybody else 0.75 if same else 0.5)
