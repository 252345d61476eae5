"""What the coder makes of sentences whose reading is plain: made of nouns, verbs and parties, and counted where it is told otherwise.

    python -m benchmarks.made                   all families, 400 sentences of each
    python -m benchmarks.made --show            also the sentences that are not read so

Articles show which wordings are common; these show what happens with the others. "whose": an act named by a noun and the one
whose act it is ("der Kreml reagierte auf die Bitte der NATO"). "spoken of": an act that is but spoken of ("Polen drohte mit
Luftangriffen", "die EU kündigte Sanktionen an"). "undone": one that is taken back or ended ("hob die Sanktionen auf").
"not done": one that is refused, wanted, possible or denied ("weigerte sich, …", "hätte geliefert"). "unsaid": a statement that
somebody does not make ("verurteilte den Angriff nicht"). "called off": a meeting that is announced as not taking place. "received",
"turned" and "beneath": who is named first bears it, or a participle or relative clause says who acts (`benchmarks.made_sides`).
"unknown": an act of somebody whom no table has and of whom nobody says whose he is ("Präsident Gausewitz dankte der Ukraine").
"introduced": the same, said before. "learned": said in other articles only, so that the archive knows it (`storage.people`). Nothing is
fitted on them, and they say nothing of how often such sentences are.
"""

from __future__ import annotations

import functools
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from benchmarks.made_sides import FRAMES as FRAMES_OF_SIDES
from benchmarks.made_sides import sided
from benchmarks.making import coded, count
from extractors.model import Holder

