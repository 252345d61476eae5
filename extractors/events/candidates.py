"""Every act that a row of the lexicon sees in a sentence, with its parties; the judge decides which are kept."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.actors import Mention
from extractors.events.lexicon import Lexicon, Trigger, lexicon, spelled
from extractors.events.reading import Reading, Said, above
from extractors.language import Clause, Role, Sentence, Token, agreement
from extractors.ontology import SYMMETRIC, EventType

JOINED = re.compile(r"\s*((,|und|sowie|wie auch|oder|bzw\.|, und)\s*(die|der|den|dem|das|mit|in)?|mit)\s*")
"""what may stand between actors that are named as one party"""
_CONTRACTED = {"im": "in", "ins": "in", "zum": "zu", "zur": "zu", "am": "an", "ans": "an", "beim": "bei", "vom": "von"}
_DEMANDS = frozenset({"müssen", "sollen", "dürfen"})
_NOUN_TAGS = frozenset({"NN", "NNA", "NNI", "NE"})
_ONLY_TELLS = frozenset(
    "melden beklagen dementieren bestreiten verurteilen kritisieren rügen befürchten fürchten abwehren begrüßen loben verzeichnen "
    "registrieren erleben erleiden zurückschlagen".split()
)
"""verbs whose subject tells of what their object names, and does not do it: "Kiew meldet Angriffe" """
SAID = frozenset(
    {EventType.AGREE, EventType.SUPPORT, EventType.REQUEST, EventType.ACCUSE, EventType.REJECT, EventType.THREATEN}
)
"""acts that are done by saying so"""
_SAID_OF = tuple(
    "angebot vorschlag plan forderung bitte wunsch antrag entwurf einladung idee initiative vorstoß vorwurf vorwürfe kritik "
    "anschuldigung behauptung darstellung entscheidung beschluss schritt vorgehen haltung position politik maßnahme maßnahmen "
    "sanktion sanktionen strafe drohung ultimatum bedingung bedingungen garantie garantien zusage ankündigung angriff angriffe "
    "treffen gespräch gespräche verhandlungen besuch beitritt mitgliedschaft aufnahme lieferung lieferungen abzug rückzug "
    "waffenruhe feuerpause kompromiss vermittlung resolution abkommen vertrag vereinbarung einmarsch annexion forderungen "
    "vorschläge äußerung äußerungen blockade reise embargo verbot verbote gesetz referendum votum veto übung manöver festnahme "
    "inhaftierung verurteilung ausweisung anerkennung boykott zölle abstimmung schreiben argument urteil".split()
)
"""ends of words for what is said or done, which says nothing itself"""
_AND = frozenset({"und", "sowie", "oder", "/", "&"})
_IN_LISTS = frozenset("NE NN ART PRELS ADJA KON $,".split())
_ATTRIBUTES = frozenset({"det", "amod", "nummod"})
_ORIGINS = frozenset({"aus", "in", "im", "von", "vom"})
_NOT_READ = frozenset({"nmod", "obl:arg", "obl", "dep"})
_NOMINAL_TAGS = frozenset({"NN", "NNA", "NE"})
_OBJECTS = frozenset({"PRELS", "PDS", "NN"})
NOMINAL = frozenset({"DET", "ADJ", "NOUN", "PROPN", "NUM"})


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
    for clause in sentence.clauses:
        yield from _verbs(reading, known, sentence, clause)
        yield from _phrases(reading, known, sentence, clause)
        yield from _demands(reading, sentence, clause)
    yield from _nouns(reading, known, sentence)
    yield from _statements(reading, sentence)


# Verbs and phrases: roles from the clause


def _verbs(reading: Reading, known: Lexicon, sentence: Sentence, clause: Clause) -> Iterator[Candidate]:
    rows = known.verbs.get(spelled(clause.predicate), ())
    words = _words(sentence, clause) if rows else ""
    row = next((row for row in rows if _fits(row, clause, words)), None)
    if row is not None:
        yield from _from_clause(reading, sentence, clause, row)


def _words(sentence: Sentence, clause: Clause) -> str:
    return f" {' '.join(sentence.tokens[i].text for i in clause.tokens)} "


def _fits(row: Trigger, clause: Clause, words: str) -> bool:
    return (not row.negated or clause.negated) and (row.within is None or row.within.search(words) is not None)


def _phrases(reading: Reading, known: Lexicon, sentence: Sentence, clause: Clause) -> Iterator[Candidate]:
    words = reading.document.text[clause.start : clause.end]
    for row in known.phrases:
        assert row.words is not None
        if row.words.search(words) and (not row.said or reading.speaker(clause.start, clause.end)):
            yield from _from_clause(reading, sentence, clause, row)


def _from_clause(reading: Reading, sentence: Sentence, clause: Clause, row: Trigger) -> Iterator[Candidate]:
    said = reading.speaker(*_span(sentence, clause.head))
    actors, borne = sides_by_case(reading, sentence, clause, row)
    origin = "subject"
    if not actors:
        actors, origin = _actors(reading, sentence, clause, says=row.type in SAID)
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


def sides_by_case(
    reading: Reading, sentence: Sentence, clause: Clause, row: Trigger
) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
    """Who acts and upon whom, at a verb with a dative, where one of two can be none and the other one can: "Moskau warf die
    EU Erpressung vor"."""
    if clause.voice == "passive" or row.to[:1] != ("dat",):
        return (), ()
    roles = [role for role in (clause.subject, clause.object, clause.recipient) if role is not None]
    told = [
        (tuple(m for head in role.heads for m in reading.at_token(sentence, head)), cases_of(sentence, role))
        for role in roles
    ]
    named = [(who, cases) for who, cases in told if who]
    if len(named) == 2:
        for (acting, cases), (borne, others) in (named, named[::-1]):
            if all("nom" in case and "dat" not in case for case in cases) and all("dat" in case for case in others):
                return acting, borne
    return (), ()


