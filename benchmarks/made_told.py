"""What the coder makes of the day, the speaker and the several acts of sentences whose reading is plain.

    python -m benchmarks.made_told                 all families, 400 texts of each
    python -m benchmarks.made_told --show          also the texts that are read otherwise, with what was read

"day": when an act was or will be, told in its own sentence. "day before": told from the sentence before ("tags darauf", "am selben Tag"),
or not told at all ("zuvor"). "two days": two acts of a sentence, each with its day. "words": who is quoted for an act, in a sentence.
"words around": in two, or nobody although somebody speaks beside. "several": acts of several in one sentence. Counted is every act: told
right, told with what is asked wrong, or not told; and what is told beside, where sides are asked for. Nothing is fitted on them, and
they say nothing of how often such sentences are.
"""

from __future__ import annotations

import calendar
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from benchmarks.making import MONTHS, WEEKDAYS, coded, count

if TYPE_CHECKING:
    from extractors.model import Event

DAY, SPEAKER, SIDES = "day", "speaker", "sides"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`day` is what the text tells of it, ISO, "" where nothing; `speaker` likewise the code of whose words tell it."""

    type: str
    acts: str = ""
    bears: str = ""
    day: str = ""
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """`asked` of each act; `kind` is the frame that the text was made of."""

    kind: str
    text: str
    dated: datetime
    asked: str
    acts: tuple[Act, ...]


# Who, and what is done

SUBJECTS = (
    ("Polen", "POL"), ("die EU", "EU"), ("der Kreml", "RUS"), ("Bundeskanzler Scholz", "DEU"), ("die Ukraine", "UKR"),
    ("der türkische Präsident Erdogan", "TUR"), ("die Regierung in Minsk", "BLR"), ("US-Außenminister Blinken", "USA"),
)  # fmt: skip
UNARMED = frozenset({"EU"})
"""who attacks nobody"""
OBJECTS = (
    ("Georgien", "Georgien", "Georgiens", "GEO"), ("dem Iran", "den Iran", "des Iran", "IRN"), ("China", "China", "Chinas", "CHN"),
    ("der Slowakei", "die Slowakei", "der Slowakei", "SVK"), ("Estland", "Estland", "Estlands", "EST"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deed:
    """An act by its verb: what stands behind the verb before and behind a time, its particle, participle and infinitive."""

    type: str
    verb: str
    first: str
    rest: str
    particle: str
    participle: str
    infinitive: str


DEEDS = (
    Deed("ACCUSE", "warf", "{dat}", "Wortbruch", "vor", "vorgeworfen", "vorwerfen"), Deed("ACCUSE", "kritisierte", "{acc}", "scharf", "", "kritisiert", "kritisieren"),
    Deed("REQUEST", "forderte", "{acc}", "zum Einlenken", "auf", "aufgefordert", "auffordern"), Deed("REQUEST", "bat", "{acc}", "um Panzer", "", "gebeten", "bitten"),
    Deed("SANCTION", "verhängte", "", "Sanktionen gegen {acc}", "", "verhängt", "verhängen"), Deed("THREATEN", "drohte", "{dat}", "mit Vergeltung", "", "gedroht", "drohen"),
    Deed("REJECT", "wies", "den Vorschlag {gen}", "", "zurück", "zurückgewiesen", "zurückweisen"), Deed("AID", "lieferte", "{dat}", "zwölf Haubitzen", "", "geliefert", "liefern"),
    Deed("AGREE", "sagte", "{dat}", "weitere Panzer", "zu", "zugesagt", "zusagen"), Deed("ASSAULT", "griff", "{acc}", "mit Drohnen", "an", "angegriffen", "angreifen"),
)  # fmt: skip
SAID = frozenset({"ACCUSE", "REQUEST", "THREATEN", "REJECT", "AGREE"})
"""acts that are done by saying so"""
TO_COME = tuple(one for one in DEEDS if one.type in ("SANCTION", "AID", "ASSAULT"))
"""what is to come is an act of its own in the codebook"""


def upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def words(*parts: str) -> str:
    return " ".join(part for part in parts if part)


# --- days ------------------------------------------------------------------------------------------------------------

COUNTS = {2: "zwei", 3: "drei", 4: "vier", 5: "fünf"}
Time = tuple[str, str]
"""a time as a sentence tells it, and what it says, ISO"""


def weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def _month(day: date, step: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + step, 12)
    return date(year, month + 1, 1)


def past(chance: random.Random, today: date) -> Time:
    """When something was that is over."""
    day = today - timedelta(days=chance.randint(1, 6))
    month, weeks = _month(today, -chance.randint(1, 4)), chance.randint(2, 4)
    far, monday = today - timedelta(days=chance.randint(8, 25)), today - timedelta(days=today.weekday())
    last = monday + timedelta(days=chance.randint(-7, -1))
    times = (
        (f"am {weekday(day)}", day.isoformat()), (f"am {weekday(day)}abend", day.isoformat()), (f"am vergangenen {weekday(day)}", day.isoformat()),
        (f"erst am {weekday(day)}", day.isoformat()), (f"bereits am {weekday(day)}", day.isoformat()), (f"in der Nacht zum {weekday(day)}", day.isoformat()),
        (f"in der Nacht auf {weekday(day)}", day.isoformat()), (f"am frühen {weekday(day)}morgen", day.isoformat()),
        (f"am {far.day}. {MONTHS[far.month]}", far.isoformat()), (f"am {weekday(far)}, dem {far.day}. {MONTHS[far.month]},", far.isoformat()),
        ("gestern", (today - timedelta(days=1)).isoformat()), ("vor drei Tagen", (today - timedelta(days=3)).isoformat()),
        (f"vor {COUNTS[weeks]} Wochen", (today - timedelta(weeks=weeks)).isoformat()), (f"am {weekday(last)} vergangener Woche", last.isoformat()),
        (f"{chance.choice(('Anfang', 'Mitte', 'Ende'))} {MONTHS[month.month]}", month.isoformat()[:7]), (f"im {MONTHS[month.month]}", month.isoformat()[:7]),
        ("in der vergangenen Woche", f"{monday - timedelta(days=7)}/{monday - timedelta(days=1)}"),
        (f"nicht am {weekday(day - timedelta(days=1))}, sondern erst am {weekday(day)}", day.isoformat()),
        (f"am {weekday(day)} kurz vor Mitternacht", day.isoformat()), (f"noch am {weekday(day)}", day.isoformat()),
    )  # fmt: skip
    return chance.choice(times)


def lasting(chance: random.Random, today: date) -> Time:
    """From when to when something went on."""
    first = today - timedelta(days=chance.randint(3, 6))
    last = first + timedelta(days=chance.randint(1, 2))
    return chance.choice((
        (f"seit {weekday(first)}", f"{first}/{today}"), (f"von {weekday(first)} bis {weekday(last)}", f"{first}/{last}"),
        (f"zwischen {weekday(first)} und {weekday(last)}", f"{first}/{last}"), (f"vom {first.day}. {MONTHS[first.month]} bis zum {last.day}. {MONTHS[last.month]}", f"{first}/{last}"),
    ))  # fmt: skip


def coming(chance: random.Random, today: date) -> Time:
    day = today + timedelta(days=chance.randint(1, 6))
    month, weeks = _month(today, chance.randint(1, 4)), chance.randint(2, 4)
    return chance.choice((
        (f"am {weekday(day)}", day.isoformat()), (f"am kommenden {weekday(day)}", day.isoformat()), (f"am {day.day}. {MONTHS[day.month]}", day.isoformat()),
        ("morgen", (today + timedelta(days=1)).isoformat()), ("in drei Tagen", (today + timedelta(days=3)).isoformat()), (f"ab {weekday(day)}", day.isoformat()),
        (f"in {COUNTS[weeks]} Wochen", (today + timedelta(weeks=weeks)).isoformat()), ("bis Ende des Monats", today.isoformat()[:7]),
        (f"{chance.choice(('Anfang', 'Mitte', 'Ende'))} {MONTHS[month.month]}", month.isoformat()[:7]), ("bis zum Jahresende", str(today.year)),
        (f"nicht schon am {weekday(today + timedelta(days=1))}, sondern erst am {weekday(today + timedelta(days=2))}", (today + timedelta(days=2)).isoformat()),
    ))  # fmt: skip


DATED = (
    ("pre", "{S} {verb} {first} {t} {rest} {particle}."), ("perf", "{S} hat {first} {t} {rest} {participle}."),
    ("inv", "{T} {verb} {s} {first} {rest} {particle}."), ("plup", "{S} hatte {first} {t} {rest} {participle}."),
    ("inv perf", "{T} hat {s} {first} {rest} {participle}."), ("beneath", "{T} trat Orban vor die Presse, nachdem {s} {first} {rest} {participle} hatte."),
)  # fmt: skip
WILL = (
    ("will", "{S} will {first} {t} {rest} {infinitive}."), ("wird", "{T} wird {s} {first} {rest} {infinitive}."),
    ("soll", "{S} soll {first} {t} {rest} {infinitive}."), ("plans", "{S} plant, {first} {t} {rest} zu {infinitive}."),
)  # fmt: skip


def day(chance: random.Random) -> Iterator[Text]:
    while True:
        dated = _dated(chance)
        which = chance.random()
        if which < 0.7:
            (kind, frame), deed, (when, iso) = (
                chance.choice(DATED[:5]),
                chance.choice(DEEDS),
                past(chance, dated.date()),
            )
        elif which < 0.8:
            assaults = [one for one in DEEDS if one.type == "ASSAULT"]
            (kind, frame), deed, (when, iso) = (
                chance.choice(DATED[:3]),
                chance.choice(assaults),
                lasting(chance, dated.date()),
            )
        else:
            (kind, frame), deed, (when, iso) = chance.choice(WILL), chance.choice(TO_COME), coming(chance, dated.date())
            frame = frame.replace("zu {infinitive}", "anzugreifen") if deed.type == "ASSAULT" else frame
        text, act = _done(chance, frame, deed, when, iso)
        yield Text(f"{kind} | {_shape(when)}", text, dated, DAY, (act,))


def _shape(when: str) -> str:
    """A time without its day and month, to count by."""
    for name in (*WEEKDAYS, *MONTHS[1:]):
        when = when.replace(name, "X")
    return "".join("9" if c.isdigit() else c for c in when)


def _done(chance: random.Random, frame: str, deed: Deed, when: str, iso: str) -> tuple[str, Act]:
    name, acts = chance.choice([one for one in SUBJECTS if one[1] not in UNARMED or deed.type != "ASSAULT"])
    dative, accusative, genitive, bears = chance.choice(OBJECTS)
    case = {"dat": dative, "acc": accusative, "gen": genitive}
    fills = {
        "s": name, "S": upper(name), "t": when, "T": upper(when), "verb": deed.verb, "particle": deed.particle, "participle": deed.participle,
        "infinitive": deed.infinitive, "first": deed.first.format_map(case), "rest": deed.rest.format_map(case),
    }  # fmt: skip
    text = (
        words(*frame.format_map(fills).split())
        .replace(" .", ".")
        .replace(" ,", ",")
        .replace(",,", ",")
        .replace(",.", ".")
    )
    return text, Act(type=deed.type, acts=acts, bears=bears, day=iso)


BEFORE = (
    "{D} kam in Brüssel der NATO-Rat zusammen.", "{D} tagte in Wien die OSZE.", "{D} hatten Finnland und Norwegen in Oslo verhandelt.",
)  # fmt: skip
STEPS = (
    ("Am Vortag", -1, "plup"), ("Tags zuvor", -1, "plup"), ("Einen Tag zuvor", -1, "plup"), ("Zwei Tage zuvor", -2, "plup"), ("Tags darauf", 1, "pre"),
    ("Am Tag darauf", 1, "pre"), ("Einen Tag später", 1, "pre"), ("Zwei Tage später", 2, "pre"), ("Am selben Tag", 0, "pre"), ("Am Folgetag", 1, "pre"),
    ("Am Abend", 0, "pre"), ("Noch am selben Abend", 0, "pre"), ("Zuvor", None, "plup"), ("Kurz zuvor", None, "plup"), ("Wenige Stunden später", 0, "pre"),
    ("Schon vor Wochen", None, "plup"),
)  # fmt: skip
SAID_ON = (
    "{P} sprach {d} in Brüssel mit Journalisten. Dabei {verb} er {first} {rest} {particle}.", "{P} sagte {d} in Brüssel, die Lage sei ernst. Er {verb} {first} {rest} {particle}.",
    "{P} äußerte sich {d} vor der Presse. Zugleich {verb} er {first} {rest} {particle}.",
)  # fmt: skip


def day_before(chance: random.Random) -> Iterator[Text]:
    while True:
        dated = _dated(chance)
        today = dated.date()
        told = today - timedelta(days=chance.randint(3, 6))
        by_date = chance.random() < 0.3
        on = f"am {told.day}. {MONTHS[told.month]}" if by_date else f"am {weekday(told)}"
        deed = chance.choice(DEEDS)
        if chance.random() < 0.25:
            deed = chance.choice([one for one in DEEDS if one.type in SAID])
            frame = chance.choice(SAID_ON)
            person, code = chance.choice([one for one in SUBJECTS if " " in one[0] and one[1] in ("DEU", "TUR", "USA")])
            text, act = _done(
                chance, frame.replace("{P}", upper(person)).replace("{d}", on), deed, "", told.isoformat()
            )
            yield Text(frame[:30], text, dated, DAY, (Act(type=act.type, acts=code, bears=act.bears, day=act.day),))
            continue
        step, off, tense = chance.choice(STEPS)
        frame = (
            "{T} hatte {s} {first} {rest} {participle}."
            if tense == "plup"
            else "{T} {verb} {s} {first} {rest} {particle}."
        )
        iso = "" if off is None else (told + timedelta(days=off)).isoformat()
        text, act = _done(chance, frame, deed, step, iso)
        yield Text(step, chance.choice(BEFORE).format(D=upper(on)) + " " + text, dated, DAY, (act,))


TWO = (
    ("beside", "{D} {a_inv}, {e} {b_inv}."), ("und", "{D} {a_inv}, und {e} {b_inv}."), ("nachdem", "Nachdem {a_sub_d}, {b_inv_e}."),
    ("two sentences", "{D} {a_inv}. {E} {b_inv}."), ("semicolon", "{A_main_d}; {b_main_e}."), ("während", "Während {a_pre_sub_d}, {b_inv_e}."),
    ("back", "{E} {b_inv}. {D} hatte {a_plup}."),
)  # fmt: skip


def two_days(chance: random.Random) -> Iterator[Text]:
    while True:
        dated = _dated(chance)
        first, second = (dated.date() - timedelta(days=n) for n in sorted(chance.sample(range(1, 7), 2), reverse=True))
        d, e = (
            f"am {weekday(one)}" if chance.random() < 0.75 else f"am {one.day}. {MONTHS[one.month]}"
            for one in (first, second)
        )
        if chance.random() < 0.3:
            yield _one_in_the_other(chance, dated, (d, first), (e, second))
            continue
        kind, frame = chance.choice(TWO)
        one, other = chance.sample([deed for deed in DEEDS if not deed.particle or deed.type != "ACCUSE"], 2)
        if one.type == other.type:
            continue
        (s, a), (t, b) = chance.sample([one for one in SUBJECTS if one[1] not in UNARMED], 2)
        over, under = chance.sample(OBJECTS, 2)
        fills = (
            {"d": d, "e": e, "D": upper(d), "E": upper(e)}
            | _clauses("a", one, s, over, d)
            | _clauses("b", other, t, under, e)
        )
        acts = (
            Act(type=one.type, acts=a, bears=over[3], day=first.isoformat()),
            Act(type=other.type, acts=b, bears=under[3], day=second.isoformat()),
        )
        yield Text(kind, frame.format_map(fills), dated, DAY, acts)


def _clauses(letter: str, deed: Deed, subject: str, whom: tuple[str, str, str, str], on: str) -> dict[str, str]:
    """A deed as it stands behind its time, as a main clause with it, and beneath."""
    case = dict(zip(("dat", "acc", "gen"), whom, strict=False))
    first, rest = deed.first.format_map(case), deed.rest.format_map(case)
    main = words(subject, deed.verb, first, on, rest, deed.particle)
    return {
        f"{letter}_inv": words(deed.verb, subject, first, rest, deed.particle),
        f"{letter}_inv_{'d' if letter == 'a' else 'e'}": words(deed.verb, subject, first, on, rest, deed.particle),
        f"{letter.upper()}_main_{'d' if letter == 'a' else 'e'}": upper(main),
        f"{letter}_main_{'d' if letter == 'a' else 'e'}": main,
        f"{letter}_sub_{'d' if letter == 'a' else 'e'}": words(subject, first, on, rest, deed.participle, "hatte"),
        f"{letter}_pre_sub_{'d' if letter == 'a' else 'e'}": words(subject, first, on, rest, deed.particle + deed.verb),
        f"{letter}_plup": words(subject, first, rest, deed.participle),
    }


NESTED = (
    ("vor, zu haben", "{S} warf {dat} {e} vor, {d} Litauen angegriffen zu haben.", (("ACCUSE", "s", "o", "e"), ("ASSAULT", "o", "LTU", "d"))),
    ("relative", "{S} lehnte {e} den Vorschlag ab, den {name} {d} gemacht hatte.", (("REJECT", "s", "o", "e"),)),
    ("attribute", "{S} verurteilte {e} den Angriff {gen} vom {day} auf Litauen.", (("ACCUSE", "s", "o", "e"), ("ASSAULT", "o", "LTU", "d"))),
    ("dass", "{S} teilte {e} mit, dass {name} {d} Litauen mit Raketen angegriffen habe.", (("ASSAULT", "o", "LTU", "d"),)),
    ("zuvor", "{S} kritisierte {e} {acc}, nachdem die Nato {d} Truppen nach Lettland verlegt hatte.", (("ACCUSE", "s", "o", "e"), ("MOBILIZE", "NATO", "", "d"))),
    ("an, zu", "{S} kündigte {e} an, {f} Sanktionen gegen {acc} zu verhängen.", (("SANCTION", "s", "o", "f"),)),
    ("für", "{S} kündigte {e} für {next} Sanktionen gegen {acc} an.", (("SANCTION", "s", "o", "f"),)),
    ("hieß es", "{name} habe {d} Litauen mit Drohnen angegriffen, hieß es {e} aus Warschau.", (("ASSAULT", "o", "LTU", "d"),)),
)  # fmt: skip


def _one_in_the_other(
    chance: random.Random, dated: datetime, first: tuple[str, date], second: tuple[str, date]
) -> Text:
    """The act of a clause beneath, or in an attribute, has a day of its own."""
    kind, frame, acts = chance.choice(NESTED)
    (name, code), (dative, accusative, genitive, bears) = chance.choice(SUBJECTS), chance.choice(OBJECTS)
    ahead = dated.date() + timedelta(days=chance.randint(1, 5))
    nominative = accusative.replace("den ", "der ")
    fills = {
        "s": name, "S": upper(name), "dat": dative, "acc": accusative, "gen": genitive, "d": first[0], "e": second[0], "f": f"am {weekday(ahead)}",
        "next": weekday(ahead), "day": first[0].removeprefix("am "), "name": upper(nominative) if frame.startswith("{name}") else nominative,
    }  # fmt: skip
    sides, days = {"s": code, "o": bears}, {"d": first[1], "e": second[1], "f": ahead}
    told = tuple(
        Act(type=type_, acts=sides.get(who, who), bears=sides.get(whom, whom), day=days[on].isoformat())
        for type_, who, whom, on in acts
    )
    return Text(kind, frame.format_map(fills), dated, DAY, told)


# --- words -----------------------------------------------------------------------------------------------------------

SPEAKERS = (
    ("Kremlsprecher Peskow", "Kremlsprecher Peskow", "Kremlsprecher Peskows", "Peskows", "RUS"),
    ("NATO-Generalsekretär Stoltenberg", "NATO-Generalsekretär Stoltenberg", "NATO-Generalsekretär Stoltenbergs", "Stoltenbergs", "NATO"),
    ("Bundeskanzler Scholz", "Bundeskanzler Scholz", "von Bundeskanzler Scholz", "Scholz'", "DEU"),
    ("der polnische Außenminister Sikorski", "dem polnischen Außenminister Sikorski", "des polnischen Außenministers Sikorski", "Sikorskis", "POL"),
    ("die französische Regierung", "der französischen Regierung", "der französischen Regierung", "", "FRA"),
    ("das Außenministerium in Kiew", "dem Außenministerium in Kiew", "des Außenministeriums in Kiew", "", "UKR"),
    ("der ungarische Regierungschef Orban", "dem ungarischen Regierungschef Orban", "des ungarischen Regierungschefs Orban", "Orbans", "HUN"),
)  # fmt: skip
CAPITALS = (("Warschau", "POL"), ("Kiew", "UKR"), ("dem Kreml", "RUS"), ("dem Weißen Haus", "USA"))
DONE = (
    ("SANCTION", "CAN", "IRN", "Kanada", "Sanktionen gegen den Iran", "verhängt"), ("AID", "NOR", "GEO", "Norwegen", "Georgien zwölf Haubitzen", "geliefert"),
    ("ASSAULT", "AZE", "ARM", "Aserbaidschan", "Armenien mit Drohnen", "angegriffen"), ("ACCUSE", "SRB", "HRV", "Serbien", "Kroatien Wortbruch", "vorgeworfen"),
    ("REQUEST", "MDA", "CZE", "Moldau", "Tschechien um Panzer", "gebeten"), ("MOBILIZE", "BLR", "", "Belarus", "Truppen an die Grenze", "verlegt"),
    ("REJECT", "CHN", "JPN", "China", "den Vorschlag Japans", "abgelehnt"), ("AGREE", "ESP", "GEO", "Spanien", "Georgien weitere Panzer", "zugesagt"),
)  # fmt: skip
WORDS = (
    "{Ind}, sagte {s}.", "{Ind}, sagte {s} am Rande des Gipfels in Brüssel.", "{S} sagte am Montag, {ind}.", "{S} erklärte in Brüssel, {ind}.",
    "„{Dir}“, sagte {s}.", "{S} sagte: „{Dir}.“", "„{Dir}“, so {s}.", "{Ind}, so {s}.", "Laut {d} hat {x} {rest} {done}.", "{X} hat laut {d} {rest} {done}.",
    "Nach Angaben {g} hat {x} {rest} {done}.", "{X} hat nach Angaben {g} {rest} {done}.", "Nach den Worten {g} hat {x} {rest} {done}.",
    "{D} zufolge hat {x} {rest} {done}.", "{X} hat {d} zufolge {rest} {done}.", "Wie {s} mitteilte, hat {x} {rest} {done}.", "{X} hat {rest} {done}, wie {s} mitteilte.",
    "{X} hat {rest} {done}, teilte {s} mit.", "{S} teilte mit, dass {x} {rest} {done} habe.", "{S} bestätigte, dass {x} {rest} {done} hat.",
    "Nach {own} Worten hat {x} {rest} {done}.", "Nach {own} Darstellung hat {x} {rest} {done}.",
    "Aus {c} hieß es, {ind}.", "{Ind}, hieß es aus {c}.", "In {c_in} hieß es, {ind}.", "Die Agentur Tass zitierte {s_acc} mit den Worten: „{Dir}.“",
    "Die Agentur Tass zitierte {s_acc} mit den Worten, {ind}.", "Laut Tass sagte {s}, {ind}.", "{S} sagte der Agentur Tass zufolge, {ind}.", "{S} sagte der Zeitung „Bild“, {ind}.",
    "{Ind}, zitierte die Agentur Tass {s_acc}.", "{S} sprach von einem schwarzen Tag: {Ind}.", "In einer Mitteilung {g} heißt es, {ind}.", "{Ind}, hieß es in einer Erklärung {g}.",
)  # fmt: skip
AROUND = (
    ("s", "{S} äußerte sich besorgt. {Ind}."), ("s", "{S} sagte, die Lage sei ernst. {Ind}."), ("s", "{Ind}. Das sagte {s} am Montag."),
    ("s", "{Ind}. Dies teilte {s} am Abend mit."), ("s", "„Die Lage ist ernst“, sagte {s}. „{Dir}.“"), ("s", "{S} warnte vor Eile. Zudem {k_inv}."),
    ("s", "{O} sagte, die Lage sei ernst. {S} erklärte, {ind}."), ("s", "{Ind}, sagte {s}. {O} äußerte sich zunächst nicht."),
    ("s", "{Ind}, sagte {s}. {O} wies das zurück."), ("s", "{O} sagte, die Lage sei ruhig. {Ind}, sagte dagegen {s}."),
    ("", "{Dir}. {S} sagte, die Lage sei ernst."), ("", "{S} sagte, die Lage sei ernst. {Dir}."), ("", "{Dir}. „Die Lage ist ernst“, sagte {s}."),
    ("s", "{S} sagte, {ind}. {O} widersprach."), ("s", "{S} sagte, die Lage sei ernst. Außerdem {k_inv}, sagte {o}.".replace("{o}", "er")),
    ("s", "Laut {d} ist die Lage ernst. {Ind}."), ("s", "Nach Angaben {g} ist die Lage ernst. Demnach hat {x} {rest} {done}."),
    ("s", "{S} bezeichnete die Lage als ernst: {Ind}."), ("s", "{O} traf {s_acc}. Nach Angaben {g} hat {x} {rest} {done}."),
)  # fmt: skip


def quoted(frames: Sequence[tuple[str, str]], chance: random.Random) -> Iterator[Text]:
    while True:
        whose, frame = chance.choice(frames)
        speaker, other = chance.sample(SPEAKERS, 2)
        name, dative, genitive, own, code = speaker
        capital, of_capital = chance.choice(CAPITALS)
        if ("{own}" in frame and not own) or ("{g}" in frame and genitive.startswith("von ") and "Mitteilung" in frame):
            continue
        type_, acts, bears, subject, rest, done = chance.choice(DONE)
        code = of_capital if "{c" in frame else code
        direct, indirect = (f"{subject} {aux} {rest} {done}" for aux in ("hat", "habe"))
        fills = {
            "s": name, "S": upper(name), "d": dative, "D": upper(dative), "g": genitive, "own": own, "s_acc": _accusative(name, dative), "O": upper(other[0]),
            "Dir": direct, "ind": indirect, "Ind": indirect, "x": subject, "X": subject, "rest": rest, "done": done,
            "k_inv": f"habe {subject} {rest} {done}", "c": capital, "c_in": capital.replace("dem Kreml", "Moskau").replace("dem Weißen Haus", "Washington"),
        }  # fmt: skip
        act = Act(type=type_, acts=acts, bears=bears, speaker=code if whose else "")
        yield Text(frame, frame.format_map(fills), _dated(chance), SPEAKER, (act,))


def _accusative(name: str, dative: str) -> str:
    return dative.replace("dem ", "den ") if name.startswith("der ") else name


# "forderte", "warf vor": what the newsroom tells is nobody's words (codebook, section 5).
NARRATED = (
    "{S} {verb} {first} am Rande des Gipfels {rest} {particle}.", "Im Gespräch mit Macron {verb} {s} {first} {rest} {particle}.",
    "{S} {verb} {first} {rest} {particle}. Die Lage sei ernst, sagte Stoltenberg.", "{S} {verb} {first} {rest} {particle}.",
)  # fmt: skip


def words_of(chance: random.Random) -> Iterator[Text]:
    yield from quoted([("s", frame) for frame in WORDS], chance)


def words_around(chance: random.Random) -> Iterator[Text]:
    others = quoted(AROUND, chance)
    while True:
        if chance.random() < 0.8:
            yield next(others)
            continue
        frame = chance.choice(NARRATED)
        text, act = _done(chance, frame, chance.choice([one for one in DEEDS if one.type in SAID]), "", "")
        yield Text(frame, text, _dated(chance), SPEAKER, (act,))


# --- several ---------------------------------------------------------------------------------------------------------

SEVERAL = (
    ("gapped gegen", "{S} verhängte Sanktionen gegen {o_acc}, {t} gegen {p_acc}.", "SANCTION s o | SANCTION t p"),
    ("gapped object", "{S} liefert {o_dat} Panzer, {t} Haubitzen.", "AID s o | AID t o"), ("gapped both", "{S} lieferte {o_dat} Panzer, {t} {p_dat} Haubitzen.", "AID s o | AID t p"),
    ("sie ab", "{S} forderte von {o_dat} Garantien, {t} lehnte sie ab.", "REQUEST s o | REJECT t s"), ("ihn zu", "{S} wies den Vorschlag {o_gen} zurück, {t} stimmte ihm zu.", "REJECT s o | AGREE t o"),
    ("gapped promise", "{S} sagte {o_dat} Panzer zu, {t} Munition.", "AGREE s o | AGREE t o"), ("gapped threat", "{S} drohte {o_dat} mit Zöllen, {t} {p_dat} mit Vergeltung.", "THREATEN s o | THREATEN t p"),
    ("while", "Während {s} {o_acc} kritisierte, warf {t} {p_dat} Wortbruch vor.", "ACCUSE s o | ACCUSE t p"), ("one does both", "{S} bat {o_acc} um Panzer und warf {p_dat} Wortbruch vor.", "REQUEST s o | ACCUSE s p"),
    ("two clauses", "{S} warf {o_dat} Wortbruch vor, {t} kritisierte {p_acc}.", "ACCUSE s o | ACCUSE t p"), ("und", "{S} warf {o_dat} Wortbruch vor, und {t} forderte {p_acc} zum Einlenken auf.", "ACCUSE s o | REQUEST t p"),
    ("one, two objects", "{S} verhängte Sanktionen gegen {o_acc} und kündigte Sanktionen gegen {p_acc} an.", "SANCTION s o | SANCTION s p"),
    ("each other", "{S} warf {o_dat} Wortbruch vor, {o_nom} wies die Vorwürfe zurück.", "ACCUSE s o | REJECT o s"), ("während mid", "{S} lieferte {o_dat} Panzer, während {t} {p_dat} Haubitzen lieferte.", "AID s o | AID t p"),
    ("aber", "{S} stimmte dem Vorschlag {o_gen} zu, {t} aber lehnte ihn ab.", "AGREE s o | REJECT t o"), ("nicht", "{S} lieferte {o_dat} Panzer, {t} dagegen nicht.", "AID s o"),
    ("ebenso", "{S} kritisierte {o_acc}, ebenso {t}.", "ACCUSE s,t o"), ("wie zuvor", "Wie zuvor {t} verhängte auch {s} Sanktionen gegen {o_acc}.", "SANCTION s,t o"),
    ("three", "{S} forderte {o_acc} zum Einlenken auf, {t} drohte {p_dat} mit Zöllen.", "REQUEST s o | THREATEN t p"), ("unlike", "Anders als {t} lieferte {s} {o_dat} Haubitzen.", "AID s o"),
    ("gapped assault", "{S} griff {o_acc} mit Drohnen an, {t} {p_acc} mit Raketen.", "ASSAULT s o | ASSAULT t p"), ("semicolon", "{S} bat {o_acc} um Panzer; {t} bat {p_acc} um Munition.", "REQUEST s o | REQUEST t p"),
)  # fmt: skip


def several(chance: random.Random) -> Iterator[Text]:
    while True:
        kind, frame, told = chance.choice(SEVERAL)
        (s, a), (t, b) = chance.sample([one for one in SUBJECTS if one[1] not in UNARMED or "ASSAULT" not in told], 2)
        over, under = chance.sample(OBJECTS, 2)
        fills = {"s": s, "S": upper(s), "t": t, "o_nom": over[1].replace("den ", "der ")}
        for letter, whom in (("o", over), ("p", under)):
            fills |= {f"{letter}_{case}": word for case, word in zip(("dat", "acc", "gen"), whom, strict=False)}
        codes = {"s": a, "t": b, "o": over[3], "p": under[3], "s,t": ",".join(sorted((a, b)))}
        acts = (one.split(" ") for one in told.split(" | "))
        wanted = tuple(Act(type=type_, acts=codes[who], bears=codes[whom]) for type_, who, whom in acts)
        yield Text(kind, frame.format_map(fills), _dated(chance), SIDES, wanted)


def _dated(chance: random.Random) -> datetime:
    year, month = chance.choice(((2024, 3), (2024, 6), (2024, 9)))
    return datetime(year, month, chance.randint(2, calendar.monthrange(year, month)[1]), 14, tzinfo=UTC)


# --- what is told ----------------------------------------------------------------------------------------------------

FAMILIES: dict[str, Callable[[random.Random], Iterator[Text]]] = {
    "day": day, "day before": day_before, "two days": two_days, "words": words_of, "words around": words_around, "several": several,
}  # fmt: skip


def read(one: Text) -> list[Event]:
    """What the coder tells of a text alone, statements apart."""
    from extractors.ontology import EventType

    return [event for event in coded(one.text, dated=one.dated) if event.type is not EventType.STATE]


def _told(asked: str, event: Event) -> tuple[str, ...]:
    if asked == DAY:
        return (event.when.iso if event.when is not None else "",)
    if asked == SPEAKER:
        return (event.speaker.code if event.speaker is not None else "",)
    return (_codes(event.actors), _codes(event.recipients))


def _codes(side: Sequence[object]) -> str:
    return ",".join(sorted(str(getattr(actor, "code", "")) for actor in side))


def _wanted(asked: str, act: Act) -> tuple[str, ...]:
    return {DAY: (act.day,), SPEAKER: (act.speaker,)}.get(asked, (act.acts, act.bears))


def verdicts(one: Text, told: Sequence[Event]) -> Counter[str]:
    """Of each act: right, wrong in what is asked, or not told; and, where sides are asked for, what is told beside."""
    left, found = [*told], Counter[str]()
    for act in one.acts:
        own = [event for event in left if event.type == act.type]
        best = max(
            own,
            key=lambda event: (_told(one.asked, event) == _wanted(one.asked, act), _codes(event.actors) == act.acts),
            default=None,
        )
        if best is None:
            found["not told"] += 1
            continue
        left.remove(best)
        found["right" if _told(one.asked, best) == _wanted(one.asked, act) else "wrong"] += 1
    if one.asked == SIDES:
        found["told beside"] += len(left)
    return +found


def shown(event: Event) -> str:
    when = event.when.iso if event.when is not None else ""
    speaker = event.speaker.code if event.speaker is not None else ""
    return f"{event.type} {_codes(event.actors)} > {_codes(event.recipients)}, {event.status}, day {when}, said by {speaker}"


def judged(one: Text) -> tuple[Counter[str], list[str]]:
    told = read(one)
    return verdicts(one, told), [f"{one.kind}: {one.dated:%a %d.%m.} {one.text}", *map(shown, told)]


if __name__ == "__main__":
    count(FAMILIES, judged, __doc__)