DAY = datetime(2024, 6, 5, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """`acts` does what is named, to `bears` where `both` count, or `told` are the statuses that it may have, "none" that of no act.
    `text` is the last paragraph, after `before`; of an act of `anybody` known who acts counts, whatever the act is taken for."""

    text: str
    before: str = ""
    anybody: bool = False
    both: bool = False
    type: str
    acts: str = ""
    bears: str = ""
    told: frozenset[str] = frozenset()
    holders: tuple[Holder, ...] = ()
    """people in office whom other articles have introduced"""


# Whose act it is

OWNERS = (
    ("der NATO", "NATO", ""), ("Russlands", "RUS", ""), ("der USA", "USA", ""), ("der polnischen Regierung", "POL", ""),
    ("von Präsident Putin", "RUS", ""), ("Kiews", "UKR", ""), ("der EU", "EU", ""), ("", "TUR", "türkisch"),
    ("", "USA", "amerikanisch"), ("", "RUS", "russisch"), ("des ungarischen Ministerpräsidenten Orban", "HUN", ""),
)  # fmt: skip
OTHERS = (
    ("Moskau", "RUS"), ("Die Ukraine", "UKR"), ("Der Kreml", "RUS"), ("Berlin", "DEU"), ("Der iranische Außenminister", "IRN"),
    ("Die Regierung in Minsk", "BLR"), ("Litauen", "LTU"), ("Bundeskanzler Scholz", "DEU"),
)  # fmt: skip
NOUNS = (
    ("REQUEST", "Forderung", "f"), ("REQUEST", "Aufforderung", "f"), ("REQUEST", "Appell", "m"), ("REQUEST", "Bitte", "f"),
    ("ACCUSE", "Vorwürfe", "p"), ("ACCUSE", "Kritik", "f"), ("ACCUSE", "Anschuldigung", "f"), ("THREATEN", "Drohung", "f"),
    ("THREATEN", "Ultimatum", "n"), ("SANCTION", "Sanktionen", "p"), ("SANCTION", "Strafmaßnahmen", "p"),
    ("SANCTION", "Embargo", "n"), ("AGREE", "Zusage", "f"), ("AID", "Waffenlieferungen", "p"), ("REJECT", "Absage", "f"),
    ("REJECT", "Veto", "n"), ("ASSAULT", "Angriff", "m"), ("ASSAULT", "Angriffe", "p"), ("MOBILIZE", "Manöver", "n"),
)  # fmt: skip
CASES = {
    "acc": {"f": ("die", "e"), "m": ("den", "en"), "n": ("das", "e"), "p": ("die", "en")},
    "dat": {"f": ("der", "en"), "m": ("dem", "en"), "n": ("dem", "en"), "p": ("den", "en")},
}
FRAMES = (
    ("acc", "{b} reagierte am Montag auf {n}."), ("acc", "{b} will auf {n} antworten."),
    ("acc", "{b} hat {n} nach Angaben eines Sprechers zur Kenntnis genommen."), ("dat", "{b} zeigte sich von {n} überrascht."),
    ("dat", "Nach {n} berief {b} am Montag den Sicherheitsrat ein."),
)  # fmt: skip


def whose(chance: random.Random) -> Iterator[Made]:
    while True:
        type_, noun, gender = chance.choice(NOUNS)
        owner, acts, adjective = chance.choice(OWNERS)
        case, frame = chance.choice(FRAMES)
        other, bears = chance.choice([one for one in OTHERS if one[1] != acts])
        article, ending = CASES[case][gender]
        plural = "n" if case == "dat" and gender == "p" and not noun.endswith(("n", "s")) else ""
        words = (article, adjective and adjective + ending, noun + plural, owner)
        begins = frame.startswith("{b}")
        text = frame.format(n=" ".join(filter(None, words)), b=other if begins else inside(other))
        yield Made(text=text, type=type_, acts=acts, bears=bears)


# What is but spoken of

ACTS = (
    ("ASSAULT", "einem Angriff auf {o}", "einen Angriff auf {o}"),
    ("ASSAULT", "neuen Luftangriffen auf {o}", "neue Luftangriffe auf {o}"),
    ("ASSAULT", "einem Einmarsch in {o}", "einen Einmarsch in {o}"),
    ("SANCTION", "weiteren Sanktionen gegen {o}", "weitere Sanktionen gegen {o}"),
    ("SANCTION", "einem Einreiseverbot gegen {o}", "ein Einreiseverbot gegen {o}"),
    ("AID", "Waffenlieferungen an {o}", "Waffenlieferungen an {o}"),
)
SPEAKERS = (
    ("Russland", "RUS"),
    ("Der Kreml", "RUS"),
    ("Polen", "POL"),
    ("Die EU", "EU"),
    ("Präsident Erdogan", "TUR"),
)
OBJECTS = (("die Ukraine", "UKR"), ("Polen", "POL"), ("Russland", "RUS"), ("Georgien", "GEO"))
_MAY_BE = frozenset({"none", "hypothetical", "planned"})
_COMES = frozenset({"none", "planned", "hypothetical"})
_IS_NOT = frozenset({"none", "negated", "hypothetical"})
SPOKEN = (
    ("{s} drohte am Montag mit {dat}.", _MAY_BE), ("{s} hat erneut mit {dat} gedroht.", _MAY_BE),
    ("{s} warnte am Montag vor {dat}.", _MAY_BE), ("{s} hat in Brüssel vor {dat} gewarnt.", _MAY_BE),
    ("{s} forderte am Montag {acc}.", _MAY_BE), ("{s} verlangt {acc}.", _MAY_BE), ("{s} befürchtet {acc}.", _MAY_BE),
    ("{s} erwägt {acc}.", _MAY_BE), ("{s} prüft nach Angaben eines Sprechers {acc}.", _MAY_BE),
    ("{s} hat {acc} vorgeschlagen.", _MAY_BE), ("{s} schließt {acc} nicht aus.", _MAY_BE),
    ("{s} sprach sich für {acc} aus.", _MAY_BE), ("{s} plant {acc}.", _COMES), ("{s} bereitet {acc} vor.", _COMES),
    ("{s} kündigte {acc} an.", _COMES), ("{s} schloss {acc} am Montag aus.", _IS_NOT), ("{s} lehnte {acc} ab.", _IS_NOT),
    ("{s} verzichtet auf {acc}.", _IS_NOT), ("{s} sprach sich gegen {acc} aus.", _IS_NOT), ("{s} will {acc} verhindern.", _IS_NOT),
)  # fmt: skip


def spoken_of(chance: random.Random) -> Iterator[Made]:
    while True:
        type_, dative, accusative = chance.choice(ACTS)
        frame, told = chance.choice(SPOKEN)
        speaker, code = chance.choice(SPEAKERS)
        on = chance.choice([place for place, of in OBJECTS if of != code])
        text = frame.format(s=speaker, dat=dative.format(o=on), acc=accusative.format(o=on))
        yield Made(text=text, type=type_, told=told)


# What is undone

_OVER = frozenset({"none", "historical", "negated", "hypothetical"})
UNDOING = {
    "SANCTION": (
        ("die Sanktionen gegen {o}", "den Sanktionen gegen {o}"), ("das Embargo gegen {o}", "dem Embargo gegen {o}"),
        ("die Strafmaßnahmen gegen {o}", "den Strafmaßnahmen gegen {o}"), ("das Einreiseverbot gegen {o}", "dem Einreiseverbot gegen {o}"),
    ),
    "REJECT": (("das Veto gegen {o}", "dem Veto gegen {o}"), ("den Widerstand gegen {o}", "dem Widerstand gegen {o}"), ("seine Ablehnung", "seiner Ablehnung")),
    "REQUEST": (("seine Forderung an {o}", "seiner Forderung an {o}"), ("die Forderung nach Garantien", "der Forderung nach Garantien")),
    "THREATEN": (("seine Drohung gegen {o}", "seiner Drohung gegen {o}"), ("das Ultimatum an {o}", "dem Ultimatum an {o}")),
    "ACCUSE": (("seine Vorwürfe gegen {o}", "seinen Vorwürfen gegen {o}"), ("die Klage gegen {o}", "der Klage gegen {o}")),
    "AID": (("die Waffenlieferungen an {o}", "den Waffenlieferungen an {o}"), ("die Militärhilfe für {o}", "der Militärhilfe für {o}")),
    "ASSAULT": (("die Angriffe auf {o}", "den Angriffen auf {o}"), ("den Beschuss von {o}", "dem Beschuss von {o}")),
    "MOBILIZE": (("das Manöver an der Grenze zu {o}", "dem Manöver an der Grenze zu {o}"), ("die Truppenverlegung nach {o}", "der Truppenverlegung nach {o}")),
    "COERCE": (("die Blockade", "der Blockade"), ("die Besetzung", "der Besetzung")),
}  # fmt: skip
TAKEN_BACK = (
    ("{s} hob {acc} am Montag auf.", "SANCTION COERCE"), ("{s} hat {acc} aufgehoben.", "SANCTION COERCE"),
    ("{s} zog {acc} zurück.", "REJECT REQUEST THREATEN ACCUSE"), ("{s} nahm {acc} am Dienstag zurück.", "REJECT REQUEST THREATEN ACCUSE SANCTION"),
    ("{s} rückte von {dat} ab.", "REJECT REQUEST THREATEN"), ("{s} ist von {dat} abgerückt.", "REJECT REQUEST THREATEN"),
    ("{s} ließ {acc} fallen.", "REJECT REQUEST THREATEN ACCUSE"), ("{s} hat {acc} fallen gelassen.", "REQUEST ACCUSE"),
    ("{s} gab {acc} auf.", "REJECT REQUEST"), ("{s} hat {acc} nach Angaben eines Sprechers aufgegeben.", "REJECT REQUEST"),
    ("{s} stellte {acc} ein.", "AID ASSAULT"), ("{s} hat {acc} eingestellt.", "AID ASSAULT"),
    ("{s} beendete {acc}.", "ASSAULT MOBILIZE COERCE SANCTION"), ("{s} brach {acc} ab.", "MOBILIZE ASSAULT"),
    ("{s} stoppte {acc}.", "AID ASSAULT MOBILIZE"), ("{s} setzte {acc} aus.", "AID SANCTION"),
)  # fmt: skip


def undone(chance: random.Random) -> Iterator[Made]:
    """What somebody takes back or ends he does not do, whatever it was before."""
    while True:
        frame, types = chance.choice(TAKEN_BACK)
        type_ = chance.choice(types.split())
        accusative, dative = chance.choice(UNDOING[type_])
        speaker, code = chance.choice(SPEAKERS)
        on = chance.choice([place for place, of in OBJECTS if of != code])
        on = "der Ukraine" if on == "die Ukraine" and ("von {o}" in accusative or "zu {o}" in accusative) else on
        yield Made(
            text=frame.format(s=speaker, dat=dative.format(o=on), acc=accusative.format(o=on)), type=type_, told=_OVER
        )


# What is not done, or only wanted

TO_DO = (
    ("AID", "der Ukraine Raketen zu liefern"), ("SANCTION", "Sanktionen gegen {o} zu verhängen"), ("ASSAULT", "{o} anzugreifen"),
    ("SANCTION", "Diplomaten aus {o} auszuweisen"), ("CONSULT", "mit {o} zu verhandeln"),
    ("MOBILIZE", "Truppen an die Grenze zu {o} zu verlegen"),
)  # fmt: skip
WANTED = (
    ("{s} weigerte sich, {i}.", _IS_NOT), ("{s} lehnte es ab, {i}.", _IS_NOT), ("{s} drohte, {i}.", _MAY_BE),
    ("{s} versprach, {i}.", _MAY_BE), ("{s} plant, {i}.", _COMES), ("{s} hat nicht vor, {i}.", _IS_NOT),
    ("{s} verzichtete darauf, {i}.", _IS_NOT), ("{s} schloss aus, {i}.", _IS_NOT), ("{s} forderte Berlin auf, {i}.", _MAY_BE),
    ("{s} erwägt, {i}.", _MAY_BE), ("{s} wäre bereit, {i}.", _MAY_BE), ("{s} warnte Berlin davor, {i}.", _MAY_BE),
    ("{s} ist nicht bereit, {i}.", _IS_NOT), ("{s} schlug vor, {i}.", _MAY_BE), ("{s} hätte die Möglichkeit, {i}.", _MAY_BE),
    ("Statt {i}, schwieg {s_inside}.", _IS_NOT), ("{s} schwieg am Montag, ohne {i}.", _IS_NOT),
)  # fmt: skip
DONE = (
    ("AID", "der Ukraine {no}Raketen", "geliefert", "liefern"), ("SANCTION", "{no}Sanktionen gegen {o}", "verhängt", "verhängen"),
    ("CONSULT", "{nicht}mit {o}", "verhandelt", "verhandeln"), ("MOBILIZE", "{no}Truppen nach Belarus", "verlegt", "verlegen"),
    ("ASSAULT", "{o}{nicht_behind}", "angegriffen", "angreifen"),
)  # fmt: skip
UNREAL = (
    ("{s} hat {not} {done}.", _IS_NOT), ("{s} wird {not} {do}.", _IS_NOT), ("{s} will {not} {do}.", _IS_NOT), ("{s} darf {not} {do}.", _IS_NOT),
    ("{s} könnte {yes} {do}.", _MAY_BE), ("{s} hätte {yes} {done}.", _IS_NOT), ("{s} würde {yes} {do}.", _MAY_BE),
    ("Falls {s_inside} {yes} {do} sollte, werde man reagieren.", _MAY_BE), ("{s} muss {yes} {do}.", _MAY_BE), ("{s} will {yes} {do}.", _COMES),
)  # fmt: skip


def not_done(chance: random.Random) -> Iterator[Made]:
    while True:
        speaker, code = chance.choice(SPEAKERS)
        on = chance.choice([place for place, of in OBJECTS if of != code and place != "die Ukraine"])
        words = {"s": speaker, "s_inside": inside(speaker)}
        if chance.random() < 0.5:
            (type_, act), (frame, told) = chance.choice(TO_DO), chance.choice(WANTED)
            words["i"] = act.format(o=on)
        else:
            (type_, act, done, do), (frame, told) = chance.choice(DONE), chance.choice(UNREAL)
            no = {"no": "keine ", "nicht": "nicht ", "nicht_behind": " nicht"}
            words |= {
                "done": done,
                "do": do,
                "not": act.format(o=on, **no),
                "yes": act.format(o=on, **dict.fromkeys(no, "")),
            }
        yield Made(text=frame.format_map(words), type=type_, told=told)


# What is not said

UNSAID = (
    ("ACCUSE", "{s} hat das Vorgehen {gen} bis heute nicht verurteilt."), ("ACCUSE", "{s} verurteilte {acc} nicht."),
    ("ACCUSE", "{s} kritisierte {acc} am Montag nicht."), ("ACCUSE", "{s} hat {acc} nie kritisiert."),
    ("ACCUSE", "{s} warf {dat} keinen Wortbruch vor."), ("ACCUSE", "{s} kritisierte das Vorgehen {gen} mit keinem Wort."),
    ("ACCUSE", "{s} übte keine Kritik an {dat}."), ("ACCUSE", "Kritik an {dat} äußerte {s} mit keiner Silbe."),
    ("REQUEST", "{s} forderte {acc} nicht zum Abzug auf."), ("REQUEST", "{s} verlangte von {dat} keine Garantien."),
    ("REQUEST", "{s} hat {acc} nicht um Panzer gebeten."), ("REQUEST", "{s} stellte keine Forderungen an {acc}."),
    ("THREATEN", "{s} drohte {dat} nicht."), ("THREATEN", "{s} hat {dat} nie mit Zöllen gedroht."),
    ("SUPPORT", "{s} begrüßte die Entscheidung {gen} nicht."), ("SUPPORT", "{s} dankte {dat} mit keinem Wort."),
    ("AGREE", "{s} stimmte dem Entwurf {gen} nicht zu."), ("AGREE", "{s} sagte {dat} keine Panzer zu."),
)  # fmt: skip


def unsaid(chance: random.Random) -> Iterator[Made]:
    """What somebody does not say he has not said."""
    while True:
        (type_, text), (speaker, _) = chance.choice(UNSAID), chance.choice(OTHERS)
        yield Made(text=_act(chance, inside(speaker), text), type=type_, told=_IS_NOT)


# Meetings that are none of the calendar's

GUESTS = ("Macron", "Tusk", "Meloni", "dem chinesischen Außenminister")
HOSTS = ("Blinken", "Lawrow", "Bundeskanzler Scholz", "Außenminister Fidan")
WHEN = (("am Freitag", "Freitag"), ("am 12. Juni", "den 12. Juni"), ("am kommenden Montag", "kommenden Montag"))
CALLED_OFF = (
    "{a} sagte das für {n} in {p} geplante Treffen mit {b} ab.", "Das für {n} in {p} geplante Treffen von {a} mit {b} wurde abgesagt.",
    "Das Treffen von {a} mit {b} {d} in {p} findet nicht statt.", "{a} wird {d} doch nicht nach {p} reisen, um mit {b} zu sprechen.",
    "Wegen der Angriffe fällt das Treffen von {a} mit {b} {d} in {p} aus.", "{a} lehnte ein Treffen mit {b} {d} in {p} ab.",
    "{a} schließt ein Treffen mit {b} {d} in {p} aus.", "Ob {a} {d} in {p} mit {b} zusammenkommt, ist offen.",
    "Das Treffen von {a} mit {b} {d} in {p} ist geplatzt.", "{a} ließ das Treffen mit {b} {d} in {p} platzen.",
    "Das für {n} geplante Gespräch von {a} mit {b} in {p} entfällt.", "{a} wollte sich ursprünglich {d} in {p} mit {b} treffen.",
    "{a} wird sich {d} in {p} nicht mit {b} treffen.", "{a} plant kein Treffen mit {b} {d} in {p}.",
    "{a} bleibt {d} dem Treffen mit {b} in {p} fern.", "Die Gespräche von {a} mit {b} {d} in {p} wurden vertagt.",
)  # fmt: skip


def called_off(chance: random.Random) -> Iterator[Made]:
    while True:
        day, name = chance.choice(WHEN)
        words = {
            "a": chance.choice(HOSTS),
            "b": chance.choice(GUESTS),
            "d": day,
            "n": name,
            "p": chance.choice(("Genf", "Wien", "Riad")),
        }
        told = frozenset({"none", "negated", "hypothetical", "past", "historical"})
        yield Made(text=chance.choice(CALLED_OFF).format_map(words), type="CONSULT", told=told)


# Who acts upon whom


def two_sides(family: str, chance: random.Random) -> Iterator[Made]:
    for one in sided(family, chance):
        yield Made(text=one.text, type=one.type, acts=one.acts, bears=one.bears, both=True)


# Who acts is in no table

FIRST = (("Ingmar", "m"), ("Pavle", "m"), ("Ruprecht", "m"), ("Lieselore", "f"), ("Annika", "f"), ("Irmtraud", "f"))
SURNAMES = (
    "Gausewitz",
    "Torvaldsen",
    "Malenka",
    "Brunnquell",
    "Tarkowiak",
    "Ostrowar",
    "Halvestad",
    "Kirkelund",
    "Saarepuu",
)
TITLES = (
    ("Präsident", "Präsidentin"), ("Außenminister", "Außenministerin"), ("Ministerpräsident", "Ministerpräsidentin"),
    ("Verteidigungsminister", "Verteidigungsministerin"), ("Regierungschef", "Regierungschefin"),
    ("Minister", "Ministerin"), ("Staatschef", "Staatschefin"), ("Premierminister", "Premierministerin"),
    ("Regierungssprecher", "Regierungssprecherin"),
)  # fmt: skip
BARE = (
    "{title} {last}", "{title} {first} {last}", "{last}", "{first} {last}", "{article} {title} {last}",
    "{article} Abgeordnete {first} {last}", "{title} {last} ({party})",
)  # fmt: skip
STATES = (
    ("POL", "polnische", "Polens", "Polen"), ("EST", "estnische", "Estlands", "Estland"), ("ARM", "armenische", "Armeniens", "Armenien"),
    ("ITA", "italienische", "Italiens", "Italien"), ("CAN", "kanadische", "Kanadas", "Kanada"), ("JPN", "japanische", "Japans", "Japan"),
)  # fmt: skip
INTRODUCED = (
    "{Article} {adjective} {title} {first} {last} ist seit Mai im Amt.",
    "{Article} {adjective} {title} {last} sprach am Montag vor der Presse.",
    "{genitive} {title} {first} {last} ist seit Mai im Amt.",
    "{genitive} {title} {last} sprach am Montag vor der Presse.",
    "{first} {last}, {title} {genitive}, ist seit Mai im Amt.",
    "{last}, {adjective_bare} {title}, sprach am Montag vor der Presse.",
    "{Article} {title} von {state}, {first} {last}, ist seit Mai im Amt.",
    "{Article} neue {adjective} {title} heißt {first} {last}.",
    "{first} {last} ist {title} von {state}.",
    "In {state} ist {first} {last} neue{r} {title}.",
)
AGAIN = ("{last}", "{title} {last}", "{first} {last}", "{article} {title} {last}")
MET = (
    ("der Ukraine", "die Ukraine", "der Ukraine"), ("Russland", "Russland", "Russlands"), ("der Nato", "die Nato", "der Nato"),
    ("Moskau", "Moskau", "Moskaus"), ("der EU", "die EU", "der EU"), ("den USA", "die USA", "der USA"),
    ("dem Kreml", "den Kreml", "des Kreml"),
)  # fmt: skip
SENTENCES = (
    ("SUPPORT", "{s} dankte {dat} für die Hilfe."), ("SUPPORT", "{s} hat {dat} am Montag Solidarität zugesichert."),
    ("SUPPORT", "{s} begrüßte die Entscheidung {gen}."), ("ACCUSE", "{s} warf {dat} vor, Zusagen gebrochen zu haben."),
    ("ACCUSE", "{s} kritisierte {acc} am Montag scharf."), ("ACCUSE", "{s} hat das Vorgehen {gen} scharf verurteilt."),
    ("ACCUSE", "{s} warf {dat} am Dienstag Wortbruch vor."), ("REQUEST", "{s} forderte {acc} auf, die Gespräche fortzusetzen."),
    ("REQUEST", "{s} verlangte von {dat} Garantien."), ("REQUEST", "{s} rief {acc} zur Zurückhaltung auf."),
    ("REQUEST", "{s} bat {acc} um weitere Panzer."), ("THREATEN", "{s} drohte {dat} mit Konsequenzen."),
    ("THREATEN", "{s} hat {dat} mit neuen Zöllen gedroht."), ("THREATEN", "{s} warnte {acc} vor einem Bruch der Absprachen."),
    ("REJECT", "{s} wies die Darstellung {gen} zurück."), ("REJECT", "{s} lehnte den Kurs {gen} ab."),
    ("AGREE", "{s} sagte {dat} neue Generatoren zu."), ("AGREE", "{s} stimmte dem Entwurf {gen} zu."),
    ("AID", "{s} lieferte {dat} zwölf Haubitzen."), ("SANCTION", "{s} verhängte Sanktionen gegen {acc}."),
    ("SANCTION", "{s} kündigte neue Sanktionen gegen {acc} an."), ("ACCUSE", "Am Montag warf {s} {dat} erneut Wortbruch vor."),
    ("REQUEST", "In Genf forderte {s} {acc} zu Verhandlungen auf."), ("THREATEN", "Zugleich drohte {s} {dat} mit Vergeltung."),
    ("STATE", "{s} sagte, die Lage in Osteuropa sei ernst."), ("ACCUSE", "Nach der Sitzung übte {s} scharfe Kritik an {dat}."),
)  # fmt: skip


def unknown(chance: random.Random) -> Iterator[Made]:
    """Nobody says whose they are: nobody known has acted."""
    while True:
        words, (type_, text) = _somebody(chance), chance.choice(SENTENCES)
        yield Made(text=_act(chance, chance.choice(BARE).format_map(words), text), type=type_, anybody=True)


def introduced(chance: random.Random) -> Iterator[Made]:
    """The sentence before says whose they are: it is told of their state, or not at all."""
    while True:
        words, (type_, text) = _somebody(chance), chance.choice(SENTENCES)
        code, adjective, genitive, state = chance.choice(STATES)
        words |= {"adjective": adjective, "genitive": genitive, "state": state}
        words["adjective_bare"] = adjective + ("r" if words["r"] else "")
        act = _act(chance, chance.choice(AGAIN).format_map(words), text)
        before = chance.choice(INTRODUCED).format_map(words)
        yield Made(before=before, text=act, type=type_, acts=code, anybody=True)


def learned(chance: random.Random) -> Iterator[Made]:
    """Other articles have said whose they are: it is told of their state, or not at all, as where a surname stands alone."""
    while True:
        words, (type_, text) = _somebody(chance), chance.choice(SENTENCES)
        code, *_ = chance.choice(STATES)
        known = Holder(name=f"{words['first']} {words['last']}", code=code, offices=(words["title"],))
        act = _act(chance, chance.choice(AGAIN).format_map(words), text)
        yield Made(text=act, type=type_, acts=code, anybody=True, holders=(known,))


def _somebody(chance: random.Random) -> dict[str, str]:
    first, gender = chance.choice(FIRST)
    title = chance.choice(TITLES)[gender == "f"]
    article, r = ("der", "r") if gender == "m" else ("die", "")
    party = chance.choice(("Heimatbund", "Liberale Liste"))
    words = {
        "first": first,
        "last": chance.choice(SURNAMES),
        "title": title,
        "title_low": title,
        "article": article,
        "r": r,
    }
    return words | {"Article": article.capitalize(), "party": party}


def _act(chance: random.Random, who: str, text: str) -> str:
    dative, accusative, genitive = chance.choice(MET)
    begins = text.startswith("{s}")
    return text.format(s=who[0].upper() + who[1:] if begins else who, dat=dative, acc=accusative, gen=genitive)


def inside(name: str) -> str:
    """A name in the middle of a sentence: "der Kreml"."""
    return name[0].lower() + name[1:] if name.startswith(("Der ", "Die ")) else name


# What is told


def verdict(made: Made) -> str:
    """none, right or wrong."""
    found = coded(made.before, made.text, dated=DAY, holders=made.holders)
    if made.anybody:
        by = {actor.code for event in found if event.evidence.quote in made.text for actor in event.actors}
        return "none" if not by else "right" if by == {made.acts} else "wrong"
    own = [event for event in found if event.type == made.type]
    if made.told:
        return "right" if {event.status.value for event in own} <= made.told else "wrong"
    if not own:
        return "none"
    sides = [{one.code for one in side} for side in (own[0].actors, own[0].recipients)]
    right = [{made.acts}, {made.bears}] if made.both else [{made.acts}, sides[1]]
    return "right" if sides == right else "wrong"


FAMILIES = {
    "whose": whose,
    "spoken of": spoken_of,
    "undone": undone,
    "not done": not_done,
    "unsaid": unsaid,
    "called off": called_off,
    **{family: functools.partial(two_sides, family) for family in FRAMES_OF_SIDES},
    "unknown": unknown,
    "introduced": introduced,
    "learned": learned,
}


def judged(made: Made) -> tuple[Counter[str], list[str]]:
    return Counter([verdict(made)]), [f"{made.type} {made.before} {made.text}"]


if __name__ == "__main__":
    count(FAMILIES, judged, __doc__)
