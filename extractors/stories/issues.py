"""What is demanded, threatened, said against somebody or refused for weeks: a row for each issue, and for what makes one news.

Two tellings of one issue share few words ("keine Osterweiterung", "ein Ende der Ausdehnung"): by the words in common of
`stems` most pairs of the same sides that are most alike are of two issues.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from extractors.ontology import EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """Words that make a repeat news where what stands does not have them."""

    name: str
    types: frozenset[EventType]
    pattern: re.Pattern[str]
    test: str
    """a sentence of ours in which it is read"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue(Detail):
    """What stands for weeks; `types` of acts by which it is said."""

    ends: frozenset[EventType] = frozenset()
    """acts of both sides that meet it or carry it out, if they are told in its words: after one of them it is said anew"""
    over: frozenset[EventType] = frozenset()
    """acts of both sides after which it is said anew, in whatever words they are told"""


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_ASKED = frozenset({EventType.REQUEST, EventType.REJECT})
_ANY = _ASKED | {EventType.ACCUSE, EventType.THREATEN}
_YIELDS = frozenset({EventType.AGREE, EventType.CONCEDE})
_MEETS = frozenset({EventType.AID, EventType.SUPPORT, *_YIELDS})
_THREAT = frozenset({EventType.THREATEN})
_CARRIED_OUT = frozenset({EventType.SANCTION, EventType.COERCE})

