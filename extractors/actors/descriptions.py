"""Words that describe who was spoken of: "das Land", "die Regierung", "der Minister", "das Bündnis"; as the rows of `pointing` look for
him. Refused when unclear."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

from extractors.actors import houses
from extractors.actors.hits import Hit
from extractors.actors.lexicon import Noun, noun, single, states, states_of
from extractors.actors.pronouns import REACH, not_named_by
from extractors.actors.spoken import Memory, Word, is_person, meant, of_state, recent, subject_hits
from extractors.language import Sentence

ARTICLES = frozenset("der die das dem den des dieser diese dieses diesem diesen".split())
OF = frozenset({"der", "des", "von"})
"""behind a noun, what says whose it is"""
LANDS = frozenset({"land", "landes", "staat", "staates"})
_MINISTRIES = ("ministerium", "generalstab", "präsidialamt")
_EMBASSY_REACH = 4
"""sentences that an embassy looks back for its own name: "die Botschaft" alone is often what somebody tells"""
_NO_EMBASSY = frozenset({"an", ":", "–", "dass"})
"""what stands behind a word for a message, not for a house"""
_NEAR = 3
"""sentences in which who acts there is still spoken of, this one included"""
_BODY_REACH = 12
"""sentences a body looks back for its own name"""
_FORCES_REACH = 6
"""sentences that forces look back for their own name"""
_A_SIDE = re.compile(
    r"(?:Nord|Süd)?(?:Osten|Westen)s?|(?:Nord|Süd)ens?|Teil(?:e|en|s)?|Hälfte|Städten?|Regionen|Gebieten?"
)
"""what of a country tells where something is: "im Osten des Landes" """


COUNTRYMAN = "who once governed there"
"""row of `countryman`, which looks at words that name a state by themselves"""


def house(w: Word) -> Hit | None:
    tokens, i = w.sentence.tokens, w.i
    before = tokens[i - 1 - (i > 1 and tokens[i - 1].text.startswith(houses.ATTRIBUTE))] if i else None
    if w.low not in houses.WORDS or before is None or before.text.lower() not in ARTICLES:
        return None
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    # "Die Kommission Juncker" bears a name; a state behind it is whom the house acts upon.
    named = after is not None and after.tag == "NE" and single(after.text) is None
    if named or (after is not None and after.text in OF and after.tag in ("ART", "APPR")):
        return None
    return houses.house(w.low, i, w.sentence.index, [*w.full, *houses.named(w.sentence.index, tokens, w.earlier)])


def countryman(sentence: Sentence, hit: Hit, memory: Memory) -> Hit | None:
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
    for _, person, _ in reversed(recent(memory.people, sentence.index, REACH if others else sentence.index + 1)):
        if bool(person.female) is female and person.codes != hit.codes and hit.codes[0] in states_of(person.person):
            return replace(meant(hit.first, person, "description", 0.85), row=COUNTRYMAN)
    return None


def members(w: Word) -> Hit | None:
    """ "die Mitgliedstaaten": of the organisation last spoken of."""
    spoken = [hit for _, hit, _ in recent(w.memory.states, w.sentence.index, 4)] + list(w.earlier)
    code = next((c for hit in reversed(spoken) for c in hit.codes if c in ("EU", "NATO", "UN", "OSCE", "G7")), "")
    return _described(w, code, 0.75) if code else None


def council(w: Word) -> Hit | None:
    """ "der Sicherheitsrat": the UN's, where they are named."""
    return _described(w, "UN", 0.75) if "UN" in w.everywhere else None


def alliance(w: Word) -> Hit | None:
    return _described(w, "NATO", 0.9) if "NATO" in w.everywhere else None


def allies(w: Word) -> Hit:
    return _described(w, "NATO" if "NATO" in w.everywhere else "WEST", 0.65)


