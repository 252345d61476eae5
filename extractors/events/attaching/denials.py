"""What is denied, planned or feared, and what its clause leaves as it is: "nach dem Treffen gab es keine Einigung" denies no meeting, and
"wegen der Angriffe plant Oslo Hilfen" plans none of the attacks."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from extractors.events.attaching.worded import MAYBE
from extractors.events.beside import LEFT_UNDONE, lead_of
from extractors.events.proposing.contents import CALLS_OFF
from extractors.events.tables import names
from extractors.events.weighing.judge import Proposal
from extractors.language import Clause, Sentence, Token
from extractors.language.clauses import NEGATIONS
from extractors.ontology import EventType

_OCCASION = frozenset(
    {"nach", "bei", "beim", "trotz", "vor", "vorm", "seit", "während", "wegen", "angesichts", "infolge"}
)
_OF_WHAT = frozenset({"über", "von", "zu", "zum"})
_KNOWN = frozenset({"bekannt", "bekanntgegeben", "mitgeteilt", "durchgesickert", "gedrungen"})
_BECAUSE = frozenset({"wegen", "angesichts", "trotz", "infolge", "aufgrund"})
_SPEAKS_OF = frozenset(
    "nennen benennen erwähnen eingehen ansprechen verurteilen kritisieren kommentieren thematisieren bestätigen verraten mitteilen äußern "
    "abwarten berücksichtigen beachten begründen erklären erläutern konkretisieren".split()
)
_BY_FORCE = frozenset({EventType.ASSAULT, EventType.COERCE, EventType.MOBILIZE})
_DEEDS = _BY_FORCE | {EventType.SANCTION}
_NOT_YET = frozenset({"drohend", "bevorstehend", "befürchtet", "angekündigt", "geplant", "erwartet", "weit", "neu"})
_OF_WHAT_MAY_COME = frozenset({"warnen", "fürchten", "schützen", "zurückschrecken", "zurückscheuen", "drücken"})
"""verbs of which "vor" is a part"""
_HAD = frozenset({"hatte", "hatten", "war", "waren"})
"""of a pluperfect, whose participle the parse may have in another clause"""
_FIRST_PART, _TIME_BEFORE = frozenset({"Beginn", "Auftakt", "Start"}), frozenset({"Vorfeld", "Vorabend"})
""" "vor Beginn der Gespräche", "am Vorabend des Gipfels" """
_INDEFINITE = frozenset({"einem", "einer", "mehreren", "zwei"})
_DEFINITE = frozenset({"der", "die", "das", "den", "dem", "des"})
_POINTING = frozenset({"PDAT", "PPOSAT"})
_AT_NO_TIME = frozenset({"zeit", "zeitpunkt", "moment", "fall", "umstand", "weise", "wort", "silbe"})
""" "Zu keinem Zeitpunkt" denies the verb"""
_ATTENDS = frozenset({"dabei", "dabeisein", "fehlen"})
_TAKING_PART = re.compile(
    r"(?:[Tt]eilnahme|[Aa]nwesenheit|[Aa]nreise|[Rr]eise|[Aa]uftritt|[Zz]usage|[Vv]ideoschalte)n?$"
)
_ARTICLES = frozenset({"ART", "CARD", "PPOSAT", "PDAT", "PIAT", "APPRART"})
_ADVERBS = frozenset({"ADV", "ADJD"})
_PART = frozenset({"nur", "allein", "bloß", "zuletzt", "zuvor"})

_OF_A_PART = frozenset(
    "nur zuletzt allein bloß vor weit fern ohne zum alle jeder jede jedes zuvor so selten ganz geringerer".split()
)
"""what a word of negation before it denies, and not the verb: "nicht nur", "nie zuvor", "nicht zum ersten Mal" """
_DENIES = re.compile(
    r"\b(nichts?|kein\w*|nie|niemals|niemand|ohne|weder|nein|kaum|statt|anstatt|noch|bisher|bislang|hätten?|gegen|zurück)\b"
    r"|fehl|absag|abgesag|\bsag\w*\b.*\bab\b|streich|strich|ausgefallen|fällt.* aus|fiel(en)?\b.* aus|platz|verscho?i?e?b|scheiter"
    r"|weiger|lehn|verhinder|stornier|setz\w*.* aus|aussetz|ausgesetzt|verzicht|untersag|schl(ieß|iess|oss)\w*.* aus|ausschl"
    r"|ausgenommen|ausnahme|ausgeschl|ausgeblieben|bleib\w*.* aus|ausbl|abgeblasen|kipp|zurückg|zurückz|dementi|bestr(eit|itt)|abgebroch|brach\w* .* ab"
    r"|abbrech|boykott|blockier|vertag|hinfällig|entf[aä]ll|unterb|stopp|nein\b|veto|verb(iet|ot)|verwehr|beend|widers|leer|stillstand",
    re.IGNORECASE | re.DOTALL,
)
"""without one of these words nothing is denied: of 94 acts that our labels call negated five have none"""


def denied(sentence: Sentence, clause: Clause) -> bool:
    """Whether a clause says that what its verb tells was not done: "verhängte keine Sanktionen", not "lieferte nicht nur Panzer".

    What "sondern" sets right was done in another way.
    """
    tokens = sentence.tokens
    if not clause.negated or any(t.text == "sondern" for t in tokens):
        return False
    return any(_negates(tokens, k) for k in clause.tokens if tokens[k].text.lower() in NEGATIONS)


def _negates(tokens: Sequence[Token], k: int) -> bool:
    """Whether a word of negation is the verb's, and not that of an attribute, a number or a comparison."""
    low, behind = tokens[k].text.lower(), tokens[k + 1 : k + 3]
    if not behind or behind[0].text.lower() in _OF_A_PART or behind[0].tag in ("CARD", "PIAT"):
        return False
    if low == "nicht" and any(t.tag == "ADJA" for t in behind):
        return False
    return not any(t.tag == "KOKOM" for t in tokens[max(0, k - 5) : k])