ISSUES = (
    Issue(
        name="membership",
        types=_ANY,
        ends=_YIELDS,
        pattern=_words(
            r"osterweiterung|(?:nato|eu)-erweiterung|erweiterung der (?:nato|eu|allianz)|(?:bündnis|nato|allianz)\w*\b.*\berweiter"
            r"|ausdehnung|\bbeitr(?:itt|eten)|beizutreten|mitgliedschaft|kandidatenstatus|nato-einladung|bündnisfrei|neutralität"
            r"|\b(?:aufnahme|aufgenommen|aufzunehmen|aufnehmen)\b"
        ),
        test="Oslo fordert von der NATO ein Ende ihrer Ausdehnung.",
    ),
    Issue(
        name="guarantees",
        types=_ASKED,
        ends=_YIELDS,
        pattern=_words(
            r"sicherheitsgarantie|garantie\w*\b.*\bsicherheit|(?:verbindlich|schriftlich|rechtlich)\w* garantie"
        ),
        test="Oslo beharrt auf schriftlichen Garantien.",
    ),
    Issue(
        name="troops away",
        types=_ASKED,
        ends=frozenset({EventType.RETREAT, *_YIELDS}),
        pattern=_words(
            r"(?:abzug|rückzug)\b|truppenabzug|ab(?:zu)?zieh|zurück(?:zu)?zieh|abgezogen|zurückgezogen"
            r"|ende (?:\w+ ){1,3}(?:truppen)?aufmarsch"
        ),
        test="Oslo verlangt, die Panzer von der Grenze abzuziehen.",
    ),
    Issue(
        name="massing of troops",
        types=frozenset({EventType.ACCUSE, EventType.MOBILIZE}),
        over=frozenset({EventType.RETREAT, EventType.ASSAULT}),
        pattern=_words(
            r"truppenaufbau|\b(?:truppen)?aufmarsch|zusammen(?:ge|zu)?z[io][eg]|truppenkonzentration"
            r"|stationierung\b.*\b(?:grenze|mann|soldaten)\b|truppen\w*\b.*\bder grenze\b"
        ),
        test="Oslo wirft Rom seit Wochen einen Aufmarsch an der Grenze vor.",
    ),
    Issue(
        name="plans of an attack",
        types=frozenset({EventType.ACCUSE}),
        pattern=_words(
            r"(?:angriffs|invasions|kriegs)plän|\b(?:plan\w*|vorbereit\w*|vorwand)\b.*\b(?:angriff|invasion|einmarsch|überfall)"
            r"|\b(?:angriff|invasion|einmarsch|überfall)\w*\b.*\b(?:plan\w*|vorbereit\w*)\b"
        ),
        test="Oslo wirft Rom vor, einen Angriff zu planen.",
    ),
    Issue(
        name="broken agreements",
        types=frozenset({EventType.ACCUSE}),
        ends=_YIELDS,
        pattern=_words(
            r"\bminsk\w*|friedensvertrag|friedensplan|vereinbarungen\b.*\b(?:verletz|brech|gebrochen|brich)"
        ),
        test="Oslo kritisiert, dass Rom die Vereinbarungen von 2015 immer wieder verletze.",
    ),
    Issue(
        name="arms",
        types=_ASKED,
        ends=_MEETS,
        pattern=_words(
            r"(?<!atom)(?<!nuklear)(?<!angriffs)(?<!massenvernichtungs)waffen?(?!stillstand|ruhe|embargo)|rüstungsgüter|munition|panzer"
            r"|(?:luft|flug|raketen)abwehr|patriot|kampfjet|kampffl(?:ug|ieg)|f-16|marschflugkörper|taurus|haubitz"
        ),
        test="Oslo bat Rom erneut um Panzer und Munition.",
    ),
    Issue(
        name="support",
        types=frozenset({EventType.REQUEST}),
        ends=_MEETS,
        pattern=_words(r"unterstützung|zu unterstützen|militärhilfe|\bhilfen?\b|beistand"),
        test="Oslo bat Rom um weitere Unterstützung.",
    ),
    Issue(
        name="leave to strike",
        types=_ASKED,
        ends=_YIELDS,
        pattern=_words(
            r"\b(?:ziele|stellungen|einsatz)\w*\b.*\bin russland|auf russisch\w* (?:\w+ )?(?:gebiet|boden|territorium)"
            r"|\b(?:erlaub|freigab|freizugeb|beschränkung)\w*\b.*\b(?:waffen|raketen|ziele)"
            r"|\b(?:waffen|raketen|ziele)\w*\b.*\b(?:erlaub|freigab|freizugeb|beschränkung)"
        ),
        test="Oslo drängt darauf, mit den Raketen auch Ziele in Russland treffen zu dürfen.",
    ),
    Issue(
        name="no-fly zone",
        types=_ASKED,
        ends=_YIELDS,
        pattern=_words(r"flugverbots?zone|luftraum\w*\b.*\b(?:schließ|sperr)|(?:schließ|sperr)\w*\b.*\bluftraum"),
        test="Oslo lehnt eine Flugverbotszone über Rom ab.",
    ),
    Issue(
        name="ceasefire",
        types=_ASKED,
        ends=_YIELDS,
        pattern=_words(
            r"waffenruhe|waffenstillstand|feuerpause"
            r"|\b(?:ende|einstellung|beendigung) (?:\w+ ){0,3}(?:kämpfe|gewalt|angriffe?s?|kampfhandlungen|krieges|invasion)\b"
            r"|\b(?:kämpfe|gewalt|angriffe?|kampfhandlungen|krieg|invasion)\b.*\b(?:ein(?:zu)?stellen|(?:zu )?beenden|zu stoppen)\b"
        ),
        test="Oslo rief Rom auf, die Kämpfe sofort einzustellen.",
    ),
    Issue(
        name="sanctions asked for",
        types=_ASKED,
        ends=frozenset({EventType.SANCTION, *_YIELDS}),
        pattern=_words(r"sanktion|strafmaßnahme|embargo|\bswift\b|reiseverbot|einreiseverbot"),
        test="Oslo bekräftigte die Forderung nach Reiseverboten.",
    ),
    Issue(
        name="prisoners",
        types=_ASKED,
        ends=frozenset({EventType.AGREE, EventType.CONCEDE, EventType.COOPERATE}),
        pattern=_words(r"freilass|freizulass|gefangen|geiseln?\b"),
        test="Oslo verlangt die Freilassung aller Gefangenen.",
    ),
    Issue(
        name="recognition",
        types=_ASKED,
        ends=_YIELDS,
        pattern=_words(r"\b(?:anerkenn|anzuerkenn)"),
        test="Oslo fordert von Rom, die Insel als Staat anzuerkennen.",
    ),
    Issue(
        name="leaving the country",
        types=frozenset({EventType.REQUEST}),
        pattern=_words(r"\b(?:bürger|staatsbürger|staatsangehörig|landsleute)\w*\b.*\b(?:verlassen|ausreis|auszureis)"),
        test="Oslo rief seine Bürger auf, das Land sofort zu verlassen.",
    ),
    Issue(
        name="tribunal",
        types=_ASKED,
        ends=_YIELDS,
        pattern=_words(
            r"tribunal|kriegsverbrech\w*\b.*\b(?:verfolg|bestraf|ahnd)|(?:verfolg|bestraf|ahnd)\w*\b.*\bkriegsverbrech"
        ),
        test="Oslo dringt auf ein Tribunal.",
    ),
    Issue(
        name="answer to come",
        types=_THREAT,
        ends=_CARRIED_OUT,
        over=frozenset({EventType.ASSAULT}),
        pattern=_words(
            r"sanktion|strafmaßnahm|konsequenzen|folgen\b|hohen preis|teuer|wucht|vergelt"
            r"|\b(?:antwort|reaktion|reagier|gegenmaßnahm)|(?:geeignet|entsprechend|technisch)\w* (?:\w+ )?maßnahm"
        ),
        test="Oslo warnte, ein Einmarsch werde schwere Konsequenzen haben.",
    ),
    Issue(
        name="pipeline",
        types=frozenset({EventType.THREATEN, EventType.REQUEST}),
        ends=frozenset({EventType.SANCTION, *_YIELDS}),
        pattern=_words(r"nord stream|pipeline"),
        test="Oslo drohte, die Pipeline zu stoppen.",
    ),
    Issue(
        name="nuclear weapons",
        types=frozenset({EventType.THREATEN, EventType.ACCUSE}),
        pattern=_words(
            r"atom(?:waff|bomb|krieg|schlag|rakete|test)|nuklear(?:waff|schlag|krieg)|nukleare?n? (?:waff|schlag)"
        ),
        test="Oslo warnte vor einem Einsatz von Atomwaffen.",
    ),
    Issue(
        name="the war itself",
        types=frozenset({EventType.ACCUSE}),
        pattern=_words(
            r"angriffskrieg|verurteil\w*\b.*\b(?:invasion|einmarsch|überfall|krieg|aggression)"
            r"|\b(?:invasion|einmarsch|überfall|krieg|aggression)\w*\b.*\bverurteil"
        ),
        test="Oslo verurteilt den Angriffskrieg.",
    ),
    Issue(
        name="genocide",
        types=frozenset({EventType.ACCUSE}),
        pattern=_words(r"genozid|völkermord"),
        test="Oslo wirft Rom einen Völkermord vor.",
    ),
    Issue(
        name="fear made",
        types=frozenset({EventType.ACCUSE}),
        pattern=_words(r"hysterie|psychose|panikmache|\bpanik\b"),
        test="Oslo warf Rom Hysterie vor.",
    ),
    Issue(
        name="terrorists backed",
        types=frozenset({EventType.ACCUSE, EventType.REQUEST}),
        pattern=_words(r"terrororganisation|terrorgruppe|\bpkk\b|gülen|terroristen"),
        test="Oslo kritisiert, Rom unterstütze Terrororganisationen.",
    ),
    Issue(
        name="elections meddled with",
        types=frozenset({EventType.ACCUSE}),
        pattern=_words(r"wahl\w*\b.*\b(?:einmisch|einzumisch|beeinfluss)|(?:einmisch|beeinfluss)\w*\b.*\bwahl"),
        test="Oslo wirft Rom vor, sich in Wahlen einzumischen.",
    ),
)
"""Each was told more than once in real months. An accusation of one deed, as of a shelling, is of its day and stands in no row."""