def rebels(w: Word) -> Hit | None:
    """ "Die Aufständischen", "die Rebellen": the separatists, where an article names them and no other war. In all four such articles of ours
    it is they."""
    return _described(w, "SEP", 0.8) if "SEP" in w.everywhere and _OTHER_REBELS.isdisjoint(w.everywhere) else None


_OTHER_REBELS = frozenset({"SYR", "YEM", "SDN", "LBY", "MLI", "MMR", "COD", "ETH", "ISR", "PSE", "HAM", "HEZ"})
"""whose rebels they may be"""


def _described(w: Word, code: str, score: float) -> Hit:
    return Hit(first=w.i, last=w.i, codes=(code,), name=code, kind="description", origin="coreference", score=score,
               core=w.i)  # fmt: skip


def own_country(w: Word) -> Hit | None:
    here = [hit for hit in w.earlier if is_person(hit)]
    # "Sein Freund Lukaschenko sagte, sein Land …": the second is rather whose the words are.
    here = [hit for hit in here if w.sentence.tokens[hit.core].tag != "PPOSAT"] or here
    if here:
        people = _owners(w.sentence, w.i, here)
    else:
        people = [hit for at, hit, subject in recent(w.memory.people, w.sentence.index, 2) if subject]
    if not people:
        return None
    codes = {hit.codes[0].split("-")[0] for hit in people}
    source = people[0]
    return replace(
        meant(w.i, source, "description", 0.85 if len(codes) == 1 else 0.62),
        codes=(source.codes[0].split("-")[0],), office="", person="", female=None,
    )  # fmt: skip


def ministry(w: Word) -> Hit | None:
    """ "laut Verteidigungsministerium": the one that was named with its state before; "das Ministerium": the last named.

    Governments, armies and parliaments are rather those of the state that was spoken of last.
    """
    if not w.body.endswith(_MINISTRIES):
        return None
    fitting = _named_so(w, w.body, _BODY_REACH)
    if not fitting:
        return None
    return _state(w.i, fitting[-1], 0.9 if len({hit.codes for hit in fitting}) == 1 else 0.7)


def parliament(w: Word) -> Hit | None:
    """ "Er bat das Parlament um Zustimmung": who governs asks his own; else the one that was named with its state right before."""
    if w.body != "parlament":
        return None
    acting = [hit for hit in subject_hits(w.sentence, w.i, w.earlier) if is_person(hit) and of_state(hit)]
    if len({hit.codes for hit in acting}) == 1:
        return _state(w.i, acting[0], 0.8)
    named = [hit for hit in _named_so(w, w.body, _FORCES_REACH) if of_state(hit)]
    return _state(w.i, named[-1], 0.85) if len({hit.codes for hit in named}) == 1 else None


def body_beside(w: Word) -> Hit | None:
    """ "Ukrainische Vertreter und das Militär": of the state whose the first is."""
    beside = [hit for hit in w.earlier if hit.last == w.i - 3 and w.sentence.tokens[w.i - 2].text in ("und", "sowie")]
    return _state(w.i, beside[0], 0.85) if beside and of_state(beside[0]) and len(beside[0].codes) == 1 else None


def same_named(w: Word) -> Hit | None:
    """ "Der Geheimdienst" after "der südkoreanische Geheimdienst": the same word of one state right before, and of no other."""
    fitting = _named_so(w, w.low, _FORCES_REACH)
    return _state(w.i, fitting[-1], 0.85) if len({hit.codes for hit in fitting}) == 1 else None


def embassy(w: Word) -> Hit | None:
    """ "Die Botschaft" after "die russische Botschaft in Berlin": whose it is was told right before."""
    after, further = ([t.text.lower() for t in w.sentence.tokens[w.i + 1 : w.i + 3]] + ["", ""])[:2]
    if {after, further if after == "," else ""} & _NO_EMBASSY:
        return None
    if modified(w.sentence, w.i) and not (after == "der" and further.endswith("regierung")):
        return None
    named = [entry for entry in w.memory.bodies if w.sentence.index - entry[0] < _EMBASSY_REACH]
    named += [(w.sentence.index, hit) for hit in w.earlier if hit.noun is not None and hit.noun.kind == "body"]
    fitting = [hit for _, hit in named if hit.noun is not None and hit.noun.word.lower().endswith(w.body)]
    return _state(w.i, fitting[-1], 0.9) if len({hit.codes for hit in fitting}) == 1 else None