def denies(words: str, *, said: bool = False) -> bool:
    """Whether a sentence has a word that may deny something. Of what somebody is told to have `said`, "hätten" denies nothing.

    >>> denies("Das nächste Gespräch führt Baerbock."), denies("Das Treffen wurde abgesagt.")
    (False, True)
    >>> denies("Beide hätten ein Treffen vereinbart, hieß es.", said=True)
    False
    """
    found = (one.group().lower() for one in _DENIES.finditer(words))
    return any(not said or word != "hätten" for word in found)


def is_occasion(p: Proposal) -> bool:
    """Whether an act is named as the occasion of what its clause denies: "nach dem Treffen gab es keine Einigung", "trotz der Sanktionen
    lenkte er nicht ein", "über das Treffen wurde nichts bekannt".

    Of the 20 such acts in our labels and the gold set none is called negated, and one is only possible. Who is not there has not met.
    """
    clause, tokens = _noun_in_a_denial(p), p.seen.sentence.tokens
    lead = lead_of(p.seen.sentence, p.anchor)
    if clause is None or lead is None:
        return False
    if lead.text.lower() in _OF_WHAT and any(tokens[k].text.lower() in _KNOWN for k in clause.tokens):
        return True
    if lead.text.lower() not in _OCCASION:
        return False
    if clause.predicate in _ATTENDS or any(tokens[k].text.lower() in _ATTENDS for k in clause.tokens):
        return False
    return not any(t.text.lower() in NEGATIONS for t in tokens[max(0, lead.i - 1) : p.anchor])


def is_after_a_meeting(p: Proposal) -> bool:
    """Whether what else is planned or wanted comes after a meeting that nobody has spoken of yet: "nach einem Treffen mit Putin plant Orbán
    eine Reise". After "dem Treffen" it may be one to come, and after a "Forderung nach" it is only wished for.

    Of the 27 such meetings in our labels and the gold set 26 have been.
    """
    if p.type is not EventType.CONSULT or _noun_of(p) is None:
        return False
    tokens, lead = p.seen.sentence.tokens, lead_of(p.seen.sentence, p.anchor)
    if lead is None or lead.text.lower() != "nach" or (lead.i and tokens[lead.i - 1].text in names("wished")):
        return False
    return tokens[lead.i + 1].text.lower() in _INDEFINITE


