"""From trees to clauses: predicate with particle, roles, voice, mood, tense, modality, negation and kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import MappingProxyType

from extractors.language.shapes import Clause, Origin, Role, Token

_HEADS = frozenset({"ROOT", "ccomp", "xcomp", "advcl", "acl", "csubj", "parataxis"})
_VERB_PARTS = frozenset({"aux", "aux:pass", "cop", "compound:prt"})
NEGATIONS = frozenset(
    "nicht kein keine keinen keiner keinem keines nie niemals weder nichts niemand keinerlei keinesfalls".split()
)
PAST_TENSES = frozenset({"preterite", "perfect", "pluperfect"})
_KINDS = MappingProxyType(
    {
        "dass": "complement", "daß": "complement", "ob": "complement",
        "wenn": "conditional", "falls": "conditional", "sofern": "conditional", "sollte": "conditional",
        "als": "temporal", "nachdem": "temporal", "bevor": "temporal", "ehe": "temporal", "während": "temporal",
        "seit": "temporal", "seitdem": "temporal", "bis": "temporal", "sobald": "temporal", "solange": "temporal",
        "damit": "purpose", "um": "purpose", "weil": "causal", "da": "causal", "obwohl": "adverbial",
        "indem": "adverbial", "statt": "adverbial", "ohne": "adverbial", "anstatt": "adverbial",
    }
)  # fmt: skip
_ROLE = MappingProxyType(
    {"nsubj": "subject", "nsubj:pass": "subject", "obj": "object", "obl:arg": "recipient", "iobj": "recipient"}
)
_KONJUNKTIV1 = frozenset("sei seien seiest habe werde könne müsse solle wolle dürfe möge mögen wisse".split())
_KONJUNKTIV2 = frozenset(
    "wäre wären hätte hätten würde würden könnte könnten müsste müssten dürfte dürften möchte möchten käme kämen gäbe gäben "
    "ginge bliebe ließe stünde stünden fände fänden bräuchte bräuchten wüsste wüssten täte träte "
    "nähme nähmen sähe sähen hielte zöge zögen bräche fiele".split()
)
# Strong preterites that end in t or en like a present: everything else is told by its ending.
_PRETERITES = frozenset(
    "hielt trat bat bot riet stritt schritt litt tat ritt schnitt glitt focht flocht lud hatte hatten war waren wurde wurden "
    "konnte konnten musste mussten sollte sollten wollte wollten durfte durften mochte mochten ging gab kam nahm traf sah "
    "sprach stand schrieb blieb ließ rief fiel griff schlug zog warf wies fand begann verlor saß hieß stieß".split()
)
_BY = frozenset({"von", "vom", "durch", "seitens", "vonseiten"})
"""prepositions of who acts in a passive"""
_GETS = frozenset({"bekommen", "kriegen", "erhalten"})
"""verbs that make a passive of one with a dative: "bekam Panzer zugesagt" """
_PREFIXES = ("be", "er", "ent", "ver", "unter", "über", "wider")
"""what a strong verb begins with that keeps its preterite: "beriet", "erhielt", "verbot" """


def clauses(tokens: Sequence[Token]) -> tuple[Clause, ...]:
    """The clauses of one sentence, in the order of their heads."""
    below: dict[int, list[int]] = defaultdict(list)
    for token in tokens:
        if token.head != token.i:
            below[token.head].append(token.i)
    heads = [token.i for token in tokens if _heads_clause(tokens, below, token)]
    owner = _owners(tokens, set(heads))
    owned: dict[int, list[int]] = defaultdict(list)
    for i, head in enumerate(owner):
        owned[head].append(i)
    numbers = {head: k for k, head in enumerate(heads)}
    found = [_clause(tokens, below, owner, tuple(owned[head]), head, numbers) for head in heads]
    return tuple(_shared(tokens, found))


def _heads_clause(tokens: Sequence[Token], below: dict[int, list[int]], token: Token) -> bool:
    if token.dep == "ROOT" or token.head == token.i:
        return True
    if token.dep in ("aux", "aux:pass", "cop", "case", "compound:prt"):
        return False
    # Coordinated verbs, and whatever the parser mislabelled: a finite full verb heads a clause.
    may = token.dep in _HEADS or token.dep == "conj" or token.tag in ("VVFIN", "VVIMP", "VVIZU")
    return may and (token.tag.startswith("V") or any(tokens[k].dep == "cop" for k in below[token.i]))


def _owners(tokens: Sequence[Token], heads: set[int]) -> list[int]:
    """For each token the head of the innermost clause above it."""
    owner = [-1] * len(tokens)
    for token in tokens:
        i, seen = token.i, set()
        while i not in heads and i not in seen and tokens[i].head != i:
            seen.add(i)
            i = tokens[i].head
        owner[token.i] = i
    return owner


def _parent(tokens: Sequence[Token], owner: list[int], numbers: dict[int, int], head: int) -> int | None:
    above = tokens[head].head
    return None if above == head else numbers.get(owner[above])


def _clause(
    tokens: Sequence[Token],
    below: dict[int, list[int]],
    owner: list[int],
    own: tuple[int, ...],
    head: int,
    numbers: dict[int, int],
) -> Clause:
    spoken = [i for i in own if tokens[i].pos != "PUNCT"] or own
    verbs = tuple(sorted({head, *(k for k in below[head] if tokens[k].dep in _VERB_PARTS)}))
    finite = _finite(tokens, verbs)
    marker, kind = _kind(tokens, below, head, own, finite)
    passive = any(tokens[k].dep == "aux:pass" for k in verbs) or _state_passive(tokens, verbs, head)
    roles = tuple(_roles(tokens, below, own, head, passive))
    return Clause(
        index=numbers[head],
        predicate=_predicate(tokens, verbs, head),
        head=head,
        verbs=verbs,
        roles=roles,
        voice="passive" if passive else "active",
        mood=_mood(tokens, finite, roles),
        tense=_tense(tokens, verbs, finite),
        modal=_modal(tokens, verbs),
        negated=not NEGATIONS.isdisjoint([tokens[i].text.lower() for i in own]),
        kind=kind,
        marker=marker,
        finite=finite is not None,
        parent=_parent(tokens, owner, numbers, head),
        start=tokens[spoken[0]].start,
        end=tokens[spoken[-1]].end,
        tokens=own,
    )


def _finite(tokens: Sequence[Token], verbs: Iterable[int]) -> int | None:
    return next((k for k in verbs if tokens[k].tag.endswith(("FIN", "IMP"))), None)


def _state_passive(tokens: Sequence[Token], verbs: Sequence[int], head: int) -> bool:
    """ "ist geplant", "sind eingeladen": participle with a copula and no motion about it."""
    if tokens[head].tag != "VVPP":
        return False
    helpers = [tokens[k].lemma.lower() for k in verbs if k != head]
    return "sein" in helpers and any(tokens[k].dep == "cop" for k in verbs)


def _predicate(tokens: Sequence[Token], verbs: Sequence[int], head: int) -> str:
    particle = next((tokens[k].text.lower() for k in verbs if tokens[k].dep == "compound:prt"), "")
    lemma = tokens[head].lemma
    if tokens[head].tag.startswith("V"):
        return particle + lemma.lower()
    if any(tokens[k].dep == "cop" for k in verbs):
        return f"{lemma} sein"
    return lemma


def _mood(tokens: Sequence[Token], finite: int | None, roles: Sequence[Role]) -> str:
    if finite is None:
        return "indicative"
    word = tokens[finite].text.lower()
    if word in _KONJUNKTIV2:
        return "konjunktiv2"
    subject = next((role for role in roles if role.name == "subject"), None)
    first_person = subject is not None and any(tokens[h].text.lower() == "ich" for h in subject.heads)
    if word in _KONJUNKTIV1 and not first_person:
        return "konjunktiv1"
    token = tokens[finite]
    if token.tag == "VVFIN" and word == token.lemma.lower()[:-1] and word.endswith("e") and not first_person:
        return "konjunktiv1"
    return "indicative"


def _tense(tokens: Sequence[Token], verbs: Sequence[int], finite: int | None) -> str:
    if finite is None:
        return "present"
    form, lemma = tokens[finite].text.lower(), tokens[finite].lemma.lower()
    participle = any(tokens[k].tag in ("VVPP", "VAPP", "VMPP") for k in verbs if k != finite)
    infinitive = any(tokens[k].tag in ("VVINF", "VAINF", "VMINF") for k in verbs if k != finite)
    if lemma in ("haben", "sein") and participle and not any(tokens[k].dep == "cop" for k in verbs):
        return "pluperfect" if form.startswith(("hatte", "war")) else "perfect"
    if lemma == "haben" and not participle and any(_is_bare(tokens, k) for k in verbs if k != finite):
        # "haben beraten", "hatte punkten wollen": the participle looks like the infinitive, or is one.
        return "pluperfect" if form.startswith("hatte") else "perfect"
    if form.startswith(("wird", "werde")) and infinitive:
        return "future"
    return "preterite" if preterite(form, lemma) else "present"


def _is_bare(tokens: Sequence[Token], k: int) -> bool:
    return tokens[k].tag in ("VVINF", "VMINF") and not (k and tokens[k - 1].tag == "PTKZU")


def preterite(form: str, lemma: str) -> bool:
    """Whether a finite form is a preterite, by its ending and the strong verbs that look like a present."""
    if form in _PRETERITES or any(form.startswith(p) and form[len(p) :] in _PRETERITES for p in _PREFIXES):
        return True
    if form in _KONJUNKTIV2 or form in _KONJUNKTIV1 or form == lemma:
        return False
    stem = lemma[:-2] if lemma.endswith("en") else lemma[:-1]
    if form.endswith(("te", "ten")):
        return not (form in (stem + "e", lemma))
    if form.endswith("en"):
        return form != lemma
    return not form.endswith(("t", "st", "e", "ß")) and lemma not in _MODALS


_MODALS = frozenset("können müssen sollen wollen dürfen mögen wissen sein haben werden".split())


def _modal(tokens: Sequence[Token], verbs: Sequence[int]) -> str:
    """The lemma of the modal verb; "möchte" is said of what somebody wants, whatever its mood."""
    modal = next((tokens[k] for k in verbs if tokens[k].tag.startswith("VM")), None)
    if modal is None:
        return ""
    return "wollen" if modal.text.lower().startswith("möcht") else modal.lemma.lower()


def _kind(
    tokens: Sequence[Token], below: dict[int, list[int]], head: int, own: Sequence[int], finite: int | None
) -> tuple[str, str]:
    marks = [k for k in below[head] if tokens[k].dep == "mark" and tokens[k].tag != "PTKZU"]
    marker = tokens[marks[0]].text.lower() if marks else ""
    if marker in _KINDS:
        return marker, _KINDS[marker]
    if any(tokens[i].tag in ("PRELS", "PRELAT") for i in own):
        return marker, "relative"
    first = next((i for i in own if tokens[i].pos not in ("PUNCT", "CCONJ")), head)
    if finite is not None and first == finite and tokens[head].dep == "advcl":
        return tokens[finite].text.lower(), "conditional"
    if finite is None and tokens[head].tag in ("VVINF", "VVIZU", "VAINF"):
        return marker, "infinitive" if tokens[head].dep != "ROOT" else "main"
    if tokens[head].dep in ("ccomp", "csubj"):
        return marker, "complement"
    return marker, "adverbial" if tokens[head].dep == "advcl" else "main"


def _roles(
    tokens: Sequence[Token], below: dict[int, list[int]], own: Sequence[int], head: int, passive: bool
) -> Iterable[Role]:
    inside = set(own)
    for k in below[head]:
        token = tokens[k]
        if k not in inside or token.dep in _VERB_PARTS:
            continue
        preposition = _preposition(tokens, below, k)
        if token.dep in _ROLE and not preposition:
            yield _role(tokens, below, inside, k, _ROLE[token.dep], "")
        elif token.dep in ("obl", "obl:agent", "obl:arg", "nmod", "dep", "obj") and token.pos not in ("PUNCT", "ADV"):
            agent = passive and preposition in _BY and token.dep != "nmod"
            yield _role(tokens, below, inside, k, "agent" if agent else "oblique", preposition)
    if any(tokens[k].dep == "cop" for k in below[head]):
        yield _role(tokens, below, {head}, head, "predicative", _preposition(tokens, below, head))


def _preposition(tokens: Sequence[Token], below: dict[int, list[int]], k: int) -> str:
    marks = [c for c in below[k] if tokens[c].dep == "case"]
    return tokens[marks[0]].text.lower() if marks else ""


def _role(
    tokens: Sequence[Token], below: dict[int, list[int]], inside: set[int], k: int, name: str, preposition: str
) -> Role:
    span, todo = {k}, [k]
    while todo:
        for child in below[todo.pop()]:
            if child in inside and child not in span and tokens[child].pos != "PUNCT":
                span.add(child)
                todo.append(child)
    heads = (k, *(c for c in _conjuncts(tokens, below, k) if c in inside))
    return Role(
        name=name,
        heads=heads,
        start=tokens[min(span)].start,
        end=tokens[max(span)].end,
        preposition=preposition,
        origin=tokens[k].origin,
    )


def _conjuncts(tokens: Sequence[Token], below: dict[int, list[int]], k: int) -> Iterable[int]:
    for child in below[k]:
        if tokens[child].dep == "conj":
            yield child
            yield from _conjuncts(tokens, below, child)


def _shared(tokens: Sequence[Token], found: list[Clause]) -> Iterable[Clause]:
    """Coordinated predicates share the subject of the first; infinitives take the subject above, finite or not."""
    done: list[Clause] = []
    for clause in sorted(found, key=lambda c: (_depth(found, c), c.index)):
        done.append(_with_subject(tokens, done, clause))
    return sorted(done, key=lambda c: c.index)


def _depth(found: Sequence[Clause], clause: Clause) -> int:
    depth, seen = 0, {clause.index}
    while clause.parent is not None and clause.parent not in seen:
        seen.add(clause.parent)
        clause = found[clause.parent]
        depth += 1
    return depth


def _with_subject(tokens: Sequence[Token], done: Sequence[Clause], clause: Clause) -> Clause:
    above = next((c for c in done if c.index == clause.parent), None)
    if above is None:
        return _received(tokens, clause, clause)
    coordinated = tokens[clause.head].dep == "conj"
    if coordinated and not clause.finite and tokens[clause.head].tag == tokens[above.head].tag:
        # "hatte vorhergesagt und gesprochen": the auxiliary stands once.
        clause = replace(
            clause, mood=above.mood, tense=above.tense, voice=above.voice, modal=above.modal, finite=above.finite
        )
        clause = replace(clause, kind=above.kind, marker=above.marker, negated=clause.negated or above.negated)
    if coordinated and above.subject is not None and _verb_first(tokens, clause):
        clause = _subject_as_object(tokens, clause)
    if clause.subject is None and above.subject is not None and (coordinated or not clause.finite):
        clause = replace(clause, roles=(*clause.roles, replace(above.subject, origin=Origin.REPAIR)))
    return _received(tokens, clause, clause if clause.finite else above)


def _received(tokens: Sequence[Token], clause: Clause, governing: Clause) -> Clause:
    """A passive that is made with another verb than "werden": "bekam von Kiew Panzer zugesagt", "ließ sich von Kiew Wortbruch
    vorwerfen". `governing` is the clause of that other verb, where the parser has it apart."""
    if tokens[clause.head].tag not in ("VVPP", "VVINF"):
        return clause
    lemmas = {tokens[k].lemma.lower() for k in governing.verbs if k != clause.head}
    by = next((role for role in (*clause.roles, *governing.roles) if role.preposition in _BY), None)
    if tokens[clause.head].tag == "VVPP":
        turned = not _GETS.isdisjoint(lemmas) or _is_suffered(tokens, clause)
    else:
        words = {tokens[i].text.lower() for i in (*clause.tokens, *governing.tokens)}
        turned = "lassen" in lemmas and "sich" in words and not _BY.isdisjoint(words)
    if not turned:
        return clause
    others = tuple(role for role in clause.roles if role is not by)
    return replace(clause, voice="passive", roles=others if by is None else (*others, replace(by, name="agent")))


def _is_suffered(tokens: Sequence[Token], clause: Clause) -> bool:
    """A participle by itself of what somebody does to its noun: "Georgien, von der EU kritisiert, …", not "von Wien nach Rom gereist"."""
    prepositions = {role.preposition for role in clause.roles}
    alone = not clause.finite and len(clause.verbs) == 1 and tokens[clause.head].dep in ("acl", "advcl", "amod", "dep")
    return alone and not _BY.isdisjoint(prepositions) and "nach" not in prepositions


def _verb_first(tokens: Sequence[Token], clause: Clause) -> bool:
    first = next((i for i in clause.tokens if tokens[i].pos not in ("CCONJ", "PUNCT")), clause.head)
    return clause.finite and first == min(clause.verbs)


def _subject_as_object(tokens: Sequence[Token], clause: Clause) -> Clause:
    """ "… und kritisierte Ungarn": behind a coordinated verb that opens its clause stands the object."""
    subject = clause.subject
    if subject is None or clause.object is not None or "acc" not in tokens[subject.heads[0]].case:
        return clause
    moved = replace(subject, name="object", origin=Origin.REPAIR)
    return replace(clause, roles=tuple(moved if role is subject else role for role in clause.roles))
