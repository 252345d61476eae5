"""Words for two or more who were spoken of: "beide Seiten", "die drei Außenminister", "die Kriegsparteien", "beide"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from types import MappingProxyType

from extractors.actors.hits import Hit
from extractors.actors.lexicon import single
from extractors.actors.pronouns import several
from extractors.actors.spoken import SEVERAL, Memory, Word, is_person, of_state, subject_hits
from extractors.language import Sentence

_PARTIES = frozenset({"kriegsparteien", "konfliktparteien", "kriegsgegner", "kriegsgegnern", "kontrahenten"})
PAIRS = frozenset(
    "seiten länder ländern staaten parteien präsidenten minister staatschefs politiker regierungen nachbarn nachbarstaaten "
    "außenminister delegationen verteidigungsminister nachbarländer großmächte supermächte atommächte "
    "ressortchefs regierungschefs chefdiplomaten amtskollegen finanzminister innenminister".split()
) | _PARTIES  # fmt: skip
_PEOPLE = frozenset(
    "präsidenten minister staatschefs politiker außenminister verteidigungsminister ressortchefs regierungschefs chefdiplomaten "
    "amtskollegen finanzminister innenminister".split()
)
"""of pairs, those who are people: where people were spoken of, two of them are meant"""
_ORGANISATIONS = frozenset({"NATO", "EU", "UN", "OSCE", "IAEA"})
"""whose heads meet those of states"""
_NUMBERS = MappingProxyType({"beide": 2, "beiden": 2, "beider": 2, "drei": 3, "vier": 4})
_OPENS = frozenset({"-", "–", "—", ":", "("})
_AT_WAR = frozenset({"RUS", "UKR"})
_IN_OTHER_WARS = frozenset(
    {"SEP", "ISR", "PSE", "HAM", "HEZ", "IRN", "SYR", "YEM", "SDN", "ARM", "AZE", "GEO", "IND", "PAK"}
)
"""where they are spoken of, "die Konfliktparteien" may be they"""
_APPEALS = frozenset({"mahnen", "ermahnen", "aufrufen", "auffordern", "fordern", "appellieren", "drängen", "rufen"})
"""what others do to both sides of a war: in all four such sentences of our labels"""
_TOGETHER_REACH = 8
"""sentences back in which two were named side by side"""
_BOTH_REACH = 3
"""sentences that "beide" alone looks back"""


def pair(w: Word) -> Hit | None:
    """ "beide Seiten", "die drei Außenminister", "die Kriegsparteien": so many states, if just so many were spoken of."""
    sentence, i, earlier, memory, low = w.sentence, w.i, w.earlier, w.memory, w.low
    number = _NUMBERS.get(w.before, 2 if low in _PARTIES else 0)
    if low not in PAIRS or not number or _are_counted_up(sentence, i) or _of_a_place(w):
        return None
    subjects = subject_hits(sentence, i, earlier)
    here = [hit for hit in earlier if of_state(hit)]
    back = [hit for at, hit, _ in (*memory.states, *memory.people) if sentence.index - at <= 2 and of_state(hit)]
    # "Peking ruft beide Seiten auf": who speaks to both is neither of them.
    own = {code.split("-")[0] for hit in (*subjects, *_telling(sentence, i, earlier)) for code in hit.codes}
    if low in _PARTIES and _is_their_war(own, memory, of_both=False):
        return several(i, sorted(_AT_WAR))
    if low == "seiten" and _is_appealed_to(sentence, i) and _is_their_war(own, memory):
        return several(i, sorted(_AT_WAR))
    near = [hit for at, hit, _ in (*memory.states, *memory.people) if sentence.index - at == 1 and of_state(hit)]
    # Fewer than are meant: one office may be of several states ("der Außenminister Deutschlands, Frankreichs und Polens").
    people = {code.split("-")[0] for hit in here + back if is_person(hit) for code in hit.codes} - own
    if low in _PEOPLE and len(people) >= number:
        here, near, back = ([hit for hit in pool if is_person(hit)] for pool in (here, near, back))
    pools = [sorted({code.split("-")[0] for hit in pool for code in hit.codes} - own) for pool in (here, here + near)]
    states = next((pool for pool in pools if len(pool) == number), [])
    may_stand = number == len(_AT_WAR) and low not in _PARTIES and not pools[0]
    together = _together(w, own) if may_stand else frozenset[str]()
    if together and (not states or _happens_by(states, together, memory)):
        return several(i, sorted(together))
    states = states or sorted({code.split("-")[0] for hit in here + back for code in hit.codes} - own)
    if len(states) != number and may_stand:
        states = _two_of_a_sentence(w, own)
    if len(states) < number and low not in _PEOPLE:
        # "Schoigu bot den Amerikanern Gespräche an. Paris mahnte beide Staaten": a state may be named by its people alone.
        peoples = [hit for at, hit, _ in memory.peoples if sentence.index - at <= 2 and of_state(hit)]
        codes = {code.split("-")[0] for hit in (*here, *back, *peoples) for code in hit.codes} - own
        # "Die Palästinenser" are no side of a war that the Hamas fights.
        states = sorted(codes) if _IN_OTHER_WARS.isdisjoint(codes) else []
    return several(i, states) if len(states) == number else None


def counted(w: Word) -> Hit | None:
    """ "Belgien, Dänemark und Polen berieten. Die drei Länder …", "die drei Politiker": three or more whom a sentence before named, and
    nobody besides; people may have been named one by one."""
    number, index, of_people = _NUMBERS.get(w.before, 0), w.sentence.index, w.low in _PEOPLE
    if w.low not in PAIRS or number < SEVERAL or _are_counted_up(w.sentence, w.i) or _of_a_place(w):
        return None
    named = [(at, hit) for at, hit, _ in (*w.memory.people, *w.memory.states) if is_person(hit) or not of_people]
    one_by_one = set[str]()
    for back in range(1, _TOGETHER_REACH + 1):
        in_a_row = [row for at, row in w.memory.lists if index - at == back and len(row) == number]
        if len(in_a_row) == 1:
            return several(w.i, sorted(*in_a_row))
        states = {code.split("-")[0] for at, hit in named if index - at == back and of_state(hit) for code in hit.codes}
        one_by_one |= states if of_people else set()
        found = next((codes for codes in (states, one_by_one) if len(codes) == number), None)
        if found is not None:
            return several(w.i, sorted(found))
        if max(len(states), len(one_by_one)) > number:
            return None
    return None


def _two_of_a_sentence(w: Word, own: Collection[str]) -> list[str]:
    """The two states that a sentence right before names, and no third with them, though one behind it names somebody else: "Riga warf
    Minsk Verrat vor. Oslo mahnte zur Ruhe. Beide Seiten …"."""
    for back in range(1, _BOTH_REACH):
        hits = [hit for at, hit, _ in (*w.memory.states, *w.memory.people) if w.sentence.index - at == back]
        states = sorted({code.split("-")[0] for hit in hits if of_state(hit) for code in hit.codes} - {*own})
        if len(states) > 1:
            return states if len(states) == len(_AT_WAR) else []
    return []