def cases_of(sentence: Sentence, role: Role) -> list[tuple[str, ...]]:
    return [sentence.tokens[head].case for head in role.heads]


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


def _actors(
    reading: Reading, sentence: Sentence, clause: Clause, *, says: bool = False
) -> tuple[tuple[Mention, ...], str]:
    """Who acts in a clause, and how we know. What is done by saying so no thing does: "das Angebot Kiews hat Moskau abgelehnt"."""
    if clause.voice == "passive":
        agent = reading.in_role(sentence, clause.agent) or agent_before(reading, sentence, clause.head)
        return (agent, "agent") if agent else ((), "none")
    subject = clause.subject
    unread = tuple(m for token in unread_subjects(sentence, clause) for m in reading.at_token(sentence, token.i))
    if unread and not (subject is not None and is_surely_nominative(sentence, subject.heads[0])):
        return unread, "subject-repair"
    found = reading.in_role(sentence, subject)
    agrees = subject is None or may_agree(sentence, clause, subject)
    if found and subject is not None and agrees and not (says and acts_instead(reading, sentence, clause)):
        return found, "subject" if subject.origin == "parse" else f"subject-{subject.origin}"
    instead = _subject_instead(reading, sentence, clause)
    if instead:
        return instead, "subject-repair"
    if not agrees:
        return (), "none"
    if subject is not None and sentence.tokens[subject.heads[0]].tag in ("PRELS", "PRELAT"):
        antecedent = sentence.tokens[clause.head].head
        return reading.at_token(sentence, antecedent), "antecedent"
    if subject is None:
        for higher in above(sentence, clause):
            found = reading.in_role(sentence, higher.subject)
            if found:
                return found, "higher"
    return (), "none"


def unread_subjects(sentence: Sentence, clause: Clause) -> tuple[Token, ...]:
    """The nouns that "der" makes the subject and that the parser has as none: "der ukrainische Gesandte drohte Ungarn"."""
    own = clause.subject.heads if clause.subject is not None else ()
    near = {child.i: child for k in clause.verbs for child in sentence.children(k) if child.dep in _NOT_READ}
    return tuple(
        token
        for token in near.values()
        if token.i not in own and is_bare(sentence, token) and is_surely_nominative(sentence, token.i)
    )


def is_bare(sentence: Sentence, token: Token) -> bool:
    """Whether a noun has no preposition."""
    return token.tag in _NOMINAL_TAGS and all(child.dep != "case" for child in sentence.children(token.i))


