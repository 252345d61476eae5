"""Acts that are only spoken of: what somebody threatens with, demands, proposes, plans, denies, rules out or goes without.

"Moskau drohte mit Angriffen" tells a threat and no attack; "die EU kündigte Sanktionen an" tells sanctions that are to come.
Each row names verbs, where the word for the act stands beside them, and the statuses that are left for it: none where the
act is but the content of another (codebook, section 2).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from extractors.events.proposing.candidates import Candidate
from extractors.events.reading import above
from extractors.language import Clause, Sentence
from extractors.ontology import DOUBTED, EventType, Status

_NO_ACT = frozenset[Status]()
_TO_COME = DOUBTED | {Status.PLANNED}
_OPEN = frozenset({Status.PLANNED, Status.HYPOTHETICAL})
_OBJECT = ""
"""where an object stands, in place of a preposition"""
_SUBJECT = "subject"
"""where the subject stands, of what does not come about: "die Zusage blieb aus" """
_CLAUSE = "dass"
"""where a clause stands that the verb governs"""
_DENIES = frozenset({"dementieren", "bestreiten", "abstreiten", "leugnen"})
_SAID = frozenset({EventType.REQUEST, EventType.ACCUSE, EventType.THREATEN, EventType.STATE})
"""what was said, whatever is done to it: "wies die Forderung zurück" """
_DEFINITE = frozenset("der die das den dem des dieser diese dieses diesen diesem jener jene jenes".split())
_PEACE = frozenset({"Waffenruhe", "Waffenstillstand", "Feuerpause", "Abkommen", "Vereinbarung"})
"""what was agreed on before it is broken or ends"""
CALLS_OFF = frozenset({"absagen", "abblasen", "streichen", "stornieren"})
_MEETINGS = frozenset("Treffen Besuch Gipfel Reise Gespräch Sitzung Verhandlung Beratung Konferenz".split())
_THERE = frozenset({EventType.AGREE, EventType.ASSAULT, EventType.COERCE, EventType.MOBILIZE})
"""what is spoken or thought of when it is there, too: force; and who is ready to talk of an agreement has said so"""
_ARTICLE_WITHIN = 3
"""tokens before a noun in which its article stands"""
_ATTRIBUTES = frozenset({"DET", "ADJ", "ADV", "NUM", "VERB"})
"""what may stand between a noun and its article, and the article itself"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`at` is a preposition, `_OBJECT`, `_SUBJECT` or `_CLAUSE`; `known` whether the row holds, too, where an article says that the act is known
    ("lehnte die Sanktionen ab": they may be there); `test` is a sentence that the row reads."""

    name: str
    verbs: frozenset[str]
    at: str
    leaves: frozenset[Status]
    test: str
    known: bool = False
    but: frozenset[EventType] = frozenset()
    """types of which the row says nothing"""
    words: bool = False
    """whether the row holds for what is only said, too: "verzichtete auf Kritik" """
    nouns: frozenset[str] = frozenset()
    """the words for an act of which alone the row speaks; any where it is empty"""


ROWS = (
    Row(
        name="threatened with",
        verbs=frozenset({"drohen"}),
        at="mit",
        leaves=_NO_ACT,
        known=True,
        test="Moskau drohte der Ukraine mit neuen Angriffen.",
    ),
    Row(
        name="threatened",
        verbs=frozenset({"androhen"}),
        at=_OBJECT,
        leaves=_NO_ACT,
        known=True,
        test="Moskau hat der Ukraine neue Angriffe angedroht.",
    ),
    Row(
        name="demanded",
        verbs=frozenset({"fordern", "verlangen", "einfordern"}),
        at=_OBJECT,
        leaves=_NO_ACT,
        known=True,
        test="Kiew forderte neue Sanktionen gegen Russland.",
    ),
    Row(
        name="asked for",
        verbs=frozenset({"bitten", "ersuchen", "nachsuchen"}),
        at="um",
        leaves=_NO_ACT,
        known=True,
        test="Kiew bat vergeblich um ein Treffen mit Putin.",
    ),
    Row(
        name="proposed",
        verbs=frozenset({"vorschlagen", "anregen", "anbieten"}),
        at=_OBJECT,
        leaves=_NO_ACT,
        known=True,
        test="Polen hat neue Sanktionen gegen Russland vorgeschlagen.",
    ),
    Row(
        name="ruled out",
        verbs=frozenset({"ausschließen"}),
        at=_OBJECT,
        leaves=_NO_ACT,
        test="Paris schloss Waffenlieferungen an die Ukraine aus.",
    ),
    Row(
        name="refused",
        verbs=frozenset({"ablehnen", "verweigern", "ausschlagen", "zurückweisen"}),
        at=_OBJECT,
        leaves=_NO_ACT,
        test="Ungarn lehnt neue Sanktionen gegen Russland ab.",
    ),
    Row(
        name="denied",
        verbs=_DENIES,
        at=_OBJECT,
        leaves=_NO_ACT,
        known=True,
        test="Der Kreml bestreitet Angriffe auf Polen.",
    ),
    Row(
        name="denied that",
        verbs=_DENIES,
        at=_CLAUSE,
        leaves=_NO_ACT,
        test="Peskow dementierte, dass Russland Polen angegriffen hat.",
    ),
    Row(
        name="prevented",
        verbs=frozenset({"verhindern", "blockieren"}),
        at=_OBJECT,
        leaves=_NO_ACT,
        test="Ungarn will weitere Sanktionen gegen Russland verhindern.",
    ),
    Row(
        name="warned of",
        verbs=frozenset({"warnen"}),
        at="vor",
        leaves=_OPEN,
        known=True,
        test="Die EU warnte Georgien vor weiteren Angriffen auf Russland.",
    ),
    Row(
        name="feared",
        verbs=frozenset({"befürchten", "fürchten"}),
        at=_OBJECT,
        leaves=_OPEN,
        test="Polen befürchtet Angriffe Russlands.",
    ),
    Row(
        name="considered",
        verbs=frozenset({"erwägen", "überlegen"}),
        at=_OBJECT,
        # With what is looked into and thought about: of 16 such acts in our labels 13 are only possible and three denied.
        leaves=DOUBTED,
        known=True,
        test="Berlin erwägt die Lieferung von Panzern an die Ukraine.",
    ),
    Row(
        name="looked into",
        verbs=frozenset({"prüfen"}),
        at=_OBJECT,
        leaves=DOUBTED,
        test="Berlin prüft Waffenlieferungen an die Ukraine.",
    ),
    Row(
        name="thought about",
        verbs=frozenset({"nachdenken"}),
        at="über",
        leaves=DOUBTED,
        but=_THERE,
        test="Die EU denkt über Sanktionen gegen Russland nach.",
    ),
    Row(
        name="reckoned with",
        verbs=frozenset({"rechnen"}),
        at="mit",
        # With what is expected: all six such acts in our labels are only possible.
        leaves=DOUBTED,
        words=True,
        test="Kiew rechnet mit einem Veto Russlands.",
    ),
    Row(
        name="expected",
        verbs=frozenset({"erwarten"}),
        at=_OBJECT,
        leaves=DOUBTED,
        # Who is expected to meet will do so.
        but=frozenset({EventType.CONSULT}),
        test="Kiew erwartet neue Angriffe Russlands.",
    ),
    Row(
        name="tried for",
        verbs=frozenset({"bemühen"}),
        at="um",
        leaves=DOUBTED,
        known=True,
        test="Paris bemüht sich um ein Treffen mit Putin.",
    ),
    Row(
        name="agreed to",
        verbs=frozenset({"zustimmen", "einwilligen"}),
        at=_OBJECT,
        leaves=_TO_COME,
        known=True,
        nouns=_MEETINGS,
        test="Biden stimmte einem Gipfel mit Putin zu.",
    ),
    Row(
        name="tied to conditions",
        verbs=frozenset({"knüpfen"}),
        at=_OBJECT,
        leaves=DOUBTED,
        known=True,
        test="Putin knüpft ein Treffen mit Macron an Bedingungen.",
    ),
    Row(
        name="debated",
        verbs=frozenset({"diskutieren", "debattieren", "beraten", "sprechen", "reden", "verhandeln"}),
        at="über",
        leaves=_OPEN,
        but=_THERE,
        test="Die EU diskutiert über Sanktionen gegen Russland.",
    ),
    Row(
        name="planned",
        verbs=frozenset({"planen", "vorbereiten", "beabsichtigen", "ankündigen"}),
        at=_OBJECT,
        leaves=_TO_COME,
        # Who announces a ceasefire has yielded in words.
        but=frozenset({EventType.CONCEDE}),
        test="Die EU kündigte weitere Sanktionen gegen Russland an.",
    ),
    Row(
        name="settled",
        verbs=frozenset({"vereinbaren", "verabreden", "ansetzen", "anberaumen"}),
        at=_OBJECT,
        leaves=_TO_COME,
        # What is agreed by saying so has been agreed.
        but=frozenset({EventType.AGREE, EventType.CONCEDE}),
        test="Moskau und Kiew haben ein Treffen vereinbart.",
    ),
    Row(
        name="gone without",
        verbs=frozenset({"verzichten"}),
        at="auf",
        leaves=DOUBTED,
        known=True,
        words=True,
        test="Washington verzichtet auf Sanktionen gegen Russland.",
    ),
    Row(
        name="held back",
        verbs=frozenset({"zurückhalten"}),
        at="mit",
        leaves=frozenset({Status.NEGATED}),
        words=True,
        test="Peking hielt sich mit Kritik an Moskau zurück.",
    ),
    Row(
        name="opposed",
        verbs=frozenset({"aussprechen"}),
        at="gegen",
        leaves=DOUBTED,
        test="Ungarn sprach sich gegen neue Sanktionen gegen Russland aus.",
    ),
    Row(
        name="advocated",
        verbs=frozenset({"aussprechen", "plädieren", "werben", "eintreten"}),
        at="für",
        leaves=_TO_COME,
        test="Polen sprach sich für neue Sanktionen gegen Russland aus.",
    ),
    Row(
        name="pressed for",
        verbs=frozenset({"hoffen", "drängen", "dringen", "pochen"}),
        at="auf",
        leaves=_TO_COME,
        test="Kiew dringt auf Sanktionen gegen Russland.",
    ),
    Row(
        name="let in",
        verbs=frozenset({"zustimmen", "billigen", "genehmigen", "absegnen", "befürworten", "unterstützen", "begrüßen"}),
        at=_OBJECT,
        leaves=_NO_ACT,
        known=True,
        nouns=frozenset({"Beitritt", "Aufnahme"}),
        test="Ankara stimmte dem Beitritt Finnlands zu.",
    ),
    Row(
        name="got round",
        verbs=frozenset({"umgehen", "unterlaufen", "aushebeln", "unterwandern"}),
        at=_OBJECT,
        leaves=_NO_ACT,
        known=True,
        test="China unterläuft die Sanktionen gegen Russland.",
    ),
    Row(
        name="left open",
        verbs=frozenset({"offenlassen", "offenhalten"}),
        at=_OBJECT,
        leaves=frozenset({Status.HYPOTHETICAL}),
        known=True,
        test="Ankara ließ neue Sanktionen gegen Russland offen.",
    ),
    Row(
        name="put off",
        verbs=frozenset({"verschieben", "vertagen", "aufschieben"}),
        at=_OBJECT,
        leaves=_TO_COME,
        known=True,
        test="Der Besuch des polnischen Präsidenten in Kiew wurde verschoben.",
    ),
    Row(
        name="called off",
        verbs=CALLS_OFF,
        at=_OBJECT,
        leaves=frozenset({Status.NEGATED}),
        known=True,
        nouns=_MEETINGS,
        test="Moskau hat das Treffen mit Ankara abgesagt.",
    ),
    Row(
        name="did not come",
        verbs=frozenset({"ausbleiben", "unterbleiben", "entfallen", "platzen"}),
        at=_SUBJECT,
        leaves=frozenset({Status.NEGATED}),
        known=True,
        words=True,
        test="Neue Sanktionen der EU gegen Russland blieben aus.",
    ),
    Row(
        name="broken",
        verbs=frozenset({"verletzen", "brechen", "missachten"}),
        at=_OBJECT,
        leaves=_NO_ACT,
        known=True,
        words=True,
        nouns=_PEACE,
        test="Moskau hat die vereinbarte Waffenruhe mit Kiew gebrochen.",
    ),
    Row(
        name="held or ended",
        verbs=frozenset({"halten", "enden", "auslaufen", "ablaufen"}),
        at=_SUBJECT,
        leaves=_NO_ACT,
        known=True,
        words=True,
        nouns=_PEACE,
        test="Die Feuerpause zwischen Moskau und Kiew hält.",
    ),
    Row(
        name="fell through",
        verbs=frozenset({"ausfallen"}),
        at=_SUBJECT,
        leaves=frozenset({Status.NEGATED}),
        known=True,
        # "Die Kritik fiel scharf aus": it was made.
        nouns=_MEETINGS,
        test="Das Treffen von Macron und Putin fiel aus.",
    ),
)
_VERBS = frozenset[str]().union(*(row.verbs for row in ROWS))


def row_of(candidate: Candidate | None, sentence: Sentence) -> Row | None:
    """The row in which the word for an act stands; what is not ruled out, demanded or planned stands in none."""
    if candidate is None or candidate.clause is None:
        return None
    clause = candidate.clause
    if candidate.kind == "verb":
        return _of_what_governs(clause, sentence)
    if candidate.kind != "noun" or clause.predicate not in _VERBS or clause.negated:
        return None
    known, places = _is_known(sentence, candidate.anchor), _places(candidate, clause)
    noun = sentence.tokens[candidate.anchor].lemma
    rows = (
        row
        for row in ROWS
        if clause.predicate in row.verbs
        and row.at in places
        and candidate.type not in row.but
        and (row.words or candidate.type not in _SAID)
        and (not row.nouns or any(noun == one or noun.endswith(one.lower()) for one in row.nouns))
    )
    return next((row for row in rows if not known or row.known or _is_not_held(row, candidate)), None)


def _of_what_governs(clause: Clause, sentence: Sentence) -> Row | None:
    """ "dementierte, dass Russland angegriffen hat", "bestritt, Waffen geliefert zu haben". Of 35 denials in our labels and the gold set none
    has what is denied as an act of its own."""
    over = next(iter(above(sentence, clause)), None)
    if over is None or over.negated or not _is_governed(clause, over, sentence):
        return None
    return next((row for row in ROWS if row.at == _CLAUSE and over.predicate in row.verbs), None)


def _is_governed(clause: Clause, over: Clause, sentence: Sentence) -> bool:
    """Whether a clause is what the verb of another governs, whatever the parse calls it: with "zu", or with its verb last behind "dass"."""
    if clause.kind in ("complement", "infinitive"):
        return True
    tokens = sentence.tokens
    if any(k and tokens[k - 1].tag == "PTKZU" for k in clause.verbs):
        return True
    last = max((k for k in clause.tokens if tokens[k].pos != "PUNCT"), default=clause.head)
    behind = any(t.text.lower() == "dass" for t in tokens[over.head : clause.head])
    return behind and tokens[last].tag.startswith("V")


def _is_not_held(row: Row, candidate: Candidate) -> bool:
    """A meeting that is refused or ruled out may be known by name: "lehnte das Treffen ab"."""
    return not row.leaves and candidate.type is EventType.CONSULT


def _is_known(sentence: Sentence, noun: int) -> bool:
    """Whether a definite article is the noun's own: not that of the names before it ("die USA schlossen Zugeständnisse aus")."""
    before = reversed(sentence.tokens[max(0, noun - _ARTICLE_WITHIN) : noun])
    own = itertools.takewhile(lambda token: token.pos in _ATTRIBUTES, before)
    return any(token.text.lower() in _DEFINITE for token in own)


def _places(candidate: Candidate, clause: Clause) -> frozenset[str]:
    """Where a word for an act stands in its clause: behind a preposition, or as what the verb befalls."""
    own = [role for role in clause.roles if candidate.anchor in role.heads]
    # A meeting asks for nothing: where the parse has it as the subject it is the object.
    befallen = {"object", "recipient"} | (
        {"subject"} if clause.voice == "passive" or candidate.type is EventType.CONSULT else set()
    )
    found = {role.preposition for role in own if role.preposition and role.name != "subject"}
    if clause.voice == "active" and any(role.name == "subject" for role in own):
        found.add(_SUBJECT)
    return frozenset(found | {_OBJECT for role in own if role.name in befallen and not role.preposition})