DETAILS = (
    Detail(
        name="deadline",
        types=_ANY,
        pattern=_words(
            r"ultimatum|\bfrist\b|\bbinnen\b|spätestens|\binnerhalb (?:von|der|eines|einer)\b.*\b(?:stunde|tag|woche)"
        ),
        test="Oslo stellt Rom ein Ultimatum.",
    ),
    Detail(
        name="money",
        types=frozenset({EventType.REQUEST, *_MEETS}),
        pattern=_words(r"milliard|million|kredit|finanz|\bgeld"),
        test="Oslo bat um Kredite.",
    ),
    Detail(
        name="the north",
        types=_ANY,
        pattern=_words(r"finn|schwed|skandinav|nordisch"),
        test="Oslo warnt vor einer Aufnahme Finnlands.",
    ),
    Detail(
        name="Belarus",
        types=frozenset({EventType.ACCUSE, EventType.MOBILIZE}),
        pattern=_words(r"belarus|weißrussland|weißrussisch|belarussisch"),
        test="Oslo zieht Truppen in Belarus zusammen.",
    ),
    Detail(
        name="the sea",
        types=frozenset({EventType.ACCUSE, EventType.MOBILIZE}),
        pattern=_words(r"\bkrim\b|schwarze[ns]? meer|marine|ostsee|kriegsschiff"),
        test="Oslo zieht Schiffe im Schwarzen Meer zusammen.",
    ),
    Detail(
        name="tanks",
        types=_ASKED | _MEETS,
        pattern=_words(r"panzer(?!abwehr|faust)|leopard|marder|abrams"),
        test="Oslo bat um Kampfpanzer.",
    ),
    Detail(
        name="air defence",
        types=_ASKED | _MEETS,
        pattern=_words(r"(?:luft|flug|raketen)abwehr|patriot|iris-t"),
        test="Oslo bat um Patriot-Systeme.",
    ),
    Detail(
        name="aircraft",
        types=_ASKED | _MEETS,
        pattern=_words(r"kampfjet|kampffl(?:ug|ieg)|f-16|mirage"),
        test="Oslo bat um Kampfjets.",
    ),
    Detail(
        name="missiles",
        types=_ASKED | _MEETS,
        pattern=_words(r"marschflugkörper|taurus|atacms|storm shadow"),
        test="Oslo bat um Marschflugkörper.",
    ),
    Detail(
        name="ammunition",
        types=_ASKED | _MEETS,
        pattern=_words(r"munition|granaten"),
        test="Oslo bat um Munition.",
    ),
    Detail(
        name="sanctions",
        types=_ANY | _CARRIED_OUT,
        pattern=_words(r"sanktion|strafmaßnahm"),
        test="Oslo drohte mit Sanktionen.",
    ),
    Detail(
        name="banks",
        types=_ANY | _CARRIED_OUT,
        pattern=_words(r"\bswift\b|zahlungsverkehr"),
        test="Oslo forderte den Ausschluss aus Swift.",
    ),
    Detail(
        name="energy",
        types=_ANY | _CARRIED_OUT,
        pattern=_words(r"nord stream|pipeline|\b(?:öl|gas|energie|kohle)"),
        test="Oslo forderte ein Embargo gegen Öl.",
    ),
    Detail(
        name="nuclear",
        types=_ANY,
        pattern=_words(r"atom(?!-?deal|abkommen)|nuklear"),
        test="Oslo drohte mit Atomwaffen.",
    ),
    Detail(
        name="for an attack",
        types=_THREAT,
        pattern=_words(r"angriff|einmarsch|einmarschier|invasion|aggress|feindlich|\beinfällt|überfall"),
        test="Oslo warnte für den Fall eines Angriffs.",
    ),
    Detail(
        name="for arms",
        types=_THREAT,
        pattern=_words(r"\b(?:\w+)?lieferung|\bliefer[nt]|geliefert"),
        test="Oslo warnte vor Waffenlieferungen.",
    ),
    Detail(
        name="for taking land",
        types=_THREAT,
        pattern=_words(r"\banerkenn|annexion|annekt|einverleib|referend"),
        test="Oslo warnte vor einer Annexion.",
    ),
)
"""What is asked for, until when, and what a threat is for."""


FIGURE = re.compile(r"\d{1,3}(?:\.\d{3})+")
"""How many there are, as "150.000 Soldaten", is a detail, too: with another figure it is news."""


@functools.lru_cache(4096)
def about(event_type: EventType, quote: str) -> frozenset[str]:
    """The names of the issues and details that a sentence has; nothing where it has no issue.

    >>> sorted(about(EventType.REQUEST, "Oslo bat Rom erneut um Panzer."))
    ['arms', 'tanks']
    """
    issues = [row.name for row in ISSUES if event_type in row.types | row.ends and row.pattern.search(quote)]
    if not issues:
        return frozenset()
    details = [row.name for row in DETAILS if event_type in row.types and row.pattern.search(quote)]
    return frozenset((*issues, *details, *FIGURE.findall(quote)))