def is_before_a_meeting(p: Proposal) -> bool:
    """Whether what is told comes before a meeting: "vor dem Treffen warnte er", "im Vorfeld der Gespräche"; not what had been said before
    one, nor what somebody warns of.

    Of 17 meetings that our labels and the gold set name so four have been, before which something had been told; of the others twelve are
    planned and one is called off.
    """
    clause = _noun_of(p)
    if p.type is not EventType.CONSULT or clause is None:
        return False
    if clause.predicate in _OF_WHAT_MAY_COME and p.anchor > min(clause.verbs, default=p.anchor):
        return False
    if clause.tense == "pluperfect" or (clause.tense == "perfect" and clause.mood == "konjunktiv1"):
        return False
    if any(token.text.lower() in _HAD for token in p.seen.sentence.tokens[: p.anchor]):
        return False
    # "Kuleba traf vor den Gesprächen Stoltenberg": it is told that these two met.
    if any(one.type is p.type and one.anchor == clause.head and one.mode != "visit" for one in p.seen.candidates):
        return False
    before = _words_before(p.seen.sentence, p.anchor)
    if before and before[0].text in _FIRST_PART:
        before = _words_before(p.seen.sentence, before[0].i)
    return bool(before) and (before[0].text.lower() == "vor" or before[0].text in _TIME_BEFORE)


def _words_before(sentence: Sentence, noun: int) -> list[Token]:
    """What stands before a noun and its attributes, from there back."""
    attributes = _ARTICLES - {"APPRART"} | {"ADJA"}
    return [*itertools.dropwhile(lambda t: t.tag in attributes, reversed(sentence.tokens[:noun]))]


def is_on_request(p: Proposal) -> bool:
    """Whether something is done because somebody asked for it, who has then: "wird auf Antrag Oslos tagen"."""
    lead = lead_of(p.seen.sentence, p.anchor)
    asked = p.type is EventType.REQUEST and _noun_of(p) is not None
    return asked and lead is not None and lead.text.lower() == "auf" and lead.i == p.anchor - 1


def is_what_somebody_leaves(p: Proposal) -> bool:
    """Whether what is called off is only that somebody takes part: "sagte seine Teilnahme am Gipfel ab" calls no summit off."""
    clause, tokens = _noun_of(p), p.seen.sentence.tokens
    if p.type is not EventType.CONSULT or clause is None or clause.predicate not in CALLS_OFF:
        return False
    over = tokens[tokens[p.anchor].head]
    return over.tag == "NN" and over.i < p.anchor and _TAKING_PART.search(over.text) is not None


def is_left_unsaid(p: Proposal) -> bool:
    """Whether something that is known is only named in what somebody does not do: "ohne den Ort des Treffens zu nennen", "ohne die
    Angriffe zu erwähnen"."""
    clause = _noun_of(p)
    return clause is not None and clause.marker in LEFT_UNDONE and is_unsaid(clause)


def is_unsaid(clause: Clause) -> bool:
    """Whether an infinitive tells of speaking about something, which is there though nobody does."""
    return not clause.finite and clause.predicate in _SPEAKS_OF


def is_behind_what_follows(p: Proposal) -> bool:
    """Whether something is demanded, planned or feared because of force that is used, or after it: "forderte wegen der Angriffe mehr Waffen",
    "will nach der Ausweisung seiner Diplomaten reagieren".

    Of 29 such deeds in our labels and the gold set none is planned, possible or denied.
    """
    if p.type not in _DEEDS or _noun_of(p) is None:
        return False
    tokens, lead = p.seen.sentence.tokens, lead_of(p.seen.sentence, p.anchor)
    if lead is None or not (_is_because(p, lead) or _is_after(tokens, lead)):
        return False
    return not any(MAYBE.search(t.text) or t.lemma.lower() in _NOT_YET for t in tokens[lead.i + 1 : p.anchor])