def is_surely_nominative(sentence: Sentence, i: int) -> bool:
    token = sentence.tokens[i]
    article = next((child.text.lower() for child in sentence.children(i) if child.tag == "ART"), "")
    return agreement.is_nominative(token.text.lower(), token.lemma, token.tag, article)


def _subject_instead(reading: Reading, sentence: Sentence, clause: Clause) -> tuple[Mention, ...]:
    """Who acts where the parser took them for an object: "Gebiete, die Russland besetzt hat", "dies lehnt Berlin ab".

    What it took for the subject names nobody and can be the object, and who is named beside it can be the subject.
    """
    if not clause.finite:
        return ()
    subject = clause.subject
    if subject is not None and not _may_be_object(sentence, clause, subject):
        return ()
    for role in (clause.object, clause.recipient):
        named = tuple(m for h in role.heads for m in reading.at_token(sentence, h)) if role is not None else ()
        if role is not None and named and "nom" in sentence.tokens[role.heads[0]].case:
            return named if may_agree(sentence, clause, role) else ()
    return ()


def may_agree(sentence: Sentence, clause: Clause, role: Role) -> bool:
    """False where one of a noun and its verb is surely of one and the other of several: "Putin drohen neue Strafen"."""
    finite = [k for k in clause.verbs if sentence.tokens[k].tag.endswith("FIN")]
    head = sentence.tokens[role.heads[0]]
    if len(finite) != 1 or len(role.heads) > 1 or head.tag not in ("NN", "NE"):
        return True
    beside = sentence.children(head.i)
    listed = [token.text.lower() for token in sentence.tokens[head.i + 1 : max(finite[0], head.i + 2)]]
    if any(child.dep in ("conj", "cc") for child in beside) or _AND.intersection(listed):
        return True
    if head.i and sentence.tokens[head.i - 1].text.lower() in _AND:
        return True
    # "Forderten die EU, die USA und Japan": the parser need not see the list.
    behind = itertools.takewhile(lambda token: token.tag in _IN_LISTS, sentence.tokens[head.i + 1 :])
    if any(token.text.lower() in _AND for token in behind):
        return True
    numbers = number_of(sentence, role), agreement.of_verb(sentence.tokens[finite[0]].text.lower())
    return agreement.OPEN in numbers or numbers[0] == numbers[1]


def number_of(sentence: Sentence, role: Role) -> str:
    """Whether the noun of a role is of one or of several, by its form and what stands before it."""
    head = sentence.tokens[role.heads[0]]
    beside = [t for t in sentence.children(head.i) if t.i < head.i and (t.tag == "ART" or t.dep in _ATTRIBUTES)]
    return agreement.of_noun(head.text.lower(), head.lemma, head.tag, [child.text.lower() for child in beside])


def acts_instead(reading: Reading, sentence: Sentence, clause: Clause) -> tuple[Mention, ...]:
    """Who says it where the parser has what it is about as the subject: "das Angebot Kiews lehnte Moskau ab"."""
    subject = clause.subject
    if subject is None or clause.voice == "passive" or len(subject.heads) > 1:
        return ()
    return _subject_instead(reading, sentence, clause) if is_thing(sentence, subject) else ()


def is_thing(sentence: Sentence, role: Role) -> bool:
    """Whether a noun is for what is said or done, and can be an object."""
    head = sentence.tokens[role.heads[0]]
    return head.tag == "NN" and head.text.lower().endswith(_SAID_OF) and "acc" in head.case


def _may_be_object(sentence: Sentence, clause: Clause, role: Role) -> bool:
    """A relative or pointing pronoun, or a noun, that can stand in the accusative; persons speak and are no object here, unless
    the verb is of several."""
    head = sentence.tokens[role.heads[0]]
    return "acc" in head.case and (head.tag in _OBJECTS or not may_agree(sentence, clause, role))


def agent_before(reading: Reading, sentence: Sentence, head: int) -> tuple[Mention, ...]:
    """Who stands behind "von" right before the participle: "wurden Dörfer im Grenzgebiet von Panzern Armeniens beschossen"."""
    for i in range(head - 2, max(-1, head - 9), -1):
        token, after = sentence.tokens[i], sentence.tokens[i + 1]
        if token.text.lower() in ("von", "vom") and not reading.named(sentence, token.start, token.end):
            return reading.named(sentence, token.end, sentence.tokens[head].start)
        # "Das von Moskau gehaltene Gebiet": behind a noun no adjective belongs to the same phrase.
        if after.pos not in NOMINAL or (after.pos == "ADJ" and token.pos in ("NOUN", "PROPN")):
            return ()
    return ()


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
        # A bare name behind "droht" or "sagt … zu" shows no case: it may pass for an object.
        return reading.in_role(sentence, clause.recipient) or reading.in_role(sentence, clause.object)
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


