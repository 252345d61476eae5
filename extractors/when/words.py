"""German words for days, months, seasons, feasts and numbers, and what they stand for."""

from __future__ import annotations

from types import MappingProxyType

WEEKDAYS = MappingProxyType(
    {
        "montag": 0, "dienstag": 1, "mittwoch": 2, "donnerstag": 3, "freitag": 4, "samstag": 5, "sonnabend": 5,
        "sonntag": 6,
    }
)  # fmt: skip
MONTHS = MappingProxyType(
    {
        "januar": 1, "jänner": 1, "jan": 1, "februar": 2, "feber": 2, "feb": 2, "märz": 3, "april": 4, "apr": 4,
        "mai": 5, "juni": 6, "jun": 6, "juli": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9,
        "oktober": 10, "okt": 10, "november": 11, "nov": 11, "dezember": 12, "dez": 12,
    }
)  # fmt: skip
SEASONS = MappingProxyType({"frühjahr": 3, "frühling": 3, "frühsommer": 6, "sommer": 6, "hochsommer": 6,
                             "spätsommer": 6, "frühherbst": 9, "herbst": 9, "spätherbst": 9, "winter": 12})  # fmt: skip
"""First of its three months; winter runs into the next year."""
NUMBERS = MappingProxyType(
    {
        "ein": 1, "eine": 1, "einem": 1, "einer": 1, "einen": 1, "zwei": 2, "zweier": 2, "beiden": 2, "drei": 3,
        "dreier": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "elf": 11,
        "zwölf": 12, "dreizehn": 13, "vierzehn": 14, "fünfzehn": 15, "sechzehn": 16, "siebzehn": 17, "achtzehn": 18,
        "neunzehn": 19, "zwanzig": 20, "dreißig": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60, "siebzig": 70,
        "achtzig": 80, "neunzig": 90, "hundert": 100,
    }
)  # fmt: skip
DECADES = MappingProxyType(
    {
        "zwanziger": 20, "dreißiger": 30, "vierziger": 40, "fünfziger": 50, "sechziger": 60, "siebziger": 70,
        "achtziger": 80, "neunziger": 90,
    }
)  # fmt: skip
ORDINALS = MappingProxyType(
    {"ersten": 1, "erste": 1, "zweiten": 2, "dritten": 3, "vierten": 4, "fünften": 5, "sechsten": 6, "siebten": 7,
     "achten": 8, "neunten": 9, "zehnten": 10}
)  # fmt: skip
FIXED_DAYS = MappingProxyType(
    {
        "silvester": (12, 31), "silvesternacht": (12, 31), "silvesterabend": (12, 31), "neujahrsnacht": (1, 1), "neujahrsmorgen": (1, 1),
        "neujahr": (1, 1), "neujahrstag": (1, 1), "heiligabend": (12, 24),
        "tag des sieges": (5, 9), "tag der deutschen einheit": (10, 3), "jahreswechsel": (1, 1),
        "tag der arbeit": (5, 1), "allerheiligen": (11, 1), "nikolaustag": (12, 6),
    }
)  # fmt: skip
EASTER_DAYS = MappingProxyType(
    {
        "gründonnerstag": -3, "karfreitag": -2, "karsamstag": -1, "ostersonntag": 0, "ostermontag": 1,
        "christi himmelfahrt": 39, "pfingstsonntag": 49, "pfingstmontag": 50, "fronleichnam": 60, "aschermittwoch": -46,
        "rosenmontag": -48,
    }
)  # fmt: skip
EASTER_SPANS = MappingProxyType({"ostern": (-2, 1), "pfingsten": (49, 50), "osterwochenende": (-2, 1)})