def country(w: Word) -> Hit | None:
    """The state last spoken of; refused where the last sentence leaves a choice."""
    side = w.i > 1 and _A_SIDE.fullmatch(w.sentence.tokens[w.i - 2].text) is not None
    own = _acting(w) if w.low in LANDS and not side else frozenset[str]()
    here = [hit for hit in w.earlier if hit.kind in ("name", "metonym") and len(hit.codes[0]) == 3]
    here = [hit for hit in here if own.isdisjoint(hit.codes)]
    if here:
        codes = {hit.codes for hit in here}
        return _state(w.i, here[-1], 0.85 if len(codes) == 1 else 0.5)
    if side:
        told = [hit for hit in w.earlier if _of_a_state(hit)]
        if len({hit.codes for hit in told}) == 1:
            return _state(w.i, told[0], 0.75)
    back = [entry for entry in _told_before(w) if own.isdisjoint(entry[1].codes)]
    last = [entry for entry in back if entry[0] == back[-1][0]]
    subjects = [entry for entry in last if entry[2]]
    for entries, score in ((last, 0.8), (subjects, 0.65)):
        if len({hit.codes for _, hit, _ in entries}) == 1:
            at, hit, _ = entries[-1]
            return None if _is_beside_who_acts(w, at, hit) else _state(w.i, hit, score)
    return None


def _acting(w: Word) -> frozenset[str]:
    """ "Erdogan wirft dem Land vor", "Österreich bietet an, Flüchtlinge aus dem Land zu übernehmen": of who does so it would be "sein"."""
    clause = w.sentence.clause_of(w.i)
    while clause is not None and clause.subject is None and clause.kind == "infinitive" and clause.parent is not None:
        clause = w.sentence.clauses[clause.parent]
    if clause is None or clause.subject is None or w.i in clause.subject.heads or _is_struck(w):
        return frozenset()
    acting = [hit for hit in w.earlier if any(hit.first <= head <= hit.last for head in clause.subject.heads)]
    return frozenset(code for hit in acting for code in hit.codes)


def _is_struck(w: Word) -> bool:
    """ "Israel bestraft sie für den Angriff auf das Land": behind such a noun it may well be who acts."""
    before = w.sentence.tokens[max(w.i - 3, 0) : w.i - 1]
    return len(before) > 1 and before[0].tag == "NN" and before[1].text in ("auf", "gegen")


def _told_before(w: Word) -> list[tuple[int, Hit, bool]]:
    """The states of the sentences before; without those that somebody named in his own words, where others are named outside of them."""
    back = [entry for entry in recent(w.memory.states, w.sentence.index, 3) if entry[1].codes[0] in states()]
    told = [entry for entry in back if (entry[0], entry[1].first) not in w.memory.quoted]
    return told if told and w.literal is None and w.low not in LANDS else back


def _is_beside_who_acts(w: Word, at: int, hit: Hit) -> bool:
    """ "Der deutsche Kanzler sagte, dass die Ukraine Panzer erhalte. Das Verteidigungsministerium …": where somebody of one state acts and
    another is only named, a government or ministry is hardly that one's. Of seven such words in 488 articles six were another's."""
    if w.low in LANDS or (at, hit.first) in w.memory.main:
        return False
    acting = [one for k, one, subject in w.memory.people if 0 < w.sentence.index - k < _NEAR and subject]
    return bool(acting) and of_state(acting[-1]) and acting[-1].codes != hit.codes