def after_preposition(reading: Reading, sentence: Sentence, tokens: Sequence[int], slot: str) -> tuple[Mention, ...]:
    for i in tokens:
        token = sentence.tokens[i]
        word = token.text.lower()
        if token.pos == "ADP" and token.tag.startswith("APP") and _CONTRACTED.get(word, word) == slot:
            found = governed(reading, sentence, token)
            if found:
                return found
    return ()


def governed(reading: Reading, sentence: Sentence, preposition: Token) -> tuple[Mention, ...]:
    """Who is named in the phrase behind a preposition, or in the one that tells where they are from ("auf Panzer aus Polen")."""
    end, further = _phrase_end(sentence, preposition)
    found = reading.named(sentence, preposition.end, end) or _place_named(reading, sentence, preposition.end, end)
    if not found and further is not None and further.text.lower() in _ORIGINS:
        return governed(reading, sentence, further)
    return found


def _phrase_end(sentence: Sentence, preposition: Token) -> tuple[int, Token | None]:
    """Where a phrase ends: at the next verb, comma or preposition, which is told."""
    end = preposition.end
    for token in sentence.tokens[preposition.i + 1 :]:
        if token.tag.startswith("APP") and token.i > preposition.i + 1:
            return end, token
        if token.tag.startswith(("V", "$,", "KOUS", "PTKVZ")):
            break
        end = token.end
    return end, None


def _place_named(reading: Reading, sentence: Sentence, start: int, end: int) -> tuple[Mention, ...]:
    for place in reading.places[sentence.index]:
        if start <= place.start < end and place.place.country:
            return (_placed(sentence, start, end, place.place.country, place.place.name),)
    return ()


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
            if inside or clause.predicate in _ONLY_TELLS
            else reading.in_role(sentence, subject_role if clause.voice == "active" else clause.agent)
        )
        by = tuple(m for m in by if m.code not in {r.code for r in to})
        by_from = "clause-subject" if by else "none"
    yield _candidate(
        sentence, clause, token.i, row, said, [m.code for m in by], [m.code for m in to], by_from, to_from, (*by, *to)
    )


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
    if row.theme:
        return (), "none"
    genitive = in_genitive(reading, sentence, token)
    if genitive:
        return genitive, "genitive"
    von = near_noun(reading, sentence, token, "von")
    if von:
        return von, "von"
    return (), "none"


def attributes(reading: Reading, sentence: Sentence, noun: int) -> Iterator[tuple[str, Mention]]:
    """Who is named by the attributes before a noun, each with its tag ("russische", "Moskaus")."""
    for k in range(max(0, noun - 4), noun):
        if _modifies(sentence, k, noun):
            yield from ((sentence.tokens[k].tag, m) for m in reading.at_token(sentence, k))


def directly_behind(reading: Reading, sentence: Sentence, noun: int) -> tuple[Mention, ...]:
    """Who stands in the genitive with nothing but articles and adjectives between ("die Bitte der NATO", "der Angriff Russlands")."""
    found = in_genitive(reading, sentence, sentence.tokens[noun])
    return tuple(m for m in found if only_attributes(sentence, sentence.tokens[noun].end, m.start))


def only_attributes(sentence: Sentence, start: int, end: int) -> bool:
    """Whether nothing but articles and adjectives stands between two places of a text."""
    return all(token.pos in ("DET", "ADJ") for token in sentence.at(start, end))


def _modifies(sentence: Sentence, k: int, noun: int) -> bool:
    """An adjective, possessive or genitive name directly before the noun, with nothing but attributes between."""
    between = sentence.tokens[k + 1 : noun]
    if sentence.tokens[k].tag not in ("ADJA", "PPOSAT", "NE", "NN", "PDAT"):
        return False
    if sentence.tokens[k].tag in ("NE", "NN") and not (
        sentence.tokens[k].text.endswith(("s", "’", "'")) or "gen" in sentence.tokens[k].case
    ):
        return False
    return all(t.tag in ("ADJA", "CARD", "ADV", "ADJD", "KON", "$,", "NE") for t in between)


