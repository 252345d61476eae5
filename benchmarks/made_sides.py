"""Sentences of two sides in which the grammar stands on its head: who is named first bears it, or a participle, a relative clause or
a verb of receiving says who acts. `benchmarks.made` counts what is told of them.

A frame names `a`, who acts, and `b`, who bears it, in the four cases, by town and by adjective; of two forms of a verb ("warf/warfen") the
second is for a subject of several, which is `a` unless the frame is marked "b".
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Sided(NamedTuple):
    type: str
    text: str
    acts: str
    bears: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody in the four cases; `town` where the state is called after it, `of` its adjective without an ending."""

    code: str
    nom: str
    gen: str
    dat: str
    acc: str
    town: str
    of: str
    many: bool = False


def _name(code: str, name: str, town: str, of: str) -> Party:
    """A name without an article, which shows no case but the genitive."""
    return Party(code=code, nom=name, gen=f"{name}s", dat=name, acc=name, town=town, of=of)


PARTIES = (
    _name("UKR", "Kiew", "Kiew", "ukrainisch"), _name("RUS", "Moskau", "Moskau", "russisch"), _name("DEU", "Berlin", "Berlin", "deutsch"),
    _name("POL", "Polen", "Warschau", "polnisch"), _name("HUN", "Ungarn", "Budapest", "ungarisch"), _name("GEO", "Georgien", "Tiflis", "georgisch"),
    _name("FIN", "Finnland", "Helsinki", "finnisch"), _name("TUR", "Ankara", "Ankara", "türkisch"), _name("LTU", "Litauen", "Vilnius", "litauisch"),
    Party(code="UKR", nom="die Ukraine", gen="der Ukraine", dat="der Ukraine", acc="die Ukraine", town="Kiew", of="ukrainisch"),
    Party(code="RUS", nom="der Kreml", gen="des Kreml", dat="dem Kreml", acc="den Kreml", town="Moskau", of="russisch"),
    Party(code="USA", nom="die USA", gen="der USA", dat="den USA", acc="die USA", town="Washington", of="amerikanisch", many=True),
    Party(
        code="ROU", nom="die rumänische Regierung", gen="der rumänischen Regierung", dat="der rumänischen Regierung",
        acc="die rumänische Regierung", town="Bukarest", of="rumänisch",
    ),
    Party(
        code="IRN", nom="der iranische Außenminister", gen="des iranischen Außenministers", dat="dem iranischen Außenminister",
        acc="den iranischen Außenminister", town="Teheran", of="iranisch",
    ),
)  # fmt: skip