def neighbour(w: Word) -> Hit | None:
    """ "Russland habe nicht vor, das Nachbarland anzugreifen": the other of the two states that were spoken of."""
    back = [(hit, subject) for _, hit, subject in recent(w.memory.states, w.sentence.index, 3) if of_state(hit)]
    states = {hit.codes[0]: hit for hit, _ in back if len(hit.codes) == 1}
    own = {code for hit in w.earlier if hit.kind in ("person", "office", "name", "metonym") for code in hit.codes}
    own = own or {code for hit, subject in back if subject for code in hit.codes}
    others = [hit for code, hit in states.items() if code not in own]
    return _state(w.i, others[0], 0.7) if own & states.keys() and len(others) == 1 else None


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
        if any(sentence.tokens[head].tag == "PRELS" for head in heads):
            # "Kuleba traf Blinken, der ihm die Hilfe seines Landes zusagte": of him whom the pronoun stands for.
            before = [hit for hit in people if hit.last < min(clause.tokens)]
            return before[-1:] or people
        clause = sentence.clauses[clause.parent] if clause.parent is not None else None
    return people


def _named_so(w: Word, low: str, reach: int) -> list[Hit]:
    """The bodies that were named by a word and their state, the latest last."""
    named = [hit for at, hit in w.memory.bodies if w.sentence.index - at < reach]
    named += [hit for hit in w.earlier if hit.noun is not None and hit.noun.kind == "body"]
    return [hit for hit in named if hit.noun is not None and _same_body(low, hit.noun.word.lower())]


def _same_body(low: str, word: str) -> bool:
    return word in (low, f"{low}s", f"{low}es") or (low == "ministerium" and word.removesuffix("s").endswith(low))


def _of_a_state(hit: Hit) -> bool:
    """ "Die ukrainischen Truppen kämpfen im Süden des Landes": a nationality, or an office or body with its state."""
    return hit.kind in ("adjective", "office", "compound") and len(hit.codes) == 1 and hit.codes[0] in states()


def _state(i: int, source: Hit, score: float) -> Hit:
    return replace(meant(i, source, "description", score), office="", person="", female=None)


def office(w: Word) -> Hit | None:
    """ "der Minister": somebody of that office and gender, spoken of a little before."""
    title = noun(w.sentence.tokens[w.i].text)
    if title is None or title.kind != "office" or title.suffix:
        return None
    tokens = w.sentence.tokens
    if w.before == "der" and title.gender == "m" and w.i > 1 and tokens[w.i - 2].tag in ("NN", "NNA"):
        return None  # "Das Treffen der Außenminister": of several
    titles, female = _titles(title), title.gender == "f"
    here = not_named_by(w.sentence, w.i - 1, [hit for hit in w.earlier if hit.kind in ("person", "office")])
    pool = [*recent(w.memory.people, w.sentence.index, 2 * REACH), *((w.sentence.index, hit, False) for hit in here)]
    fitting = [
        entry
        for entry in pool
        if bool(entry[1].female) == female and any(one in entry[1].office.lower() for one in titles)
    ]
    if not fitting:
        return None
    latest = [entry for entry in fitting if entry[0] == fitting[-1][0]]
    same = len({entry[1].codes for entry in latest}) == 1
    everybody = len({entry[1].codes for entry in fitting}) == 1
    return meant(w.i, latest[-1][1], "description", 0.92 if everybody else 0.75 if same else 0.5)


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


def modified(sentence: Sentence, i: int) -> bool:
    """ "das Land Brandenburg", "die Regierung in Rom", "der Sprecher des Ministeriums, Iwan Sidorow": what is behind says which."""
    after, further = (sentence.tokens[k] if k < len(sentence.tokens) else None for k in (i + 1, i + 2))
    if after is None:
        return False
    if after.text == "," and further is not None and further.tag == "NE":
        return True
    return after.tag == "NE" or (after.text in (*OF, "für") and after.tag in ("ART", "APPR"))