def in_genitive(reading: Reading, sentence: Sentence, token: Token) -> tuple[Mention, ...]:
    """Who stands in the genitive right behind a noun ("die Forderung Moskaus", "der Gipfel der NATO")."""
    end, started = token.end, False
    for after in sentence.tokens[token.i + 1 : token.i + 9]:
        if after.pos not in ("DET", "ADJ", "NOUN", "PROPN", "NUM", "CCONJ") or (
            not started and after.case and "gen" not in after.case and after.pos != "PROPN"
        ):
            break
        started = True
        end = after.end
    return reading.named(sentence, token.end, end) if end > token.end else ()


def near_noun(reading: Reading, sentence: Sentence, token: Token, slot: str) -> tuple[Mention, ...]:
    """Who stands behind a preposition that follows a noun, before the next verb or comma."""
    for after in sentence.tokens[token.i + 1 : token.i + 16]:
        if after.tag.endswith("FIN") or after.text in (",", ";", ":", "–"):
            return ()
        word = after.text.lower()
        if after.tag.startswith("APP") and _CONTRACTED.get(word, word) == slot:
            return governed(reading, sentence, after)
    return ()


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
            return (_placed(sentence, place.start, place.end, place.place.country, place.place.name),), "place"
    for slot in row.to:
        if slot in ("dyad", "obj", "dat", "gen", "subj", "dass"):
            continue
        found = tuple(m for m in near_noun(reading, sentence, token, slot) if m.code not in acting)
        if found:
            return found, slot
    compound = tuple(m for m in reading.at_token(sentence, token.i) if m.start == token.start and m.code not in acting)
    return (compound, "compound") if compound and not row.mutual else ((), "none")


def _placed(sentence: Sentence, start: int, end: int, code: str, name: str) -> Mention:
    return Mention(
        start=start,
        end=end,
        code=code,
        name=name,
        office="",
        kind="place",
        sentence=sentence.index,
        origin="place",
        score=0.5,
    )


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
        actors, origin = _actors(reading, sentence, clause)
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


# The other side, where the sentence does not name it

_COUNTERPARTS = {
    EventType.AID: ("UKR", "RUS"),
    EventType.SUPPORT: ("UKR", "RUS"),
    EventType.AGREE: ("UKR", "RUS"),
    EventType.ASSAULT: ("UKR", "RUS"),
    EventType.COERCE: ("UKR", "RUS"),
    EventType.MOBILIZE: ("UKR", "RUS"),
    EventType.SANCTION: ("RUS", "EU"),
}


def completed(reading: Reading, candidate: Candidate) -> Candidate:
    """Fill an empty recipient with the other side of the sentence, of the sentence before, or of the article."""
    row = candidate.trigger
    if candidate.recipients or not candidate.actors or row is None or "dyad" not in row.to:
        return candidate
    acting = set(candidate.actors)
    for origin, codes in _others(reading, candidate):
        other = next((code for code in codes if code not in acting), None)
        if other is not None:
            return replace(candidate, recipients=(other,), recipient_from=origin)
    return candidate


def _others(reading: Reading, candidate: Candidate) -> Iterator[tuple[str, Sequence[str]]]:
    index = candidate.sentence.index
    yield "sentence", [m.code for m in reading.mentions[index] if m.code]
    named = reading.counts
    usual = [code for code in _COUNTERPARTS.get(candidate.type, ()) if named[code]]
    if {"RUS", "UKR"} & set(candidate.actors) and candidate.type in (
        EventType.ASSAULT,
        EventType.COERCE,
        EventType.MOBILIZE,
    ):
        yield "usual", usual
    if candidate.type in (EventType.AID, EventType.SANCTION, EventType.MOBILIZE):
        yield "usual", [code for code in usual if code not in candidate.actors]
    if index:
        yield "before", [m.code for m in reading.mentions[index - 1] if m.code]
    yield "article", [code for code, n in named.most_common() if n > 1]


_SPACES = re.compile(r"\s+")