# What befalls the subject, a dative or whoever stands behind a preposition.
RECEIVED = (
    ("ACCUSE", "b", "{b} sieht/sehen sich Vorwürfen aus {a_town} ausgesetzt."), ("ACCUSE", "b", "{b} sah/sahen sich mit Vorwürfen {a_gen} konfrontiert."),
    ("ACCUSE", "b", "{b} musste/mussten sich von {a_dat} Wortbruch vorwerfen lassen."), ("ACCUSE", "b", "{b} hat/haben sich von {a_dat} scharfe Kritik anhören müssen."),
    ("ACCUSE", "b", "{b} wurde/wurden von {a_dat} am Montag scharf kritisiert."), ("ACCUSE", "b", "{b} wird/werden von {a_dat} beschuldigt, Zusagen gebrochen zu haben."),
    ("ACCUSE", "b", "{b} handelte/handelten sich damit scharfe Kritik aus {a_town} ein."), ("ACCUSE", "b", "{b} zog/zogen sich damit den Zorn {a_gen} zu."),
    ("ACCUSE", "b", "{b} stieß/stießen mit dem Vorstoß in {a_town} auf scharfe Kritik."), ("ACCUSE", "", "{b_dat} wird seitens {a_gen} Wortbruch vorgeworfen."),
    ("ACCUSE", "", "{b_dat} wurde von {a_dat} am Montag Wortbruch vorgeworfen."), ("ACCUSE", "", "Gegen {b_acc} kamen aus {a_town} schwere Vorwürfe."),
    ("ACCUSE", "", "Aus {a_town} kam am Montag scharfe Kritik an {b_dat}."), ("ACCUSE", "", "Kritik an {b_dat} kam auch von {a_dat}."),
    ("ACCUSE", "", "An {b_dat} übte/übten {a} am Dienstag scharfe Kritik."), ("ACCUSE", "", "Auf {b_acc} prasselte aus {a_town} scharfe Kritik ein."),
    ("REQUEST", "", "An {b_acc} erging aus {a_town} die Forderung nach einem Abzug der Truppen."), ("REQUEST", "b", "{b} wurde/wurden von {a_dat} zum Abzug der Truppen aufgefordert."),
    ("REQUEST", "b", "{b} ist/sind durch {a_acc} aufgefordert worden, die Truppen abzuziehen."), ("REQUEST", "", "Von {b_dat} verlangte/verlangten {a} am Dienstag den Abzug der Truppen."),
    ("REQUEST", "b", "{b} erhielt/erhielten von {a_dat} die Aufforderung, die Truppen abzuziehen."), ("REQUEST", "b", "{b} bekam/bekamen eine Bitte um Munition aus {a_town}."),
    ("REQUEST", "", "Aus {a_town} erreichte {b_acc} ein Appell zur Zurückhaltung."), ("REQUEST", "", "Bei {b_dat} ging eine Bitte {a_gen} um Generatoren ein."),
    ("THREATEN", "", "{b_dat} wurde von {a_dat} mit Vergeltung gedroht."), ("THREATEN", "", "{b_dat} ist seitens {a_gen} mit neuen Zöllen gedroht worden."),
    ("THREATEN", "", "Gegenüber {b_dat} drohte/drohten {a} mit einem Abbruch der Gespräche."), ("THREATEN", "b", "{b} bekam/bekamen von {a_dat} ein Ultimatum gestellt."),
    ("THREATEN", "", "{b_dat} setzte/setzten {a} ein Ultimatum bis Freitag."), ("THREATEN", "b", "{b} sieht/sehen sich Drohungen aus {a_town} gegenüber."),
    ("REJECT", "b", "{b} holte/holten sich in {a_town} eine Absage."), ("REJECT", "b", "{b} blitzte/blitzten bei {a_dat} mit dem Vorschlag ab."),
    ("REJECT", "b", "{b} kassierte/kassierten von {a_dat} eine Absage."), ("REJECT", "b", "{b} scheiterte/scheiterten mit dem Antrag am Veto {a_gen}."),
    ("REJECT", "b", "{b} wurde/wurden in {a_town} mit dem Vorschlag abgewiesen."), ("REJECT", "", "Die Bitte {b_gen} wurde von {a_dat} abgelehnt."),
    ("REJECT", "", "Der Vorschlag {b_gen} fand in {a_town} keine Zustimmung."), ("REJECT", "b", "{b} erhielt/erhielten von {a_dat} am Montag eine Abfuhr."),
    ("AID", "b", "{b} hat/haben aus {a_town} Munition erhalten."), ("AID", "b", "{b} bekam/bekamen von {a_dat} zwanzig Panzer."),
    ("AID", "b", "{b} erhielt/erhielten am Montag zwölf Haubitzen von {a_dat}."), ("AID", "b", "{b} nahm/nahmen von {a_dat} am Freitag zehn Generatoren entgegen."),
    ("AID", "b", "{b} wird/werden von {a_dat} mit Munition beliefert."), ("AID", "", "{b_dat} wurden von {a_dat} zwanzig Panzer geliefert."),
    ("AID", "", "Aus {a_town} trafen bei {b_dat} zwanzig Panzer ein."), ("AID", "b", "{b} wurde/wurden durch {a_acc} mit Haubitzen ausgerüstet."),
    ("AGREE", "b", "{b} bekam/bekamen von {a_dat} weitere Panzer zugesagt."), ("AGREE", "b", "{b} erhielt/erhielten von {a_dat} die Zusage über neue Panzer."),
    ("AGREE", "", "{b_dat} wurden von {a_dat} weitere Haubitzen zugesagt."), ("AGREE", "b", "{b} ließ/ließen sich von {a_dat} neue Hilfen zusagen."),
    ("SUPPORT", "b", "{b} bekam/bekamen Rückendeckung aus {a_town}."), ("SUPPORT", "b", "{b} wurde/wurden von {a_dat} für den Schritt gelobt."),
    ("SUPPORT", "b", "{b} bekam/bekamen von {a_dat} Beistand zugesichert."), ("SUPPORT", "", "{b_dat} wurde von {a_dat} Solidarität zugesichert."),
    ("SUPPORT", "b", "{b} kann/können auf die Unterstützung {a_gen} zählen."), ("SUPPORT", "", "Lob für {b_acc} kam aus {a_town}."),
    ("ASSAULT", "b", "{b} wurde/wurden in der Nacht von {a_dat} angegriffen."), ("ASSAULT", "b", "{b} ist/sind durch {a_acc} mit Drohnen angegriffen worden."),
    ("SANCTION", "b", "{b} wurde/wurden von {a_dat} mit Sanktionen belegt."), ("SANCTION", "", "Gegen {b_acc} wurden von {a_dat} neue Sanktionen verhängt."),
    ("SANCTION", "b", "{b} ist/sind neuen Sanktionen aus {a_town} ausgesetzt."), ("SANCTION", "", "Über {b_acc} verhängte/verhängten {a} ein Embargo."),
)  # fmt: skip

