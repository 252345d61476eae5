"""What the coder makes of meetings whose reading is plain: made of travellers, hosts, towns and days, one or two a sentence, to come or past.

    python -m benchmarks.made_meetings                 all families, 400 sentences of each
    python -m benchmarks.made_meetings --show          also the sentences that are read otherwise, with what was read

Counted is every meeting that a sentence tells: told with its parties, its day and its place, told with one of them wrong, or not
told; and what is told beside. Each sentence is dated on a day of its own, since a weekday means another day on another day. Nothing is
fitted on them, and they say nothing of how often such sentences are.
"""

from __future__ import annotations

import functools
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from benchmarks.making import MONTHS, WEEKDAYS, coded, count


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in office in June 2024: as who goes and as who is met."""

    code: str
    nom: str
    acc: str
    dat: str


@dataclass(frozen=True, slots=True)
class Host:
    """A capital, the state to which one goes there, and who receives."""

    code: str
    town: str
    state: str
    person: Person


@dataclass(frozen=True, slots=True)
class Meeting:
    who: frozenset[str]
    day: date
    town: str


@dataclass(frozen=True, slots=True)
class Announced:
    text: str
    dated: datetime
    meetings: tuple[Meeting, ...]


def _person(code: str, office: str, name: str) -> Person:
    """By an office that shows no case but that of its adjective: "der russische Außenminister Lawrow"."""
    nom, oblique = f"der {office}", re.sub(r"e (?=[A-Z])", "en ", office, count=1).replace("Präsident", "Präsidenten")
    return Person(code, f"{nom} {name}", f"den {oblique} {name}", f"dem {oblique} {name}")


def _titled(code: str, name: str) -> Person:
    return Person(code, name, name, name)


GUESTS = (
    _titled("DEU", "Bundeskanzler Scholz"), _titled("USA", "US-Außenminister Blinken"), _titled("NATO", "NATO-Generalsekretär Stoltenberg"),
    _titled("UN", "UN-Generalsekretär Guterres"), _person("POL", "polnische Außenminister", "Sikorski"),
    _person("GBR", "britische Verteidigungsminister", "Shapps"), _person("TUR", "türkische Außenminister", "Fidan"),
)  # fmt: skip
HOSTS = (
    Host("UKR", "Kiew", "die Ukraine", _person("UKR", "ukrainische Außenminister", "Kuleba")),
    Host("RUS", "Moskau", "Russland", _person("RUS", "russische Außenminister", "Lawrow")),
    Host("FRA", "Paris", "Frankreich", _person("FRA", "französische Präsident", "Macron")),
    Host("HUN", "Budapest", "Ungarn", _person("HUN", "ungarische Außenminister", "Szijjarto")),
    Host("FIN", "Helsinki", "Finnland", _person("FIN", "finnische Präsident", "Stubb")),
    Host("CHN", "Peking", "China", _person("CHN", "chinesische Außenminister", "Wang Yi")),
    Host("BLR", "Minsk", "Belarus", _person("BLR", "belarussische Präsident", "Lukaschenko")),
)  # fmt: skip
SIDES = (
    ("RUS", "Russland"),
    ("UKR", "die Ukraine"),
    ("CHN", "China"),
    ("GEO", "Georgien"),
    ("POL", "Polen"),
    ("IRN", "der Iran"),
)
NEUTRAL = ("Genf", "Wien", "Istanbul")

ONE = (
    ("visit", "{G} reist {d} nach {t}."), ("visit", "{G} wird {d} in {t} erwartet."), ("visit", "{D} wird {g} in {t} erwartet."),
    ("tour", "{G} besucht {d} {s}."), ("visit", "{G} trifft {d} in {t} {h_acc}."), ("visit", "{H} empfängt {d} in {t} {g_acc}."),
    ("visit", "Wie ein Sprecher mitteilte, kommt {g} {d} nach {t}."), ("visit", "{G} bricht {d} zu einem Besuch nach {t} auf."),
    ("visit", "{G} hat für {f} einen Besuch in {t} angekündigt."), ("visit", "{G} will {d} nach {t} reisen."),
    ("meet", "{A} und {b} treffen sich {d} in {n}."), ("meet", "{A} und {b} wollen {d} in {n} über eine Waffenruhe verhandeln."),
    ("meet", "Ein Treffen zwischen {a_dat} und {b_dat} ist für {f} in {n} geplant."),
    ("meet", "In {n} ist für {f} ein Gespräch zwischen {a_dat} und {b_dat} angesetzt."),
    ("meet", "Unterhändler {a_gen} und {b_gen} kommen {d} in {n} zusammen."), ("meet", "{D} beginnen in {n} Gespräche zwischen {a_dat} und {b_dat}."),
    ("meet", "{A} und {b} setzen ihre Verhandlungen {d} in {n} fort."),
    ("there", "{G} reist {d} nach {n}, wo er {h_acc} trifft."), ("there", "{G} kommt {d} in {n} mit {h_dat} zusammen."),
    ("there", "{G} trifft sich {d} in {n} mit {h_dat}."), ("there", "{G} und {h} wollen sich {d} in {n} treffen."),
)  # fmt: skip
TWO = (
    ("visits", "{G} reist {d} nach {t} und {e} nach {u}."), ("visits", "{G} reist {d} zunächst nach {t} und {e} weiter nach {u}."),
    ("visits", "{G} wird {d} in {t} und {e} in {u} erwartet."), ("visits", "{D} wird {g} in {t} erwartet, {e} in {u}."),
    ("visits", "{D} trifft {g} in {t} {h_acc}, {e} in {u} {i_acc}."), ("visits", "{G} trifft {d} in {t} {h_acc} und {e} {i_acc} in {u}."),
    ("visits", "{G} trifft {d} {h_acc} in {t} und {e} {i_acc} in {u}."), ("visits", "{G} fliegt {d} nach {t} und trifft {e} in {u} {i_acc}."),
    ("tours", "{G} besucht {d} {s} und {e} {v}."), ("visits", "{D} reist {g} nach {t}, {e} folgt ein Besuch in {u}."),
    ("visits", "{G} kommt {d} nach {t}, bevor er {e} nach {u} weiterreist."), ("visits", "{G} spricht {d} in {t} mit {h_dat} und {e} in {u} mit {i_dat}."),
    ("meets", "{D} treffen sich {a} und {b} in {n}, {e} {a} und {c} in {m}."),
    ("meets", "{D} verhandeln {a} und {b} in {n}, {e} folgt in {m} ein Treffen zwischen {a_dat} und {c_dat}."),
    ("meets", "Gespräche zwischen {a_dat} und {b_dat} sind für {f} in {n} geplant, zwischen {a_dat} und {c_dat} für {k} in {m}."),
    ("bodies", "{D} tagt in Brüssel der NATO-Russland-Rat, {e} in Wien die OSZE."),
    ("bodies", "{D} kommt in Brüssel der NATO-Russland-Rat zusammen, {e} folgt in Wien ein Treffen der OSZE."),
    ("bodies", "Der NATO-Russland-Rat tagt {d} in Brüssel, die OSZE berät {e} in Wien."),
)  # fmt: skip
WERE = (
    ("visits", "{G} reiste {d} nach {t} und {e} nach {u}."), ("visits", "{D} traf {g} in {t} {h_acc}, {e} in {u} {i_acc}."),
    ("visits", "{G} traf {d} in {t} {h_acc} und {e} {i_acc} in {u}."), ("visits", "{G} hat {d} in {t} mit {h_dat} gesprochen und {e} in {u} mit {i_dat}."),
    ("visits", "{G} sprach {d} in {t} mit {h_dat} und {e} in {u} mit {i_dat}."), ("tours", "{G} besuchte {d} {s} und {e} {v}."),
    ("meets", "{D} trafen sich {a} und {b} in {n}, {e} {a} und {c} in {m}."),
    ("bodies", "{D} tagte in Brüssel der NATO-Russland-Rat, {e} in Wien die OSZE."),
)  # fmt: skip
ON = (
    ("visits", "{G} reist {d} nach {t}. {E} reist er nach {u} weiter."), ("visits", "{G} wird {d} in {t} erwartet. {E} trifft er in {u} {i_acc}."),
    ("visits", "{G} reist {d} nach {t}. {E} besucht er {u}."), ("visits", "{D} trifft {g} in {t} {h_acc}. {E} ist ein Gespräch mit {i_dat} in {u} geplant."),
    ("visit", "{G} reist {d} nach {t}. Dort trifft er {h_acc}."), ("visit", "{G} kommt {d} nach {t}. Es ist sein erster Besuch seit drei Jahren."),
    ("visit", "{G} reist nach {t}. Der Besuch beginnt {d}."), ("visit", "{G} trifft {h_acc}. Das Gespräch findet {d} in {t} statt."),
    ("visit", "{G} will mit {h_dat} sprechen. Er wird {d} in {t} erwartet."), ("there", "{G} reist {d} nach {n}. Dort ist ein Treffen mit {h_dat} geplant."),
    ("meet", "{A} und {b} wollen wieder verhandeln. Das Treffen soll {d} in {n} stattfinden."),
    ("meet", "{A} und {b} setzen ihre Gespräche fort. Die nächste Runde ist für {f} in {n} geplant."),
    ("meet", "{A} und {b} haben sich auf ein Treffen verständigt. Es soll {d} in {n} stattfinden."),
    ("meet", "Unterhändler {a_gen} und {b_gen} kommen wieder zusammen. Die Gespräche beginnen {d} in {n}."),
    ("meet", "{A} schlug {b_dat} Gespräche vor. Nun treffen sich beide Seiten {d} in {n}."),
    ("there", "{G} und {h} treffen sich {d} in {n}. Zuletzt hatten sie vor einem Jahr miteinander gesprochen."),
)  # fmt: skip
FAMILIES = {"one meeting": ONE, "told on": ON, "two meetings": TWO, "two that were": WERE}


def announced(frames: Sequence[tuple[str, str]], chance: random.Random) -> Iterator[Announced]:
    while True:
        kind, frame = chance.choice(frames)
        dated = datetime(2024, 6, chance.randint(3, 20), 14, tzinfo=UTC)
        days = sorted(chance.sample(range(-6, 0) if frames is WERE else range(1, 7), 2))
        first, second = (dated.date() + timedelta(days=n) for n in days)
        by_date = chance.random() < 0.25
        guest = chance.choice(GUESTS)
        host, other = chance.sample(HOSTS, 2)
        sides, towns = chance.sample(SIDES, 3), chance.sample(NEUTRAL, 2)
        words = {
            "d": _on(first, by_date), "e": _on(second, by_date), "f": _for(first, by_date), "k": _for(second, by_date),
            "g": guest.nom, "g_acc": guest.acc, "h": host.person.nom, "h_acc": host.person.acc, "h_dat": host.person.dat,
            "i_acc": other.person.acc, "i_dat": other.person.dat, "t": host.town, "u": other.town, "s": host.state, "v": other.state,
            "n": towns[0], "m": towns[1],
        }  # fmt: skip
        for letter, (_, name) in zip("abc", sides, strict=True):
            words |= {letter: name, f"{letter}_dat": _dative(name), f"{letter}_gen": _genitive(name)}
        words |= {letter.upper(): words[letter][0].upper() + words[letter][1:] for letter in ("a", "d", "e", "g", "h")}
        a, b, c = (code for code, _ in sides)
        told = {
            "visit": [({guest.code, host.code}, first, host.town)],
            "tour": [({guest.code, host.code}, first, "")],
            "tours": [({guest.code, host.code}, first, ""), ({guest.code, other.code}, second, "")],
            "meet": [({a, b}, first, towns[0])],
            "there": [({guest.code, host.code}, first, towns[0])],
            "visits": [({guest.code, host.code}, first, host.town), ({guest.code, other.code}, second, other.town)],
            "meets": [({a, b}, first, towns[0]), ({a, c}, second, towns[1])],
            "bodies": [({"NATO", "RUS"}, first, "Brüssel"), ({"OSCE"}, second, "Wien")],
        }[kind]
        meetings = tuple(Meeting(frozenset(who), day, town) for who, day, town in told)
        yield Announced(frame.format_map(words), dated, meetings)


def _on(day: date, by_date: bool) -> str:
    return f"am {day.day}. {MONTHS[day.month]}" if by_date else f"am {WEEKDAYS[day.weekday()]}"


def _for(day: date, by_date: bool) -> str:
    return f"den {day.day}. {MONTHS[day.month]}" if by_date else WEEKDAYS[day.weekday()]


def _dative(name: str) -> str:
    return name.replace("die ", "der ").replace("der Iran", "dem Iran")


def _genitive(name: str) -> str:
    return f"{name}s" if " " not in name else name.replace("die ", "der ").replace("der Iran", "des Iran")


def read(one: Announced) -> list[Meeting]:
    """The meetings that the coder tells of a sentence alone."""
    from extractors.ontology import EventType, Status

    return [
        Meeting(
            frozenset(actor.code for actor in (*event.actors, *event.recipients)),
            event.when.first if event.when and event.when.first == event.when.last else date.min,
            event.place.name if event.place else "",
        )
        for event in coded(one.text, dated=one.dated)
        if event.type is EventType.CONSULT
        and (event.status is Status.PLANNED) == (one.meetings[0].day > one.dated.date())
    ]


def verdicts(wanted: Sequence[Meeting], told: Sequence[Meeting]) -> Counter[str]:
    """Right, told with something wrong, or not told; and what is told beside."""
    left, found = [*told], Counter[str]()
    for one in wanted:
        best = max(
            left,
            key=lambda other: (
                other.who == one.who and other.day == one.day,
                other.who == one.who,
                other.day == one.day,
            ),
            default=None,
        )
        if best is None or (best.who != one.who and best.day != one.day):
            found["not told"] += 1
            continue
        left.remove(best)
        # Of a state that is visited the place is not asked for.
        asked = ("who", "day", "town") if one.town else ("who", "day")
        wrong = [name for name in asked if getattr(best, name) != getattr(one, name)]
        found[f"wrong {' and '.join(wrong)}" if wrong else "right"] += 1
    found["told beside"] += len(left)
    return +found


def judged(one: Announced) -> tuple[Counter[str], list[str]]:
    told = read(one)
    shown = (f"{', '.join(sorted(meeting.who))} {meeting.day:%a %d.%m.} {meeting.town}" for meeting in told)
    return verdicts(one.meetings, told), [f"{one.dated:%a %d.%m.} {one.text}", *shown]


if __name__ == "__main__":
    count({name: functools.partial(announced, frames) for name, frames in FAMILIES.items()}, judged, __doc__)
