"""Which organisations meet within themselves, and which states meet in them."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

BODIES = frozenset("NATO EU OSCE UN G7 G20 IAEA CSTO CIS WEU COE BRICS EAEU AU OPEC WEST".split())
"""those that meet within themselves: "der EU-Gipfel" has its parties in one name"""
OF_THE_EU = frozenset(
    "AUT BEL BGR HRV CYP CZE DNK EST FIN FRA DEU GRC HUN IRL ITA LVA LTU LUX MLT NLD POL PRT ROU SVK SVN ESP SWE".split()
)
_MEMBERS = MappingProxyType(
    {
        "EU": OF_THE_EU,
        "NATO": frozenset(
            "ALB BEL BGR CAN CZE DEU DNK ESP EST FRA GBR GRC HRV HUN ISL ITA LTU LUX LVA MKD MNE NLD NOR POL PRT ROU SVK SVN TUR USA".split()
        ),
        "G7": frozenset("CAN DEU FRA GBR ITA JPN USA".split()),
    }
)  # fmt: skip
"""who meets in a body"""
_JOINED = MappingProxyType({"FIN": date(2023, 4, 4), "SWE": date(2024, 3, 7)})
"""days from which states are members of the NATO"""


def is_member(state: str, body: str, on: date) -> bool:
    """Whether a state meets in a body.

    >>> is_member("FIN", "NATO", date(2022, 6, 29)), is_member("FIN", "NATO", date(2024, 7, 10)), is_member("JPN", "G7", date(2022, 6, 29))
    (False, True, True)
    """
    return state in _MEMBERS.get(body, ()) or (body == "NATO" and state in _JOINED and _JOINED[state] <= on)