# Who bears it stands first, or a clause is turned about.
TURNED = (
    ("AGREE", "", "{b_dat} sagte/sagten {a} am Montag neue Panzer zu."), ("SUPPORT", "", "{b_dat} sicherte/sicherten {a} Beistand zu."),
    ("ACCUSE", "", "{b_acc} kritisierte/kritisierten {a} am Montag scharf."), ("ACCUSE", "", "{b_dat} warf/warfen {a} am Montag Wortbruch vor."),
    ("ACCUSE", "", "Den Schritt {b_gen} verurteilte/verurteilten {a} als Provokation."), ("REJECT", "", "Den Vorschlag {b_gen} wies/wiesen {a} am Montag zurück."),
    ("REJECT", "", "Die {b_of}e Forderung lehnte/lehnten {a} am Dienstag ab."), ("SUPPORT", "", "Die Ankündigung {b_gen} begrüßte/begrüßten {a} am Abend."),
    ("REQUEST", "", "{b_acc} forderte/forderten {a} am Montag auf, die Truppen abzuziehen."), ("REQUEST", "", "Von {b_dat} erwartet/erwarten {a} ein Zeichen der Entspannung."),
    ("THREATEN", "", "{b_dat} drohte/drohten {a} am Abend mit Vergeltung."), ("ASSAULT", "", "{b_acc} griff/griffen {a} in der Nacht mit Drohnen an."),
    ("AID", "", "{b_dat} lieferte/lieferten {a} zwanzig Panzer."), ("SANCTION", "", "Gegen {b_acc} hat/haben {a} neue Sanktionen verhängt."),
    ("SUPPORT", "", "Hinter {b_acc} stellte/stellten sich am Montag {a}."), ("ACCUSE", "", "Mit scharfer Kritik an {b_dat} reagierte/reagierten {a} auf den Schritt."),
    ("ACCUSE", "", "{a} erhob/erhoben gegenüber {b_dat} schwere Vorwürfe."),
    ("ACCUSE", "", "Im Streit mit {b_dat} verschärfte/verschärften {a} die Vorwürfe."), ("THREATEN", "", "Im Streit mit {b_dat} drohte/drohten {a} mit neuen Zöllen."),
    ("REQUEST", "", "{a} rief/riefen {b_acc} dazu auf, die Kämpfe zu beenden."), ("REJECT", "", "{b_dat} erteilte/erteilten {a} eine Absage."),
    ("REJECT", "", "{a} ließ/ließen {b_acc} mit dem Vorschlag abblitzen."), ("ACCUSE", "", "{a} machte/machten {b_acc} für den Vorfall verantwortlich."),
    ("ACCUSE", "", "Für den Vorfall machte/machten {a} {b_acc} verantwortlich."), ("ACCUSE", "", "Die Schuld gab/gaben {a} {b_dat}."),
    ("THREATEN", "", "{b_dat} gegenüber drohte/drohten {a} mit Vergeltung."), ("REQUEST", "", "Auf einen Abzug {b_gen} drängte/drängten {a} am Montag."),
)  # fmt: skip