def _together(w: Word, own: Collection[str]) -> frozenset[str]:
    """The last two states that were named side by side, none of whom speaks of both."""
    pairs = (two for at, two in reversed(w.memory.together) if w.sentence.index - at <= _TOGETHER_REACH)
    found = next((two for two in pairs if two.isdisjoint(own)), frozenset[str]())
    # "Die IAEA mahnte beide Seiten": those of the war, whom nothing may have named side by side.
    at_war = w.low == "seiten" and _is_their_war(own, w.memory) and all(two == _AT_WAR for _, two in w.memory.together)
    return _AT_WAR if not found and at_war else found


def _happens_by(states: Collection[str], together: Collection[str], memory: Memory) -> bool:
    """Whether one of two states of the sentence before is spoken of no more than the one that was named side by side with the other: "die
    USA und Russland … Merz mahnte Russland. Unterhändler beider Länder …"."""
    others, left_out = set(states) - set(together), set(together) - set(states)
    named = [(at, code.split("-")[0]) for at, hit, _ in (*memory.states, *memory.people) for code in hit.codes]

    def often(code: str) -> int:
        return len({at for at, one in named if one == code})

    return len(others) == 1 == len(left_out) and often(*others) <= often(*left_out)


def _are_counted_up(sentence: Sentence, i: int) -> bool:
    """ "Vier Staaten – Malta, Peru, Togo und Fidschi – fehlten": the sentence itself says which."""
    if i + 2 >= len(sentence.tokens) or sentence.tokens[i + 1].text not in _OPENS:
        return False
    entry = single(sentence.tokens[i + 2].text)
    return entry is not None and entry.kind == "name"