def _is_because(p: Proposal, lead: Token) -> bool:
    return p.type in _BY_FORCE and lead.text.lower() in _BECAUSE


def _is_after(tokens: Sequence[Token], lead: Token) -> bool:
    """ "Nach dem Angriff", and no "Frage nach dem Angriff"."""
    known = tokens[lead.i + 1].text.lower() in ("dem", "der", "den")
    return lead.text.lower() == "nach" and known and not (lead.i and tokens[lead.i - 1].tag.startswith("N"))


def is_another_noun_denied(p: Proposal) -> bool:
    """Whether only other nouns of its clause are denied: "die Verhandlungen brachten kein Ergebnis"."""
    clause = _noun_in_a_denial(p)
    if clause is None or not _is_definite(p.seen.sentence, p.anchor):
        return False
    tokens = p.seen.sentence.tokens
    denied = [tokens[k] for k in clause.tokens if tokens[k].text.lower() in NEGATIONS]
    return all(_denies_a_noun(tokens, word, p.anchor) for word in denied)


def is_of_a_part(p: Proposal) -> bool:
    """Whether the words of negation in the clause of an act leave its verb as it is: "nicht nur die USA verhängten Sanktionen", "kein
    anderer lieferte so viel wie Polen", "noch nie verlegte die NATO so viele Soldaten", "ein nicht genannter Diplomat traf Putin".

    Of 37 acts told with "nicht nur" in our labels and the gold set none is called negated.
    """
    clause, tokens = p.clause, p.seen.sentence.tokens
    if clause is None or not clause.negated:
        return False
    return all(_is_of_a_part(tokens, tokens[k]) for k in clause.tokens if tokens[k].text.lower() in NEGATIONS)


def _is_of_a_part(tokens: tuple[Token, ...], word: Token) -> bool:
    low, behind = word.text.lower(), [t.text.lower() for t in tokens[word.i + 1 :]]
    if not behind:
        return False
    if low.startswith("kein"):
        return behind[0].startswith("ander") and bool({"wie", "als"} & {*behind})
    if low == "nicht" and _is_in_an_attribute(tokens, word.i):
        return True
    return behind[0] in _PART or (low in ("nie", "niemals") and "so" in behind)


def _is_in_an_attribute(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether "nicht" says what somebody or something is not, between an article and its noun, or with an adverb before an adjective:
    "ein nicht genannter Diplomat", "an nicht näher bezeichneten Orten"."""
    articled = any(t.tag in _ARTICLES for t in tokens[max(0, at - 2) : at] if t.tag not in _ADVERBS)
    behind = [t.tag for t in tokens[at + 1 :]]
    adverbs = len([*itertools.takewhile(_ADVERBS.__contains__, behind)])
    return behind[adverbs : adverbs + 1] == ["ADJA"] and (articled or adverbs > 0)


def _noun_in_a_denial(p: Proposal) -> Clause | None:
    """The clause with a word of negation in which a noun carries an act."""
    clause = _noun_of(p)
    return clause if clause is not None and clause.negated else None


def _noun_of(p: Proposal) -> Clause | None:
    """The clause in which a noun carries an act."""
    candidate, clause = p.candidate, p.clause
    return clause if candidate is not None and candidate.kind == "noun" and candidate.type is p.type else None


def _is_definite(sentence: Sentence, noun: int) -> bool:
    before = next((t for t in reversed(sentence.tokens[:noun]) if t.tag not in ("ADJA", "CARD")), None)
    return before is not None and (before.text.lower() in _DEFINITE or before.tag in _POINTING)


def _denies_a_noun(tokens: tuple[Token, ...], word: Token, noun: int) -> bool:
    """Whether a word of negation is "kein" before another noun, and does not say that a thing was never so."""
    if not word.text.lower().startswith("kein") or word.text.lower() in ("keinesfalls", "keinerlei"):
        return False
    its = next((t for t in tokens[word.i + 1 :] if t.tag != "ADJA"), None)
    return its is not None and its.tag == "NN" and its.i != noun and its.lemma.lower() not in _AT_NO_TIME