# A participle, a relative clause or a clause with its verb at the end says who acts.
BENEATH = (
    ("SANCTION", "", "Die von {a_dat} gegen {b_acc} verhängten Sanktionen gelten ab Montag."), ("SANCTION", "", "Die Sanktionen, die {a} gegen {b_acc} verhängte/verhängten, gelten ab Montag."),
    ("ACCUSE", "", "{b}, von {a_dat} scharf kritisiert, schwieg/schwiegen am Montag."), ("ACCUSE", "", "Der von {a_dat} gegen {b_acc} erhobene Vorwurf ist neu."),
    ("ACCUSE", "", "{b}, {b_rel} {a} Wortbruch vorwirft/vorwerfen, schwieg bislang."), ("ACCUSE", "", "In einer Erklärung, in der {a} {b_acc} scharf kritisiert/kritisieren, ist von Wortbruch die Rede."),
    ("ASSAULT", "", "Der von {a_dat} in der Nacht angegriffene Nachbar heißt {b}."), ("ASSAULT", "", "Nachdem {a} {b_acc} mit Drohnen angegriffen hatte/hatten, tagte der Sicherheitsrat."),
    ("AID", "", "Die von {a_dat} an {b_acc} gelieferten Panzer sind angekommen."), ("AID", "", "Die Panzer, die {a} {b_dat} geliefert hat/haben, sind angekommen."),
    ("AGREE", "", "Die {b_dat} von {a_dat} zugesagten Panzer sollen im Herbst kommen."), ("AGREE", "", "Die Panzer, die {b_dat} von {a_dat} zugesagt wurden, sollen im Herbst kommen."),
    ("REQUEST", "", "Der von {a_dat} verlangte Abzug {b_gen} blieb aus."), ("REQUEST", "", "Die Garantien, die {a} von {b_dat} verlangt/verlangen, gibt es nicht."),
    ("REQUEST", "", "Weil {a} {b_acc} zum Abzug aufgefordert hatte/hatten, tagte der Sicherheitsrat."), ("REJECT", "", "Der von {a_dat} abgelehnte Vorschlag {b_gen} liegt auf dem Tisch."),
    ("REJECT", "", "Der Vorschlag {b_gen}, den {a} ablehnt/ablehnen, liegt auf dem Tisch."), ("THREATEN", "", "Die von {a_dat} gegen {b_acc} ausgesprochene Drohung wirkt."),
    ("THREATEN", "", "Dass {a} {b_dat} mit Vergeltung gedroht hat/haben, sorgt für Unruhe."), ("SUPPORT", "", "Der von {a_dat} begrüßte Vorschlag {b_gen} liegt auf dem Tisch."),
    ("SUPPORT", "", "Die Unterstützung, die {b} aus {a_town} bekommt, wächst."), ("COERCE", "", "Die von {a_dat} besetzten Gebiete {b_gen} bleiben gesperrt."),
    ("ACCUSE", "", "Wie {a} am Montag kritisierte/kritisierten, hält sich {b} nicht an das Abkommen."), ("ACCUSE", "", "Der Vorwurf {a_gen}, {b} habe das Abkommen gebrochen, ist neu."),
)  # fmt: skip
FRAMES = {"received": RECEIVED, "turned": TURNED, "beneath": BENEATH}


def sided(family: str, chance: random.Random) -> Iterator[Sided]:
    while True:
        type_, subject, frame = chance.choice(FRAMES[family])
        yield made(chance, type_, subject, frame)


def made(chance: random.Random, type_: str, subject: str, frame: str) -> Sided:
    """One sentence of a frame, between two whom case, number or order tells apart."""
    a, b = chance.sample(PARTIES, 2)
    while a.code == b.code or not _is_plain(a, b, frame):
        a, b = chance.sample(PARTIES, 2)
    words = {f"{side}_{case}": getattr(party, case) for side, party in (("a", a), ("b", b)) for case in _CASES}
    text = frame.format(a=a.nom, b=b.nom, b_rel=_RELATIVE.get(b.nom.split()[0], "dem"), **words)
    of_many = (b if subject == "b" else a).many
    text = _VERBS.sub(lambda found: found[2] if of_many else found[1], text)
    text = _CONTRACTED.sub(lambda found: _SHORT[found[0]], text)
    return Sided(type_, text[0].upper() + text[1:], a.code, b.code)


def _is_plain(a: Party, b: Party, frame: str) -> bool:
    """Where who bears it stands first, the case of one of the two must show."""
    case = frame[3:6] if frame.startswith(("{b_dat} ", "{b_acc} ")) else ""
    shown = not case or a.many != b.many or "nom" not in _looks_like(b, case) or case not in _looks_like(a, "nom")
    return shown and not (b.many and "schwieg" in frame)


def _looks_like(party: Party, case: str) -> list[str]:
    """The cases that a party may stand in by its form."""
    return [other for other in ("nom", "dat", "acc") if getattr(party, other) == getattr(party, case)]


_CASES = ("gen", "dat", "acc", "town", "of")
_RELATIVE = {"der": "dem", "die": "der"}
_VERBS = re.compile(r"(\w+)/(\w+)")
_SHORT = {
    "von dem": "vom",
    "zu dem": "zum",
    "zu der": "zur",
    "Zu dem": "Zum",
    "Zu der": "Zur",
    "bei dem": "beim",
    "an dem": "am",
    "An dem": "Am",
    "Bei dem": "Beim",
}
_CONTRACTED = re.compile("|".join(rf"\b{long}\b" for long in _SHORT))