def _of_a_place(w: Word) -> bool:
    """ "Von drei Seiten her eingekreist": those of a dispute are two."""
    return w.low == "seiten" and w.before in _NUMBERS and not w.before.startswith("beid")


def _is_their_war(own: Collection[str], memory: Memory, *, of_both: bool = True) -> bool:
    """Whether an article that calls nobody else so speaks of the war that this dossier follows, `of_both` who fight it or of one."""
    named = {code.split("-")[0] for _, hit, _ in (*memory.states, *memory.people) for code in hit.codes}
    spoken_of = named >= _AT_WAR if of_both else not named.isdisjoint(_AT_WAR)
    return spoken_of and named.isdisjoint(_IN_OTHER_WARS) and _AT_WAR.isdisjoint(own)


def _is_appealed_to(sentence: Sentence, i: int) -> bool:
    """Whether a word tells whom somebody calls on: "Ankara mahnte beide Seiten zur Ruhe"."""
    clause = sentence.clause_of(i)
    if clause is None or clause.predicate not in _APPEALS:
        return False
    return clause.subject is None or i not in clause.subject.heads


def _telling(sentence: Sentence, i: int, earlier: Sequence[Hit]) -> list[Hit]:
    """Who tells what a clause says: "Le Drian kritisierte, dass beide Staaten schweigen" is not of France."""
    clause = sentence.clause_of(i)
    if clause is None or clause.parent is None or clause.kind != "complement":
        return []
    subject = sentence.clauses[clause.parent].subject
    heads = subject.heads if subject is not None else ()
    return [hit for hit in earlier if any(hit.first <= head <= hit.last for head in heads)]


def both(w: Word) -> Hit | None:
    """ "Beide hatten zuletzt in Genf gesprochen": the two states, and no third, that a sentence right before named."""
    sentence, i, earlier, memory = w.sentence, w.i, w.earlier, w.memory
    if sentence.tokens[i].tag != "PIS" or w.low not in ("beide", "beiden"):
        return None
    if len({hit.codes for hit in earlier if hit.codes}) > 1:
        return None
    states = [(at, hit) for at, hit, _ in (*memory.states, *memory.people) if of_state(hit)]
    heads = [(at, hit) for at, hit, _ in memory.people if len(hit.codes) == 1 and hit.codes[0] in _ORGANISATIONS]
    named = [(at, code) for at, hit in (*states, *heads) for code in hit.codes]
    two = _one_by_one(w)
    if two and len({code.split("-")[0] for at, code in named if at == sentence.index - 1}) == 1:
        return several(i, two)
    for back in range(1, _BOTH_REACH + 1):
        both = sorted({code.split("-")[0] for at, code in named if at == sentence.index - back})
        if len(both) == 2:
            return several(i, both)
        if len(both) > 2:
            return None
    last = next((two for at, two in reversed(memory.together) if sentence.index - at <= _BOTH_REACH), None)
    return several(i, sorted(last)) if last is not None else None


def _one_by_one(w: Word) -> list[str]:
    """The two men of whom the sentences right before told one after another, each of one as its only subject: "Biden bekräftigte das.
    Putin widersprach. Die beiden …"."""
    acting = [
        {
            hit.codes[0]
            for at, hit, subject in w.memory.people
            if subject and of_state(hit) and w.sentence.index - at == back
        }
        for back in (1, 2)
    ]
    two = sorted({code.split("-")[0] for codes in acting for code in codes})
    return two if all(len(codes) == 1 for codes in acting) and len(two) == len(_AT_WAR) else []
